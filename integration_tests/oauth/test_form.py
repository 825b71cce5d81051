"""The connection form, drawn from the specification that the connector emits."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from integration_tests.oauth import form
from integration_tests.oauth.platform import Platform

APP = {"client_id": "some-client", "client_secret": "some-secret"}
SIGN_IN, TOKEN = "Sign in with Intercom", "Access token"

Show = Callable[..., None]


@pytest.fixture
def show(spec: dict[str, Any], browser: Chrome, tmp_path: Path) -> Show:
    """Opens the form, as an instance with an app of its own shows it or one whose users bring theirs."""

    def open_form(*, own_app: bool) -> None:
        page = tmp_path / "form.html"
        form.write(page, spec, own_app=own_app)
        browser.get(page.as_uri())

    return open_form


def shown(browser: Chrome) -> list[str]:
    """The titles of the fields that are visible, in their order."""
    titles = browser.find_elements(By.CSS_SELECTOR, ".field > .head > .title")
    return [title.text for title in titles if title.is_displayed()]


def choose(browser: Chrome, way: str) -> None:
    browser.find_element(By.XPATH, f"//label[contains(@class, 'choice')][.//span[text()='{way}']]").click()


def fields(properties: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every field that a user can see, with its path; of choices, the fields of each."""
    for name, field in properties.items():
        if "const" not in field:
            yield (*path, name), field
        for choice in field.get("oneOf", []):
            yield from fields(choice["properties"], (*path, name))


def test_an_instance_without_an_app_asks_for_the_users_own(show: Show, browser: Chrome) -> None:
    show(own_app=True)
    assert [card.text for card in browser.find_elements(By.TAG_NAME, "h2")] == [
        "Your Intercom workspace",
        "What to replicate",
    ]
    assert shown(browser) == [
        "Region",
        "Authentication",
        "Client ID",
        "Client secret",
        "Start date",
        "Lookback window (days)",
        "Apply deletes",
        "Format of times",
        "Columns for custom attributes",
        "Custom object types",
        "Message lookback (days)",
        "Concurrent requests",
    ]
    assert browser.find_element(By.ID, "authenticate").is_displayed()


def test_an_instance_with_an_app_asks_for_none(show: Show, browser: Chrome) -> None:
    show(own_app=False)

    assert shown(browser) == [
        "Region",
        "Authentication",
        "Start date",
        "Lookback window (days)",
        "Apply deletes",
        "Format of times",
        "Columns for custom attributes",
        "Custom object types",
        "Message lookback (days)",
        "Concurrent requests",
    ]


def test_choosing_how_to_authenticate_swaps_the_fields(show: Show, browser: Chrome) -> None:
    show(own_app=True)

    choose(browser, TOKEN)
    with_token = shown(browser)
    assert not browser.find_elements(By.ID, "authenticate")
    choose(browser, SIGN_IN)
    with_sign_in = shown(browser)

    assert with_token[:3] == ["Region", "Authentication", "Access token"]
    assert with_sign_in[:4] == ["Region", "Authentication", "Client ID", "Client secret"]
    assert with_token[3:] == with_sign_in[4:]


def test_every_field_is_somewhere_in_the_form(spec: dict[str, Any], show: Show, browser: Chrome) -> None:
    seen = set()
    show(own_app=True)
    for way in (SIGN_IN, TOKEN):
        choose(browser, way)
        seen |= {each.get_attribute("data-path") for each in browser.find_elements(By.CLASS_NAME, "field")}

    assert seen == {".".join(path) for path, _ in fields(spec["connectionSpecification"]["properties"])}


def test_defaults_and_formats_are_told(show: Show, browser: Chrome) -> None:
    show(own_app=True)

    def attribute(path: str, name: str) -> str | None:
        return browser.find_element(By.ID, path).get_attribute(name)

    assert attribute("region", "value") == "US"
    assert attribute("start_date", "placeholder") == "e.g. 2024-01-01T00:00:00Z"
    assert browser.find_element(By.CLASS_NAME, "format").text == "YYYY-MM-DDTHH:mm:ssZ"
    assert attribute("lookback_window", "placeholder") == "0"
    assert attribute("num_workers", "placeholder") == "100"
    assert attribute("credentials.client_secret", "type") == "password"


def test_every_field_explains_itself(spec: dict[str, Any]) -> None:
    schema = spec["connectionSpecification"]
    choices = [choice for _, field in fields(schema["properties"]) for choice in field.get("oneOf", [])]

    for field in [*(field for _, field in fields(schema["properties"])), *choices]:
        assert re.fullmatch(r"[A-Z][A-Za-z ]+(\(days\))?", field["title"])
        text = re.sub("<[^>]+>", "", field["description"])
        assert text.endswith(".")
        assert 30 < len(text) < 300, text
        for link in re.findall(r'href="([^"]*)"', field["description"]):
            assert re.match(r"https://([a-z]+\.)?intercom\.com/", link) or link.startswith("https://developers.")


def test_order_is_unambiguous_and_groups_are_declared(spec: dict[str, Any]) -> None:
    schema = spec["connectionSpecification"]
    groups = [group["id"] for group in schema["groups"]]
    levels = [schema["properties"], *(each["properties"] for each in schema["properties"]["credentials"]["oneOf"])]

    for properties in levels:
        orders = [field["order"] for field in properties.values()]
        assert sorted(orders) == list(range(len(orders)))
    assert {field["group"] for field in schema["properties"].values()} == set(groups)


@pytest.mark.parametrize("app", [APP, None])
def test_form_hides_what_signing_in_fills(
    spec: dict[str, Any], show: Show, browser: Chrome, app: dict[str, str] | None
) -> None:
    show(own_app=app is None)
    drawn = {each.get_attribute("data-path") for each in browser.find_elements(By.CLASS_NAME, "field")}

    hidden = {".".join(path) for path in Platform(spec, "https://example.com/auth_flow", app=app).hidden_fields()}
    assert hidden
    assert not drawn & hidden
