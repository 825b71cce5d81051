"""Bodies that strict JSON refuses; whatever is read of them can be printed."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from source_intercom.api.bodies import json_object, replaced_in
from source_intercom.api.lenient import loads
from unit_tests.builders import response


def read(content: bytes) -> tuple[Any, int]:
    """What is read of an answer, and how much was replaced."""
    answer = response(200)
    answer._content = content
    return json_object(answer), replaced_in(answer)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"\ud83d", "\ufffd"),
        (r"\uD83D", "\ufffd"),
        (r"\ude00", "\ufffd"),
        (r"cut \ud83d", "cut \ufffd"),
        (r"\ud83dx\ude00", "\ufffdx\ufffd"),
        (r"\ude00\ud83d", "\ufffd\ufffd"),
        (r"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
        (r"\ud83d\u0041", "\ufffdA"),
        (r"\\ud83d \ud83d", r"\ud83d " + "\ufffd"),
        (r"\\\ud83d", "\\\ufffd"),
    ],
)
def test_half_a_character_becomes_a_replacement_character(text: str, value: str) -> None:
    assert read(b'{"name": "%b"}' % text.encode()) == ({"name": value}, value.count("\ufffd"))


def test_names_of_fields_are_mended_too() -> None:
    assert read(rb'{"\ud83d": 1}') == ({"\ufffd": 1}, 1)


@pytest.mark.parametrize(
    ("content", "value", "replaced"),
    [
        (b'\xef\xbb\xbf{"a": "\xc3\xa9"}', {"a": "é"}, 0),
        ('{"a": "é"}'.encode("utf-16"), {"a": "é"}, 0),
        ('{"a": "é"}'.encode("utf-32"), {"a": "é"}, 0),
        (b'{"a": "\xff \xef\xbf\xbd"}', {"a": "\ufffd \ufffd"}, 1),
        (b'{"a": "\x00 \t \n \x1f"}', {"a": "\x00 \t \n \x1f"}, 0),
        (b'{"a": [NaN, Infinity, -Infinity, 1e999, 1]}', {"a": [None, None, None, None, 1]}, 4),
        (b'{"a": NaN, "b": %b}' % (b"9" * 5000), {"a": None, "b": None}, 2),
        (b'{"a": 1e999, "b": [%d, %d]}' % (2**64, -(2**70)), {"a": None, "b": [2.0**64, -(2.0**70)]}, 1),
        (b'{"a": 1e999, "b": [%d, %d]}' % (2**64 - 1, -(2**63)), {"a": None, "b": [2**64 - 1, -(2**63)]}, 1),
        (b'{"a": 1e999, "b": 1, "b": 2}', {"a": None, "b": 2}, 1),
    ],
)
def test_what_real_bodies_hold_is_read(content: bytes, value: Any, replaced: int) -> None:
    assert read(content) == (value, replaced)


@pytest.mark.parametrize(
    "content",
    [b'{"a": "\xff', b'{"a": 1', b"<html>\xff</html>", b'{"a": "\\ud83d"', b"\xef\xbb\xbf", b"{'a': 1}"],
)
def test_what_is_cut_off_or_no_json_is_still_none(content: bytes) -> None:
    assert read(content) == (None, 0)


def nested(levels: int) -> bytes:
    return b'{"a": NaN, "b": %b%b}' % (b"[" * levels, b"]" * levels)


def test_what_lies_too_deep_is_cut_off() -> None:
    value, replaced = loads(nested(500))
    assert replaced == 2
    assert orjson.dumps({"type": "RECORD", "record": {"data": value}})


@pytest.mark.parametrize("levels", [5_000, 100_000])
def test_no_nesting_is_too_deep_to_say_that_it_is(levels: int) -> None:
    value, _ = read(nested(levels))  # cut off where it lies too deep, or none, whichever Python reads it
    assert orjson.dumps(value)
    assert read(b"[" * levels) == (None, 0)


TEXT = st.text(st.characters())
"""With halves of characters."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@given(JSON)
@example("\ud800")
@example([2**64, -(2**63) - 1, float("nan"), 10**400])
def test_whatever_is_read_can_be_printed(value: Any) -> None:
    content = json.dumps({"data": value}).encode()
    body, _ = read(content)
    assert body is not None
    assert orjson.loads(orjson.dumps(body)) == body
    assert loads(content)[0] == body


@given(st.binary())
@example(b"\xff\xfe")
@example(b"\x00")
def test_no_bytes_make_reading_fail(content: bytes) -> None:
    value, replaced = loads(content)
    assert replaced >= 0
    orjson.dumps(value)
