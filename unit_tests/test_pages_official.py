"""What is compared with Airbyte's own connector, and what users are told to do about it."""

from dataclasses import replace
from typing import Any

import pytest

from scripts.pages import official
from scripts.pages.catalogue import Stream, streams
from scripts.pages.official import Theirs
from unit_tests import builders


def text(**more: Any) -> dict[str, Any]:
    return {"type": ["null", "string"], **more}


OURS = Stream(
    "whims",
    "Read whims",
    "updated_at",
    True,
    {
        "description": "One whim.",
        "x-primary-key": ["id"],
        "required": ["id"],
        "properties": {
            "id": {"type": "string"},
            "owner": {"type": ["null", "object"], "properties": {"id": text()}},
            "tags": {"type": ["null", "array"], "items": text()},
            "updated_at": text(**{"x-time": True}),
        },
    },
)
SAME = Theirs(
    "whims",
    "whims",
    ["id"],
    "updated_at",
    {"id": "string", "owner": "object", "tags": "array", "updated_at": "integer"},
    {},
)


def test_streams_that_are_declared_alike_do_not_differ() -> None:
    assert official.only_there(SAME, OURS) == []
    assert official.only_here(SAME, OURS) == []
    assert official.other_types(SAME, OURS) == []
    assert not official.is_breaking(SAME, OURS)


def test_columns_of_one_side_are_told_apart() -> None:
    their = replace(SAME, columns={"id": "string", "owner": "object", "mood": "string", "updated_at": "integer"})
    assert official.only_there(their, OURS) == ["mood"]
    assert official.only_here(their, OURS) == ["tags"]
    assert official.is_breaking(their, OURS)


def test_columns_that_are_only_here_break_nothing() -> None:
    assert not official.is_breaking(replace(SAME, columns={"id": "string"}), OURS)


def test_types_differ_of_columns_of_fields_inside_them_and_of_items() -> None:
    their = replace(
        SAME,
        columns={**SAME.columns, "id": "integer"},
        inside={"owner.id": "integer or string", "tags[]": "integer", "owner.gone": "string"},
    )
    assert official.other_types(their, OURS) == [
        ("id", "integer", "string"),
        ("owner.id", "integer or string", "string"),
        ("tags[]", "integer", "string"),
    ]
    assert official.is_breaking(their, OURS)


@pytest.mark.parametrize(
    "change", [{"name": "moods"}, {"key": []}, {"key": ["name"]}, {"cursor": ""}, {"cursor": "created_at"}]
)
def test_another_name_key_cursor_or_mode_breaks(change: dict[str, Any]) -> None:
    assert official.is_breaking(replace(SAME, **change), OURS)


# The facts, beside our catalog


@pytest.fixture(scope="module")
def ours() -> dict[str, Any]:
    """What `discover` says of each stream, with times as a config of 0.13.18 has them."""
    return {stream.name: stream for stream in builders.discovered()}


@pytest.mark.parametrize("their", official.theirs(), ids=lambda their: str(their.name))
def test_what_the_tables_say_of_us_is_what_discover_says(their: Theirs, ours: dict[str, Any]) -> None:
    (stream,) = [stream for stream in streams() if stream.name == their.here]
    discovered = ours[their.here]
    properties = discovered.json_schema["properties"]
    assert stream.modes == [mode.value.replace("_", " ") for mode in discovered.supported_sync_modes]
    assert [stream.cursor] == (discovered.default_cursor_field or [""])
    assert [[name] for name in stream.key] == discovered.source_defined_primary_key
    assert {*official.only_here(their, stream)} == properties.keys() - their.columns.keys()
    assert {*official.only_there(their, stream)} == their.columns.keys() - properties.keys()
    for path, there, here in official.other_types(their, stream):
        assert there != here
        if path in properties:
            assert properties[path]["type"] in (here, ["null", here])


def test_every_fact_about_a_field_inside_a_column_is_one_that_differs() -> None:
    by_name = {stream.name: stream for stream in streams()}
    for their in official.theirs():
        differing = {path for path, *_ in official.other_types(their, by_name[their.here])}
        assert their.inside.keys() <= differing


def test_the_facts_name_every_column_once() -> None:
    for name, fact in official.facts()["streams"].items():
        columns = [column for some in fact["columns"].values() for column in some]
        assert len(columns) == len(set(columns)), name
        assert {*fact["key"], *filter(None, [fact.get("cursor")])} <= set(columns), name


@pytest.mark.parametrize(
    ("change", "what", "step"),
    [
        ({"name": "moods"}, "its rows are in whims", "deselect it, and select whims"),
        (
            {"key": []},
            "key id, was none",
            "choose _Incremental, Append + Deduped_; refresh or clear its data",
        ),
        (
            {"cursor": "created_at"},
            "cursor updated_at, was created_at",
            "choose _Incremental, Append + Deduped_; refresh or clear its data",
        ),
    ],
)
def test_the_guide_says_what_to_do(change: dict[str, Any], what: str, step: str) -> None:
    assert official.change(replace(SAME, **change), OURS) == [what, step]


def test_the_guide_says_what_to_do_where_streams_are_read_whole() -> None:
    whole = replace(OURS, cursor="")
    assert official.change(SAME, whole) == ["no longer incremental", "choose _Full Refresh, Overwrite_"]
    assert official.change(replace(SAME, cursor="", key=["name"]), whole) == [
        "key id, was name",
        "with other modes than _Overwrite_, refresh or clear its data",
    ]
