from typing import Any

import pytest
import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom.api.budget import RateBudget
from source_intercom.api.session import IntercomSession
from source_intercom.streams.tickets import Tickets
from source_intercom.streams.workspace import Tags
from unit_tests.builders import TOKEN, URL, context, example, me

LIMIT = {"X-RateLimit-Limit": "166", "X-RateLimit-Remaining": "1", "X-RateLimit-Reset": "4102444806"}


@pytest.fixture
def session() -> IntercomSession:
    return IntercomSession("https://api.intercom.io/", TOKEN, RateBudget(7), connections=7)


def timeouts(*asked: Any) -> list[Any]:
    """Seconds to connect and to read, of all requests."""
    return [request.timeout for one in asked for request in one.request_history]


def test_version_is_a_string_on_the_wire(session: IntercomSession, requests_mock: Mocker) -> None:
    asked = requests_mock.get(f"{URL}tags", json={})
    session.get(f"{URL}tags")
    assert asked.request_history[0].headers["Intercom-Version"] == "2.16"


def test_every_request_carries_the_token_and_asks_for_json(session: IntercomSession, requests_mock: Mocker) -> None:
    asked = requests_mock.post(f"{URL}tickets/search", json={})
    session.post(f"{URL}tickets/search", json={})
    headers = asked.request_history[0].headers
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Accept"] == "application/json"
    assert headers["Content-Type"] == "application/json"


def test_parameters_and_forms_are_sent_as_they_were_given(session: IntercomSession, requests_mock: Mocker) -> None:
    asked = requests_mock.post(f"{URL}companies", json={})
    session.post(
        f"{URL}companies?page=1", params={"per_page": 60}, data={"name": "Acme"}, headers={"accept": "text/csv"}
    )
    request = asked.request_history[0]
    assert request.url == f"{URL}companies?page=1&per_page=60"
    assert request.text == "name=Acme"
    assert request.headers["Accept"] == "text/csv"


def test_cookies_are_not_sent_back(session: IntercomSession, requests_mock: Mocker) -> None:
    asked = requests_mock.get(f"{URL}tags", json={}, cookies={"seen": "1"}, headers={"Set-Cookie": "seen=1; Path=/"})
    for _ in range(2):
        session.get(f"{URL}tags")
    assert ["Cookie" in request.headers for request in asked.request_history] == [False, False]


def test_a_check_waits_no_longer_than_its_timeouts(requests_mock: Mocker) -> None:
    """The symptom without it: a stalled socket hangs the check."""
    asked = requests_mock.get(f"{URL}me", json=me())
    context().api.me()
    assert timeouts(asked) == [60.0]


def test_a_sync_waits_no_longer_than_its_timeouts(requests_mock: Mocker) -> None:
    """The symptom without it: a stalled socket hangs the sync."""
    tags = requests_mock.get(f"{URL}tags", json=example("tags"))
    tickets = requests_mock.post(f"{URL}tickets/search", json=example("tickets_search"))
    Tags(context()).probe()
    Tickets(context()).probe()
    assert timeouts(tags, tickets) == [60.0] * 2


def test_a_timeout_of_the_callers_own_is_kept(session: IntercomSession, requests_mock: Mocker) -> None:
    asked = requests_mock.get(f"{URL}tags", json={})
    session.get(f"{URL}tags", timeout=3)
    assert asked.request_history[0].timeout == 3


def test_answers_teach_the_budget(session: IntercomSession, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}tags", status_code=429, headers=LIMIT)
    session.get(f"{URL}tags")
    assert (session.budget.requests, session.budget.usage.refused) == (1, 1)


@pytest.mark.parametrize("error", [requests.ReadTimeout, requests.ConnectionError, RuntimeError])
def test_requests_without_an_answer_use_the_budget_up(
    error: type[Exception], session: IntercomSession, requests_mock: Mocker
) -> None:
    requests_mock.get(f"{URL}tags", [{"headers": LIMIT, "json": {}}, {"exc": error}])
    session.get(f"{URL}tags")
    with pytest.raises(error):
        session.get(f"{URL}tags")
    session.budget.acquire_call(None, block=False)


def test_as_many_connections_are_kept_as_there_are_workers(session: IntercomSession) -> None:
    for url in ("https://api.intercom.io/", "http://127.0.0.1/"):
        adapter = session.get_adapter(url)
        assert isinstance(adapter, requests.adapters.HTTPAdapter)
        assert adapter.poolmanager.connection_pool_kw["maxsize"] == 7


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://evil.test/tags", "evil.test"),
        ("http://api.intercom.io/tags", "api.intercom.io"),
        ("/tags", "somewhere else"),
        ("https://user:password@evil.test:99999/", "evil.test"),
        ("http://[::1", "somewhere else"),
        ("http://\xff\xfe/", "somewhere else"),
        ("//<script>/", "somewhere else"),
        ("", "somewhere else"),
    ],
)
def test_a_redirect_is_an_error_and_not_followed(status: int, location: str, host: str, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}tags", status_code=status, headers={"Location": location}, json=example("tags"))
    with pytest.raises(AirbyteTracedException, match=f"a redirect to {host}, which") as error:
        Tags(context()).probe()
    assert error.value.failure_type == FailureType.config_error
    assert len(requests_mock.request_history) == 1


def test_proxies_and_certificates_of_the_environment_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/ours.pem")
    session = IntercomSession("https://api.intercom.io/", TOKEN, RateBudget(7), connections=7)
    used = session.merge_environment_settings("https://api.intercom.io/me", {}, None, None, None)
    assert used["proxies"]["https"] == "http://proxy.test:3128"
    assert used["verify"] == "/etc/ours.pem"
