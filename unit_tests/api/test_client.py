from concurrent.futures import ThreadPoolExecutor
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from requests_mock import Mocker

from source_intercom.api.client import IntercomApi
from unit_tests.builders import TOKEN, URL, context, error_list, me


def api(**changes: Any) -> IntercomApi:
    return context(**changes).api


@pytest.mark.parametrize(
    ("region", "url"), [("US", "https://api.intercom.io/me"), ("EU", "https://api.eu.intercom.io/me")]
)
def test_me_is_asked_at_the_regions_host_with_the_token(region: str, url: str, requests_mock: Mocker) -> None:
    asked = requests_mock.get(url, json=me())
    assert api(region=region).me() == me()
    assert asked.request_history[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_the_time_zone_is_the_workspaces(requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}me", json=me("America/Los_Angeles"))
    assert api().time_zone() == ZoneInfo("America/Los_Angeles")


def test_the_time_zone_is_asked_for_once_by_all_threads(requests_mock: Mocker) -> None:
    asked = requests_mock.get(f"{URL}me", json=me("Asia/Kathmandu"))
    shared = api()
    with ThreadPoolExecutor(8) as pool:
        zones = list(pool.map(lambda _: shared.time_zone(), range(32)))
    assert zones == [ZoneInfo("Asia/Kathmandu")] * 32
    assert asked.call_count == 1


@pytest.mark.parametrize(
    "zone", ["Nowhere/Land", "", "America", "../etc", "/etc/localtime", "Pacific Time (US & Canada)", "a\0b", "x" * 300]
)
def test_a_zone_that_does_not_exist_is_unknown(zone: str, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}me", json=me(zone))
    assert api().time_zone() is None


@pytest.mark.parametrize("body", [me(None), {}, {"app": None}, {"app": "acme"}, {"app": {"timezone": None}}, []])
def test_a_workspace_that_names_no_zone_has_an_unknown_one(body: object, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}me", json=body)
    assert api().time_zone() is None


def test_a_refused_token_leaves_the_zone_unknown(requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}me", status_code=401, json=error_list("unauthorized"))
    assert api().time_zone() is None


def test_html_leaves_the_zone_unknown(requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}me", text="<html></html>")
    assert api().time_zone() is None


def test_a_network_that_fails_leaves_the_zone_unknown(requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}me", exc=requests.ConnectTimeout)
    assert api().time_zone() is None


def test_session_and_streams_share_one_budget(requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}me", json=me())
    one = api()
    one.me()
    assert one.session.budget is one.budget
    assert one.budget.requests == 1
