"""The connection form as Airbyte draws it, as a page of our own."""

import json
from pathlib import Path
from string import Template
from typing import Any

_PAGE = Path(__file__).with_name("form.html")


def write(page: Path, spec: dict[str, Any], *, own_app: bool) -> None:
    """Writes the form of a specification, for an instance whose users bring an app of their own or one that has one."""
    texts = {"spec": json.dumps(spec), "options": json.dumps({"ownApp": own_app})}
    escaped = {name: text.replace("</", r"<\/") for name, text in texts.items()}
    page.write_text(Template(_PAGE.read_text()).substitute(escaped))
