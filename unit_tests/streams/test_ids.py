import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.streams.ids import id_cast

SCHEMA = {
    "properties": {
        "id": {"type": "string"},
        "owner_id": {"type": ["null", "string"]},
        "team_ids": {"type": ["null", "array"], "items": {"type": ["null", "string"]}},
        "count": {"type": ["null", "integer"]},
        "author": {"type": ["null", "object"], "properties": {"id": {"type": ["null", "string"]}}},
        "parts": {
            "type": ["null", "array"],
            "items": {
                "type": ["null", "object"],
                "properties": {"id": {"type": "string"}, "author": {"properties": {"id": {"type": "string"}}}},
            },
        },
        "custom_attributes": {"type": ["null", "object"], "additionalProperties": True},
    }
}


def cast(record: dict[str, Any]) -> dict[str, Any]:
    id_cast(SCHEMA)(record)
    return record


@pytest.mark.parametrize(
    ("sent", "emitted"),
    [
        ({"id": 1}, {"id": "1"}),
        ({"id": "1"}, {"id": "1"}),
        ({"id": 215474207061545}, {"id": "215474207061545"}),
        ({"id": "0042"}, {"id": "0042"}),
        ({"owner_id": 0}, {"owner_id": "0"}),
        ({"owner_id": None}, {"owner_id": None}),
        ({"team_ids": [1, "2", None]}, {"team_ids": ["1", "2", None]}),
        ({"team_ids": []}, {"team_ids": []}),
        ({"author": {"id": 1, "count": 2}}, {"author": {"id": "1", "count": 2}}),
        ({"author": None}, {"author": None}),
        ({"author": "a bot"}, {"author": "a bot"}),
        ({"parts": [{"id": 1, "author": {"id": 2}}, None]}, {"parts": [{"id": "1", "author": {"id": "2"}}, None]}),
        ({"parts": {"id": 1}}, {"parts": {"id": 1}}),
    ],
)
def test_integer_ids_become_text(sent: dict[str, Any], emitted: dict[str, Any]) -> None:
    assert cast(sent) == emitted


@pytest.mark.parametrize(
    "record", [{"count": 1}, {"unknown_id": 1}, {"custom_attributes": {"id": 1, "Owner_id": 2}}, {"id": True}, {}]
)
def test_nothing_else_is_touched(record: dict[str, Any]) -> None:
    assert cast(copy.deepcopy(record)) == record


def test_a_schema_without_ids_casts_nothing() -> None:
    record = {"id": 1}
    id_cast({"properties": {"name": {"type": "string"}}})(record)
    id_cast({})(record)
    assert record == {"id": 1}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*SCHEMA["properties"], "x"]), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*SCHEMA["properties"], "x"]), values))
def test_any_shape_passes_and_a_second_cast_changes_nothing(record: dict[str, Any]) -> None:
    once = cast(record)
    assert cast(copy.deepcopy(once)) == once
    assert not isinstance(once.get("id"), int) or isinstance(once["id"], bool)
