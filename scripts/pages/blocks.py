"""The pages, and what stands between their marks."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from scripts.pages import benchmark, dbml, diagram, dictionary, licences, links, official, prices, tables
from scripts.pages.catalogue import ROOT, Stream, streams

BLOCKS: Final[Mapping[str, Callable[[Sequence[Stream]], str]]] = {
    "streams": tables.of_streams,
    "streams with links": tables.of_streams_with_links,
    "permissions": tables.of_permissions,
    "list of permissions": tables.list_of_permissions,
    "diagram": diagram.mermaid,
    "references": diagram.of_references,
    "data dictionary": dictionary.sections,
    "suggested streams": tables.suggested,
    "prices": prices.of_a_large_workspace,
    "masking": tables.of_masking,
    "official: streams": official.of_streams,
    "official: columns": official.of_columns,
    "official: types": official.of_types,
    "official: breaking": official.of_breaking,
    "official: steps": official.of_steps,
    "licences": licences.of_the_image,
    "benchmark": benchmark.in_three_figures,
}

MARKED: Final = re.compile(
    r"^(?P<indent> *)(?P<begin>(?:<!--|#) make pages: (?P<name>.+?)(?: -->)?)\n"
    r".*?"
    r"^ *(?P<end>(?:<!--|#) /make pages(?: -->)?)$",
    re.DOTALL | re.MULTILINE,
)


def pages() -> dict[Path, str]:
    """Every page with marks, and the files that are made whole, as they should be."""
    catalogue = streams()
    made = {name: block(catalogue) for name, block in BLOCKS.items()}
    paths = [ROOT / "README.md", ROOT / "metadata.yaml", *sorted((ROOT / "docs").glob("*.md"))]
    found = {path: path.read_text(encoding="utf-8") for path in paths}
    return {
        **{
            path: renewed(text, {**made, "links": links.definitions(text)})
            for path, text in found.items()
            if "make pages: " in text
        },
        ROOT / "docs" / "streams.dbml": dbml.document(catalogue),
        **benchmark.drawn(),
    }


def renewed(page: str, made: Mapping[str, str]) -> str:
    """The page with the blocks of today between its marks.

    :raises ValueError: if a mark has no end
    :raises KeyError: if a block has no such name
    """

    def block(mark: re.Match[str]) -> str:
        # In Markdown a table begins after an empty line.
        empty = [""] if mark["begin"].startswith("<!--") else []
        lines = [mark["begin"], *empty, *made[mark["name"]].splitlines(), *empty, mark["end"]]
        return "\n".join(f"{mark['indent']}{line}".rstrip() for line in lines)

    text, number = MARKED.subn(block, page)
    if number != page.count(" make pages: "):
        raise ValueError("A mark has no end, or does not stand on a line of its own.")
    return text
