"""Rows keep to the schema of their stream."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.read.coercion import of_required_fields, row_coercion


def optional(kind: str, **words: Any) -> dict[str, Any]:
    return {"type": ["null", kind], **words}


OBJECT = {
    "id": optional("string"),
    "label": optional("string"),
    "seen_at": optional("integer", **{"x-time": True}),
}
SCHEMA: dict[str, Any] = {
    "x-primary-key": ["id"],
    "required": ["id", "updated_at"],
    "properties": {
        "id": {"type": "string"},
        "updated_at": optional("integer", **{"x-time": True}),
        "owner_id": optional("string"),
        "team_ids": optional("array", items=optional("string")),
        "name": optional("string"),
        "count": optional("integer"),
        "share": optional("number"),
        "open": optional("boolean"),
        "avatar": optional("string", **{"x-text-of": "image_url"}),
        "author": optional("object", properties=OBJECT),
        "parts": optional("array", items=optional("object", properties=OBJECT)),
        "value": {"type": ["null", "string", "array"], "items": optional("string")},
        "custom_attributes": optional("object", additionalProperties=True),
    },
}
DECLARED = list(SCHEMA["properties"])


def ignored(path: str) -> None:
    """Misfits that a test does not look at."""


def coerced(row: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The row, and the paths of what did not fit."""
    misfits: list[str] = []
    row_coercion(SCHEMA, misfits.append)(row)
    row.pop("updated_at", None)
    return row, misfits


@pytest.mark.parametrize(
    ("sent", "emitted"),
    [
        ({"id": 1}, {"id": "1"}),
        ({"id": "0042"}, {"id": "0042"}),
        ({"owner_id": 0}, {"owner_id": "0"}),
        ({"owner_id": None}, {"owner_id": None}),
        ({"team_ids": [1, "2", None]}, {"team_ids": ["1", "2", None]}),
        ({"count": "5", "share": "0.5", "open": "true"}, {"count": 5, "share": 0.5, "open": True}),
        ({"name": 5, "count": 5.0}, {"name": "5", "count": 5}),
        ({"share": 5}, {"share": 5}),
        ({"author": {"id": 1, "seen_at": 1_750_849_077_000}}, {"author": {"id": "1", "seen_at": 1_750_849_077}}),
        ({"author": {"seen_at": 0}}, {"author": {"seen_at": None}}),
        ({"parts": [{"id": 1}, None, {}]}, {"parts": [{"id": "1"}, None, {}]}),
        ({"value": [1, "a"]}, {"value": ["1", "a"]}),
        ({"value": 7}, {"value": "7"}),
        ({"avatar": "https://a.test/1.png"}, {"avatar": "https://a.test/1.png"}),
        ({"avatar": {"type": "avatar", "image_url": "https://a.test/1.png"}}, {"avatar": "https://a.test/1.png"}),
        ({"avatar": {"type": "avatar", "image_url": None}}, {"avatar": None}),
    ],
)
def test_values_become_the_type_of_their_field(sent: dict[str, Any], emitted: dict[str, Any]) -> None:
    assert coerced(sent) == (emitted, [])


@pytest.mark.parametrize(
    ("sent", "emitted", "path"),
    [
        ({"id": True}, {"id": None}, "id"),
        ({"count": "five"}, {"count": None}, "count"),
        ({"count": True}, {"count": None}, "count"),
        ({"count": 2**63}, {"count": None}, "count"),
        ({"name": {"first": "A"}}, {"name": None}, "name"),
        ({"author": "a bot"}, {"author": None}, "author"),
        ({"author": []}, {"author": None}, "author"),
        ({"author": {"seen_at": "soon"}}, {"author": {"seen_at": None}}, "author.seen_at"),
        ({"parts": {"id": 1}}, {"parts": None}, "parts"),
        ({"parts": [{"id": [1]}]}, {"parts": [{"id": None}]}, "parts[].id"),
        ({"parts": ["a"]}, {"parts": [None]}, "parts[]"),
        ({"team_ids": [{}]}, {"team_ids": [None]}, "team_ids[]"),
        ({"team_ids": 1}, {"team_ids": None}, "team_ids"),
        ({"value": {"a": 1}}, {"value": None}, "value"),
        ({"value": [{}]}, {"value": [None]}, "value[]"),
        ({"avatar": {"image_url": []}}, {"avatar": None}, "avatar"),
        ({"avatar": []}, {"avatar": None}, "avatar"),
        ({"custom_attributes": "none"}, {"custom_attributes": None}, "custom_attributes"),
    ],
)
def test_what_cannot_become_it_is_null_and_told_by_its_path(
    sent: dict[str, Any], emitted: dict[str, Any], path: str
) -> None:
    assert coerced(sent) == (emitted, [path])


@pytest.mark.parametrize(
    "row", [{"unknown_id": 1}, {"custom_attributes": {"id": 1, "seen_at": 0}}, {"author": {"other": {"id": 1}}}, {}]
)
def test_what_is_not_declared_stays_as_it_is(row: dict[str, Any]) -> None:
    assert coerced(copy.deepcopy(row)) == (row, [])


@pytest.mark.parametrize("row", [{}, {"id": None}, {"id": ""}, {"id": False}, {"id": {}}, {"id": 1.5}])
def test_a_row_without_its_key_is_none(row: dict[str, Any]) -> None:
    assert row_coercion(SCHEMA, ignored)(row) is False


@pytest.mark.parametrize("row", [{}, {"updated_at": None}, {"updated_at": "soon"}, {"updated_at": 0}])
def test_a_row_whose_time_is_unknown_comes_without_it(row: dict[str, Any]) -> None:
    row["id"] = "1"
    assert row_coercion(SCHEMA, ignored)(row) is True
    assert row == {"id": "1", "updated_at": None}


def test_of_a_row_that_is_only_passed_by_the_key_and_the_cursor_are_looked_at() -> None:
    misfits: list[str] = []
    row = {"id": 1, "updated_at": "1750849077", "count": "five"}
    assert row_coercion(of_required_fields(SCHEMA), misfits.append)(row) is True
    assert row == {"id": "1", "updated_at": 1_750_849_077, "count": "five"}
    assert misfits == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*DECLARED, "label", "seen_at", "x"]), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*DECLARED, "x"]), VALUES))
def test_a_row_that_fits_is_not_changed_any_more(row: dict[str, Any]) -> None:
    once, _ = coerced(row)
    assert coerced(copy.deepcopy(once)) == (once, [])
