"""What `make pages` makes of the streams: no page is stale, and a stream that is added comes into all of them."""

import importlib.metadata
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts import lock
from scripts.pages import blocks, dbml, diagram, dictionary, licences, links, tables
from scripts.pages.catalogue import Stream, references, streams
from source_intercom.streams import STREAMS, SUGGESTED
from unit_tests import builders
from unit_tests.pages import ROOT, read

PAGES = blocks.pages()

ID: dict[str, Any] = {"type": "string", "description": "Id."}


def stream(name: str, /, cursor: str = "", key: str = "id", **fields: Any) -> Stream:
    """A stream of which nobody has heard."""
    schema = {
        "description": "One whim.",
        "x-documented-at": "https://developers.intercom.com/whims",
        "x-primary-key": key.split(),
        "required": key.split(),
        "properties": {**dict.fromkeys(key.split(), ID), **fields},
    }
    return Stream(name, "Read whims", cursor, True, schema)


def optional(kind: str, description: str = "x", /, **more: Any) -> dict[str, Any]:
    return {"type": ["null", kind], "description": description, **more}


# The pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_is_stale(page: Path) -> None:
    assert page.exists(), "run: make pages"
    assert read(page) == PAGES[page], "run: make pages"


def test_every_block_stands_in_a_page() -> None:
    marks = [match["name"] for page in PAGES for match in blocks.MARKED.finditer(read(page))]
    assert sorted(mark for mark in marks if mark != "links") == sorted(blocks.BLOCKS)


def test_the_streams_are_those_of_the_catalogue() -> None:
    shared = builders.context()
    made = [kind(shared) for kind in STREAMS]
    assert [(one.name, one.permission, one.cursor or [], one.key) for one in streams()] == [
        (one.name, one.permission, one.cursor_field, one.primary_key) for one in made
    ]


def test_the_suggested_streams_are_those_of_the_metadata() -> None:
    metadata = yaml.safe_load(read(ROOT / "metadata.yaml"))
    names = [one.name for kind, one in zip(STREAMS, streams(), strict=True) if kind in SUGGESTED]
    assert metadata["data"]["suggestedStreams"]["streams"] == names
    assert set(SUGGESTED) <= set(STREAMS)


def test_the_licences_are_those_of_the_versions_in_the_image() -> None:
    """What an older version that is installed here declares is not asked."""
    others = {name for name, version in lock.of_the_image().items() if importlib.metadata.version(name) != version}
    assert others <= licences.OTHERWISE.keys()


# Marks


def test_what_stands_between_two_marks_is_replaced_and_nothing_else() -> None:
    page = "a\n<!-- make pages: x -->\nold\n\nold\n<!-- /make pages -->\nb\n"
    new = "a\n<!-- make pages: x -->\n\nnew\n\n<!-- /make pages -->\nb\n"
    assert blocks.renewed(page, {"x": "new"}) == new
    assert blocks.renewed(new, {"x": "new"}) == new


def test_a_page_may_have_several_blocks_with_indentation() -> None:
    page = "streams:\n  # make pages: x\n  # /make pages\nother:\n  # make pages: y\n  - old\n  # /make pages\n"
    new = "streams:\n  # make pages: x\n  - a\n  - b\n  # /make pages\nother:\n  # make pages: y\n  # /make pages\n"
    assert blocks.renewed(page, {"x": "- a\n- b", "y": ""}) == new


@pytest.mark.parametrize(
    "page", ["<!-- make pages: x -->\n", "see <!-- make pages: x -->\n<!-- /make pages -->\n", "# make pages: x\nold\n"]
)
def test_a_mark_without_an_end_or_a_line_of_its_own_is_an_error(page: str) -> None:
    with pytest.raises(ValueError, match=r"^A mark "):
        blocks.renewed(page, {"x": "new"})


def test_a_block_that_nobody_makes_is_an_error() -> None:
    with pytest.raises(KeyError):
        blocks.renewed("<!-- make pages: y -->\n<!-- /make pages -->\n", {"x": "new"})


# A stream that is added


WHIMS = stream("whims", cursor="updated_at", updated_at=optional("integer"))


SOME = ("prices", "masking", "licences", "benchmark", *(name for name in blocks.BLOCKS if "official" in name))
"""Blocks of the streams with a class, with such a column, that Airbyte's own has, or of none."""

ANY = sorted(blocks.BLOCKS.keys() - SOME)


@pytest.mark.parametrize("name", ANY)
def test_a_stream_that_is_added_comes_into_every_block(name: str) -> None:
    holder = stream("holders", whim_id=optional("string", **{"x-refers-to": ["whims"]}))
    made = blocks.BLOCKS[name]([WHIMS, holder])
    assert re.search(r"\bwhims\b", made)
    assert re.search(r"\bholders\b", made)


def test_its_row_says_what_it_is_how_it_is_read_and_where_it_is_documented() -> None:
    assert tables.of_streams([WHIMS]).splitlines()[2:] == [
        "| whims | one whim | full refresh, incremental | updated_at | id |"
    ]
    assert tables.of_streams_with_links([stream("moods", key="owner name")]).splitlines()[2:] == [
        "| [moods](https://developers.intercom.com/whims) | one whim | full refresh | \N{EN DASH} | owner, name |"
    ]


