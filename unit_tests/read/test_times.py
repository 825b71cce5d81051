"""Times as text: what is declared, and what is printed."""

import copy
from typing import Any

import pytest

from source_intercom.read.times import with_text, writer
from unit_tests.contracts import STREAMS
from unit_tests.schemas.contracts import load


def optional(kind: str, **words: Any) -> dict[str, Any]:
    return {"type": ["null", kind], **words}


def moment(**words: Any) -> dict[str, Any]:
    return optional("integer", **{"x-time": True}, description="When it was, in Unix seconds.", **words)


PART = {"id": optional("string"), "seen_at": moment()}
SCHEMA: dict[str, Any] = {
    "description": "Things.",
    "x-primary-key": ["id"],
    "properties": {
        "id": {"type": "string"},
        "count": optional("integer"),
        "updated_at": moment(),
        "closings": optional("array", items=moment()),
        "author": optional("object", properties=PART),
        "parts": optional("object", properties={"data": optional("array", items=optional("object", properties=PART))}),
        "tags": optional("array", items=optional("object", properties={"id": optional("string")})),
    },
}
ROW: dict[str, Any] = {
    "id": "1",
    "count": 1_700_000_000,
    "updated_at": 1_706_702_400,
    "closings": [0, -1_000_000_000],
    "author": {"id": "2", "seen_at": 951_782_399},
    "parts": {"data": [{"seen_at": 4_102_444_800, "signed_at": 5}, {"id": "3", "seen_at": None}]},
    "tags": [{"id": "4"}],
    "other": {"seen_at": 6},
}


def written(row: dict[str, Any]) -> dict[str, Any]:
    write = writer(SCHEMA)
    assert write
    result: dict[str, Any] = write(row)
    return result


def test_times_are_text_wherever_the_schema_declares_them() -> None:
    assert written(ROW) == {
        "id": "1",
        "count": 1_700_000_000,
        "updated_at": "2024-01-31T12:00:00Z",
        "closings": ["1970-01-01T00:00:00Z", "1938-04-24T22:13:20Z"],
        "author": {"id": "2", "seen_at": "2000-02-28T23:59:59Z"},
        "parts": {
            "data": [{"seen_at": "2100-01-01T00:00:00Z", "signed_at": 5}, {"id": "3", "seen_at": None}],
        },
        "tags": [{"id": "4"}],
        "other": {"seen_at": 6},
    }


def test_a_row_is_left_as_it_was_and_what_has_no_time_is_handed_on() -> None:
    row = copy.deepcopy(ROW)
    text = written(row)
    assert row == ROW
    assert text["tags"] is row["tags"]
    assert writer({"properties": {"id": {"type": "string"}}}) is None


@pytest.mark.parametrize("value", [None, "soon", True, 1.5, {}, []])
def test_what_is_no_second_is_handed_on(value: object) -> None:
    odd = dict.fromkeys(ROW, value)
    assert written(odd) == odd


def test_times_are_declared_as_timestamps_with_a_time_zone() -> None:
    declared = with_text(SCHEMA)
    text = {"format": "date-time", "airbyte_type": "timestamp_with_timezone", "x-time": True}
    moment_as_text = {"type": ["null", "string"], "description": "When it was.", **text}
    fields = declared["properties"]
    assert fields["updated_at"] == fields["closings"]["items"] == moment_as_text
    assert fields["author"]["properties"]["seen_at"] == moment_as_text
    assert fields["parts"]["properties"]["data"]["items"]["properties"]["seen_at"] == moment_as_text
    for name in ("id", "count", "tags"):
        assert fields[name] == SCHEMA["properties"][name]
    assert with_text({**moment(), "type": "integer"})["type"] == "string"


@pytest.mark.parametrize("stream", STREAMS)
def test_no_field_of_a_stream_is_declared_in_seconds_and_as_text(stream: str) -> None:
    declared = str(with_text(load(stream)))
    assert "Unix seconds" not in declared
    assert declared.count("'x-time'") == declared.count("'date-time'") == str(load(stream)).count("'x-time'")
