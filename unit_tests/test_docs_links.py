"""The links between pages lead somewhere."""

import re
from pathlib import Path

import pytest

from scripts.pages.links import NAMED, urls
from unit_tests.pages import PAGE, README, ROOT, STREAMS_PAGE, read

OTHERS = {"node_modules", "build", "dist"}
PAGES = [
    page
    for page in sorted(ROOT.rglob("*.md"))
    if not any(part.startswith(".") or part in OTHERS for part in page.relative_to(ROOT).parts)
]


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The headings of a page, as GitHub links to them."""
    headings = re.findall(r"^#+ +(.+?)\s*$", re.sub(r"```.*?```", "", read(page), flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> list[str]:
    broken = []
    text = without_code(read(page))
    inline = [(link, page.parent) for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    named = [(match["name"], ROOT) for match in NAMED.finditer(text) if match["name"] not in urls()]
    for link, folder in inline + named:
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (folder / name).resolve() if name else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_links_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A title, with `code`\n[a](page.md) [b](#a-title-with-code) [c](https://x.test/y) `[d](nowhere.md)`\n"
        "[e](nowhere.md) [f](#nowhere) ![g](nowhere.png) [h\ni](page.md#nowhere)\n"
        "[j][README.md#streams] [k][README.md#nowhere] [l][Issues]\n",
        encoding="utf-8",
    )
    assert broken_links(page) == ["nowhere.md", "#nowhere", "nowhere.png", "page.md#nowhere", "README.md#nowhere"]


def test_the_pages_are_looked_at() -> None:
    assert {README, PAGE, STREAMS_PAGE} <= set(PAGES)
