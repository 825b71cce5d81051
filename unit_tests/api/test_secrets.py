import base64
import html
import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from airbyte_cdk.models import (
    AirbyteMessage,
    AirbyteRecordMessage,
    FailureType,
    Type,
)
from airbyte_cdk.utils.airbyte_secrets_utils import update_secrets
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.api.secrets import PIECE, hide, mask, without_secrets
from unit_tests.builders import TOKEN, context

CLIENT_SECRET = "0f9e8d7c-6b5a-4c3d-2e1f-0a9b8c7d6e5f"
ODD = "a/b+c=d&e\"f'g<h\\i%j"
PASSWORD = "p@ss:w/rd"
PROXY = f"http://somebody:{quote(PASSWORD, safe='')}@proxy.test:3128"


@pytest.fixture(autouse=True)
def _hidden() -> Iterator[None]:
    hide([TOKEN, CLIENT_SECRET, ODD, None, ""], [PROXY])
    yield
    update_secrets([])


@pytest.mark.parametrize("secret", [TOKEN, CLIENT_SECRET, ODD])
@pytest.mark.parametrize(
    "quoted",
    [
        lambda secret: secret,
        lambda secret: f"Bearer {secret}",
        lambda secret: quote(secret, safe=""),
        lambda secret: quote(secret, safe="").replace("%2F", "%2f").replace("%3D", "%3d").replace("%2B", "%2b"),
        lambda secret: json.dumps({"Authorization": f"Bearer {secret}"}),
        lambda secret: json.dumps(secret).replace("/", "\\/"),
        lambda secret: html.escape(f"<b>{secret}</b>"),
        lambda secret: base64.b64encode(secret.encode()).decode(),
        lambda secret: secret[: len(secret) // 2],
        lambda secret: secret[len(secret) // 2 :],
        lambda secret: f"{secret[:9]}…{secret[-9:]}",
    ],
)
def test_a_secret_is_replaced_however_it_is_quoted(secret: str, quoted: object) -> None:
    assert callable(quoted)
    masked = mask(f"before {quoted(secret)} after")
    assert "****" in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert not any(secret[i : i + PIECE] in masked for i in range(len(secret) - PIECE + 1))


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=PIECE, max_size=60), st.data())
def test_no_eight_characters_in_a_row_of_a_secret_are_left(secret: str, data: st.DataObject) -> None:
    hide([secret])
    start = data.draw(st.integers(0, len(secret) - PIECE))
    piece = secret[start : data.draw(st.integers(start + PIECE, len(secret)))]
    masked = mask(f"({piece})").replace("****", " ")
    assert not any(secret[i : i + PIECE] in masked for i in range(len(secret) - PIECE + 1))


@pytest.mark.parametrize(
    "text", [PROXY, f"somebody:{PASSWORD}@proxy", PASSWORD, quote(PASSWORD, safe=""), f"Failed to parse: {PROXY}"]
)
def test_a_proxys_password_is_replaced(text: str) -> None:
    masked = mask(text)
    assert PASSWORD not in masked
    assert quote(PASSWORD, safe="") not in masked


def test_a_short_password_is_replaced_only_where_it_is_one() -> None:
    hide([], ["http://a:in@proxy:1"])
    assert mask("http://a:in@proxy:1 in vain") == "http://****proxy:1 in vain"


@pytest.mark.parametrize("proxy", ["http://proxy:3128", "proxy", "", "http://somebody@proxy", "http://:@proxy"])
def test_a_proxy_without_a_password_hides_nothing(proxy: str) -> None:
    hide([], [proxy])
    assert mask("http://somebody@proxy:3128 : proxy") == "http://somebody@proxy:3128 : proxy"


def test_words_that_are_no_secret_stay() -> None:
    text = "Intercom answered 503 several times in a row; trying again later helps."
    assert mask(text) == text


def test_error_traces_are_masked_in_all_their_parts_and_records_stay_as_they_are() -> None:
    try:
        raise ValueError(f"Bearer {TOKEN}")
    except ValueError as cause:
        error = AirbyteTracedException(f"internal {TOKEN}", f"message {TOKEN[:20]}", FailureType.config_error, cause)
    trace = error.as_airbyte_message()
    record = AirbyteMessage(Type.RECORD, record=AirbyteRecordMessage("tags", {"name": TOKEN}, 0))
    noted: list[object] = []
    masked, same = without_secrets([trace, record], noted.append)
    assert noted == [masked.trace]
    assert masked.trace is not None
    assert masked.trace.error is not None
    told = masked.trace.error
    assert told.internal_message == "internal ****"
    assert told.message == "message ****"
    assert TOKEN not in str(masked)
    assert "ValueError: Bearer ****" in (told.stack_trace or "")
    assert same is record
    assert record.record is not None
    assert record.record.data == {"name": TOKEN}


def test_an_error_that_has_no_internal_message_gets_its_sentence() -> None:
    trace = AirbyteTracedException(message="Something.").as_airbyte_message()
    (masked,) = without_secrets([trace], lambda _: None)
    assert masked.trace is not None
    assert masked.trace.error is not None
    assert masked.trace.error.internal_message == "Something."


def test_a_connection_hides_its_own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    credentials = {"auth_type": "Client", "client_id": "c", "client_secret": CLIENT_SECRET, "access_token": TOKEN}
    update_secrets([])
    context(credentials=credentials)
    text = mask(f"{TOKEN} {CLIENT_SECRET} {PASSWORD}")
    assert text == "**** **** ****"
