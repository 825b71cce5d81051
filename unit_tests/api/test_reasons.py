import html
import json
from collections.abc import Iterator

import pytest
from airbyte_cdk.utils.airbyte_secrets_utils import update_secrets
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.api.errors import CODES, IntercomErrorHandler, TokenUse
from source_intercom.api.reasons import MAX_LENGTH, one_line, reason_of
from source_intercom.api.secrets import PIECE, hide
from unit_tests.builders import TOKEN, Json, error_list, response


@pytest.fixture(autouse=True)
def _hidden() -> Iterator[None]:
    hide([TOKEN])
    yield
    update_secrets([])


BODIES: list[tuple[object, str, str]] = [
    (error_list("unauthorized", "Access Token Invalid"), "unauthorized", "Access Token Invalid"),
    ({"errors": [{"code": "a", "message": "first"}, {"code": "b", "message": "second"}]}, "a", "first"),
    ({"errors": [None, {}, 7, [], {"code": "b", "message": "the first that says something"}]}, "b", "the first that"),
    ({"errors": [{"code": None, "message": "Not authorized"}]}, "", "Not authorized"),
    ({"errors": [{"code": {"a": 1}, "message": ["x"]}]}, "", ""),
    ({"errors": [{"code": "data_invalid"}]}, "data_invalid", "data_invalid"),
    ({"errors": [{"code": "data_invalid", "message": ""}]}, "data_invalid", "data_invalid"),
    ({"errors": {"name": "is wrong"}}, "", "name: is wrong"),
    ({"errors": {"code": "unauthorized", "message": "no"}}, "unauthorized", "no"),
    ({"errors": "text"}, "", "text"),
    ({"errors": ["text", "other"]}, "", "text"),
    ({"status": 400, "error": "There was a problem in the JSON"}, "", "There was a problem in the JSON"),
    ({"message": "Forbidden"}, "", "Forbidden"),
    ({"errors": None}, "", ""),
    ({"errors": []}, "", ""),
    ({"errors": 0}, "", ""),
    ({}, "", ""),
]


@pytest.mark.parametrize(("body", "code", "words"), BODIES)
def test_code_and_words_are_found_wherever_they_are(body: object, code: str, words: str) -> None:
    reason = reason_of(response(400, body))
    assert reason.code == code
    assert reason.words.startswith(words)
    assert bool(reason.words) == bool(words)


@pytest.mark.parametrize(
    ("body", "is_intercoms"),
    [
        (error_list("forbidden"), True),
        ({"type": "error.list", "errors": None}, True),
        ({"errors": ["text"]}, True),
        ({"message": "Forbidden"}, False),
        ({}, False),
        ([], False),
        ("text", False),
    ],
)
def test_only_a_list_of_errors_is_intercoms(body: object, is_intercoms: bool) -> None:
    assert reason_of(response(403, body)).is_intercoms == is_intercoms


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<html><head><title>Access denied</title></head><body>Your address is 203.0.113.9</body>", "Access denied"),
        ("<TITLE lang='en'>\n  Access\n  denied. </TITLE>", "Access denied"),
        ("<title>504 Gateway Time-out</title>", "Gateway Time-out"),
        ("<title></title><h1>Blocked &amp; gone</h1>", "Blocked & gone"),
        ("<html><body>secret text</body></html>", ""),
        ("<title", ""),
        ("upstream connect error", "upstream connect error"),
        ('{"cut off": "a name"', ""),
        ("one\ntwo\n", ""),
        ("x" * 500, ""),
        ("", ""),
    ],
)
def test_a_page_is_told_by_its_title(page: str, words: str) -> None:
    assert reason_of(response(504, text=page)).words == words


def test_a_page_of_megabytes_is_read_in_no_time() -> None:
    for page in ("<title" * 1_000_000, "<title>" + "x" * 5_000_000, "<h1>" * 1_000_000):
        assert len(reason_of(response(403, text=page)).words) <= MAX_LENGTH


@given(st.text())
def test_somebody_elses_words_are_one_printable_line_of_bounded_length(text: str) -> None:
    line = one_line(text * 3)
    assert len(line) <= MAX_LENGTH
    assert line.isprintable()
    assert line == line.strip()
    assert not line.endswith(".")


def test_long_words_end_in_an_ellipsis() -> None:
    assert one_line("word " * 100).endswith("word…")


# Any JSON in any place of an error body.

QUOTED = st.sampled_from([TOKEN, f"Bearer {TOKEN}", TOKEN[:-3], TOKEN[4:], json.dumps(TOKEN), html.escape(TOKEN)])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | QUOTED
VALUES = st.recursive(
    SCALARS | st.sampled_from(list(CODES)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["errors", "code", "message", "error", "type", "x"]) | QUOTED, inner)
    ),
    max_leaves=6,
)
BODY = st.one_of(
    VALUES,
    st.fixed_dictionaries({"errors": VALUES}),
    st.fixed_dictionaries({"errors": st.lists(st.fixed_dictionaries({"code": VALUES, "message": VALUES}), max_size=2)}),
)


@given(status=st.sampled_from([400, 401, 402, 403, 404, 407, 422, 429, 500, 503]) | st.integers(300, 599), body=BODY)
def test_whatever_an_error_body_holds_the_error_is_one_bounded_sentence_without_a_secret(
    status: int, body: object
) -> None:
    for taken in (False, True):
        handler = IntercomErrorHandler("Read tags", may_be_gone=taken, token=TokenUse(taken))
        sentence = sentence_of(handler, {"status": status, "text": json.dumps(body)})
        assert sentence.endswith(".")
        assert sentence.isprintable()
        assert len(sentence) <= 500
        assert not any(TOKEN[i : i + PIECE] in sentence for i in range(len(TOKEN) - PIECE + 1))
        assert "“”" not in sentence


@given(st.binary() | st.text().map(str.encode), st.integers(300, 599))
def test_whatever_bytes_come_with_an_error_it_is_one_bounded_sentence(content: bytes, status: int) -> None:
    sentence = sentence_of(IntercomErrorHandler("Read tags"), {"status": status, "text": content.decode("latin-1")})
    assert sentence.endswith(".")
    assert sentence.isprintable()
    assert len(sentence) <= 500


def sentence_of(handler: IntercomErrorHandler, answer: Json) -> str:
    resolution = handler.interpret_response(response(**answer))
    assert resolution.failure_type is not None
    return resolution.error_message or ""
