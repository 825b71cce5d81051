"""Links into the repository from pages that are read on Airbyte's site, too, where relative ones lead nowhere.

Such a page names a file as `[text][docs/scale.md#what-a-sync-costs]`, or an address of `project.urls` in
`pyproject.toml` as `[text][Issues]`; a block at its end says where each of them is.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Final

from scripts.pages.catalogue import ROOT

NAMED: Final = re.compile(r"\]\[(?P<name>[\w./-]+(?:#[\w-]+)?)\]")


@cache
def urls() -> Mapping[str, str]:
    """The project's addresses, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: Mapping[str, str] = project["urls"]
    return found


def definitions(page: str) -> str:
    """Where all that a page names is, in Markdown."""
    names = sorted({match["name"] for match in NAMED.finditer(page)})
    return "\n".join(f"[{name}]: {urls().get(name, urls()['Repository'] + '/' + name)}" for name in names)
