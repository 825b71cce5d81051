import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.api.bodies import json_object
from unit_tests.builders import response


def test_a_json_object_is_read() -> None:
    assert json_object(response(200, {"data": []})) == {"data": []}


@pytest.mark.parametrize(
    "text", ["", " ", "<html><body>nginx</body></html>", '{"data": [{"id"', "[]", "7", '"text"', "null", "\xff"]
)
def test_a_body_that_is_no_json_object_is_none(text: str) -> None:
    assert json_object(response(200, text=text)) is None


def test_a_list_without_the_object_around_it_is_taken_where_it_may_come() -> None:
    bare = response(200, [{"id": "1"}])
    assert json_object(bare) is None
    assert json_object(bare, "teams") == {"teams": [{"id": "1"}]}
    assert json_object(response(200, {"teams": []}), "teams") == {"teams": []}


@given(st.binary())
def test_no_bytes_make_reading_fail(content: bytes) -> None:
    answer = response(200)
    answer._content = content
    body = json_object(answer)
    assert body is None or isinstance(body, dict)


def test_a_body_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = response(200, {"data": []})
    first = json_object(answer)
    monkeypatch.setattr("source_intercom.api.bodies.orjson", None)
    assert json_object(answer) is first


def test_a_broken_body_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = response(502, text="<html>")
    json_object(answer)
    monkeypatch.setattr("source_intercom.api.bodies.orjson", None)
    assert json_object(answer) is None


@given(st.dictionaries(st.text(), st.integers(-(2**63), 2**63 - 1) | st.text() | st.none()))
def test_every_object_is_read_as_it_is(value: dict[str, object]) -> None:
    try:
        text = orjson.dumps(value).decode()
    except orjson.JSONEncodeError:  # lone surrogates are no JSON
        return
    assert json_object(response(200, text=text)) == value