def test_streams_with_one_permission_share_a_row() -> None:
    assert tables.of_permissions([WHIMS, stream("moods")]).splitlines()[2:] == ["| Read whims | whims, moods |"]
    assert tables.list_of_permissions([WHIMS, stream("moods")]) == "- *Read whims*, for whims, moods"


def test_streams_whose_permission_has_no_known_name_share_a_row_that_says_so() -> None:
    unnamed = [replace(stream(name), permission="") for name in ("moods", "fads")]
    assert tables.of_permissions(unnamed).splitlines()[2:] == [f"| {tables.UNNAMED} | moods, fads |"]
    assert tables.list_of_permissions(unnamed) == f"- {tables.UNNAMED}, for moods, fads"


def test_columns_to_mask_are_those_with_addresses_or_bodies_however_deep() -> None:
    author = optional("object", properties={"email": optional("string"), "name": optional("string")})
    inner = {"body_text": optional("string"), "rating_remark": optional("string"), "author": author}
    parts = optional("array", items=optional("object", properties=inner))
    letter = stream(
        "letters", author=author, subject=optional("string"), parts=parts, last_email_at=optional("integer")
    )
    assert tables.of_masking([WHIMS, letter]).splitlines()[2:] == ["| letters | author, parts | subject, parts |"]


def test_a_page_names_where_its_links_lead() -> None:
    page = "[a b][docs/x.md#y] [c][Issues]\n[d][docs/x.md#y] [e](https://x.test) `f[][]`"
    assert links.definitions(page).splitlines() == [
        f"[Issues]: {links.urls()['Issues']}",
        f"[docs/x.md#y]: {links.urls()['Repository']}/docs/x.md#y",
    ]


def test_a_bar_does_not_end_a_cell() -> None:
    assert tables.table(["a"], [["x|y"]]) == "| a |\n|---|\n| x\\|y |"


# References


def test_references_to_streams_that_are_not_there_are_left_out() -> None:
    holder = stream("holders", whim_id=optional("string", **{"x-refers-to": ["moods", "whims"]}))
    assert [(one.path, one.targets) for one in references([WHIMS, holder])] == [("whim_id", ("whims",))]
    assert references([holder]) == []


@pytest.mark.parametrize(
    ("fields", "sign", "ref"),
    [
        ({"whim_id": optional("string", **{"x-refers-to": ["whims"]})}, "|o--o{", "> whims.id"),
        (
            {"whim_ids": optional("array", items=optional("string"), **{"x-refers-to": ["whims"]})},
            "}o--o{",
            "<> whims.id",
        ),
        ({"id": {**ID, "x-refers-to": ["whims"]}}, "|o--o|", "- whims.id"),
    ],
)
def test_the_diagram_says_how_many_rows_belong_together(fields: Any, sign: str, ref: str) -> None:
    holder = stream("holders", **fields)
    (name,) = fields
    assert f'whims {sign} holders : "{name}"' in diagram.mermaid([WHIMS, holder])
    assert f"Ref: holders.{name} {ref}\n" in dbml.document([WHIMS, holder])


def test_rows_that_always_belong_to_one_say_so() -> None:
    part = stream("parts", key="whim_id name", whim_id={**ID, "x-refers-to": ["whims"]})
    assert 'whims ||--o{ parts : "whim_id"' in diagram.mermaid([WHIMS, part])
    assert "string whim_id PK, FK\n" in diagram.mermaid([WHIMS, part])
    assert "(whim_id, name) [pk]" in dbml.document([WHIMS, part])


# Columns


def test_texts_in_dbml_may_hold_quotes() -> None:
    assert r"note: 'The owner\'s \\ name.'" in dbml.document(
        [stream("a", name=optional("string", r"The owner's \ name."))]
    )


def test_fields_inside_a_column_are_drawn_where_they_refer_to_another_stream() -> None:
    inside = {"id": optional("string", **{"x-refers-to": ["whims"]}), "name": optional("string")}
    holder = stream("holders", whim=optional("object", properties=inside))
    document = dbml.document([WHIMS, holder])
    assert '"whim.id" string [' in document
    assert "whim.name" not in document


def test_the_dictionary_has_every_field_with_its_type_and_its_part_in_the_stream() -> None:
    items = {"type": ["null", "object"], "properties": {"whim_id": optional("string", **{"x-refers-to": ["whims"]})}}
    lists = {"type": ["null", "string", "array"], "description": "Some.", "items": items}
    made = dictionary.sections([WHIMS, stream("holders", lists=lists)])
    assert "| `id` | string | Id. **Primary key.** |" in made
    assert "| `updated_at` | integer | x **Cursor.** |" in made
    assert "| `lists` | string or array of objects | Some. |" in made
    assert "| `lists[].whim_id` | string | x Refers to [whims](#whims). |" in made
