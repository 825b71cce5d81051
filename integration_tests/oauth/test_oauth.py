"""Signing in as a user of Airbyte does: form, consent page, redirect, exchange, and then a sync with what comes out."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from integration_tests.connector import Connector, configured
from integration_tests.messages import Run
from integration_tests.oauth.callback import Callback
from integration_tests.oauth.platform import (
    SECRET_MASK,
    AccessDenied,
    Config,
    ExchangeFailed,
    Platform,
    SignInFailed,
    StateMismatch,
)
from intercom_sandbox.client import Sandbox
from unit_tests.contracts import SCOPES

APP = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
CLOUD, OWN_APP = "Airbyte's app", "the user's own app"
REDIRECT_URL = "https://cloud.airbyte.com/auth_flow"


class User:
    """Fills the form in, and decides on the consent page."""

    def __init__(self, spec: dict[str, Any], browser: Chrome, sandbox: Sandbox, callback: Callback) -> None:
        self._spec = spec
        self._browser = browser
        self._sandbox = sandbox
        self._callback = callback

    def platform(self, app: dict[str, str] | None = None) -> Platform:
        """An Airbyte that finds the sandbox where the specification says Intercom."""
        return Platform(self._spec, self._callback.url, app=app, reach=self._reach)

    def _reach(self, url: str) -> str:
        for host in ("https://app.intercom.com/", "https://api.intercom.io/"):
            if url.startswith(host):
                return f"{self._sandbox.url}/{url.removeprefix(host)}"
        raise AssertionError(f"{url} leads to no host of Intercom in the US")

    def decide(self, url: str, button: str = "Authorize") -> dict[str, str]:
        """Opens the consent page, presses a button, and tells how the browser came back."""
        self._browser.get(url)
        self._browser.find_element(By.XPATH, f"//button[text()='{button}']").click()
        return self._callback.query()


@pytest.fixture
def user(spec: dict[str, Any], browser: Chrome, sandbox: Sandbox, callback: Callback) -> User:
    return User(spec, browser, sandbox, callback)


def form(**credentials: str) -> Config:
    """The form as the user fills it in before signing in."""
    credentials = {"auth_type": "Client", **credentials}
    return {"region": "US", "credentials": credentials, "start_date": "2020-01-01T00:00:00Z"}


def permissions(browser: Chrome) -> list[str]:
    """What the consent page asks for."""
    return [each.text for each in browser.find_elements(By.CSS_SELECTOR, "#permissions b")]


def command(sandbox: Sandbox, *arguments: str, **files: Any) -> Run:
    """A command of the connector; nothing of the credentials is in what it prints."""
    run = Connector(sandbox).run(*arguments, **files)
    for secret in (files["config"]["credentials"].get("access_token", ""), *APP.values()):
        assert not secret or secret.encode() not in run.stdout + run.stderr
    return run


@pytest.mark.parametrize("owner", [CLOUD, OWN_APP])
def test_signing_in_gives_a_config_that_checks_and_reads(user: User, sandbox: Sandbox, owner: str) -> None:
    platform = user.platform(APP if owner == CLOUD else None)
    before = form() if owner == CLOUD else form(**APP)

    consent = platform.begin(before)
    after = platform.complete(before, consent, user.decide(consent.url))

    token = after["credentials"].pop("access_token")
    shown = dict.fromkeys(APP, SECRET_MASK) if owner == CLOUD else APP
    assert after == form(**shown)
    after["credentials"]["access_token"] = token
    config = platform.for_connector(after)
    assert config == form(**APP, access_token=token)

    assert token != sandbox.access_token
    assert command(sandbox, "check", config=config).status == ("SUCCEEDED", "")
    run = command(sandbox, "read", config=config, catalog=configured(["tags"], "full_refresh"))
    assert run.exit_code == 0
    assert [tag["name"] for tag in run.records["tags"]] == [tag["name"] for tag in sandbox.truth("tags")]


def test_consent_page_names_app_workspace_and_permissions(user: User, sandbox: Sandbox, browser: Chrome) -> None:
    url = user.platform(APP).begin(form()).url
    browser.get(url)

    assert browser.find_element(By.TAG_NAME, "h1").text.startswith("Airbyte wants to access ")
    assert [button.text for button in browser.find_elements(By.TAG_NAME, "button")] == ["Cancel", "Authorize"]
    assert set(SCOPES) <= set(permissions(browser)), "with those that no documentation names"

    sandbox.configure(without_scope=["read_tickets"])
    browser.refresh()

    assert "Read tickets" not in permissions(browser)


def test_user_who_denies_keeps_the_form_and_is_told_what_is_missing(user: User, sandbox: Sandbox) -> None:
    platform, config = user.platform(), form(**APP)
    consent = platform.begin(config)
    query = user.decide(consent.url, "Cancel")

    assert query == {"error": "access_denied", "state": consent.state}
    with pytest.raises(AccessDenied):
        platform.complete(config, consent, query)
    run = command(sandbox, "check", config=config)
    assert run.status == ("FAILED", "credentials.access_token is missing.")


def test_answer_with_the_state_of_another_sign_in_is_not_exchanged(user: User) -> None:
    platform, config = user.platform(), form(**APP)
    consent, other = platform.begin(config), platform.begin(config)
    query = user.decide(consent.url)

    with pytest.raises(StateMismatch):
        platform.complete(config, other, query)
    with pytest.raises(StateMismatch):
        platform.complete(config, consent, {"code": query["code"]})
    assert platform.complete(config, consent, query)["credentials"]["access_token"], "the code was used up"


def test_code_works_once(user: User, sandbox: Sandbox) -> None:
    platform, config = user.platform(), form(**APP)
    consent = platform.begin(config)
    query = user.decide(consent.url)
    first = platform.complete(config, consent, query)

    with pytest.raises(ExchangeFailed, match=r"401.*Unauthorized Code"):
        platform.complete(config, consent, query)
    assert command(sandbox, "check", config=first).status == ("SUCCEEDED", ""), "the first token still works"


def test_code_expires(user: User, sandbox: Sandbox) -> None:
    sandbox.configure(code_lifetime=0)
    platform, config = user.platform(), form(**APP)
    consent = platform.begin(config)

    with pytest.raises(ExchangeFailed, match=r"401.*Unauthorized Code"):
        platform.complete(config, consent, user.decide(consent.url))


def test_code_loses_its_worth_without_the_equals_sign_at_its_end(user: User) -> None:
    platform, config = user.platform(), form(**APP)
    consent = platform.begin(config)
    query = user.decide(consent.url)

    assert query["code"].endswith("=")
    with pytest.raises(ExchangeFailed, match=r"401.*Unauthorized Code"):
        platform.complete(config, consent, query | {"code": query["code"].rstrip("=")})


@pytest.mark.parametrize("owner", [CLOUD, OWN_APP])
def test_wrong_client_secret_is_refused(user: User, owner: str) -> None:
    app = APP | {"client_secret": "wrong-secret"}
    platform = user.platform(app if owner == CLOUD else None)
    config = form() if owner == CLOUD else form(**app)
    consent = platform.begin(config)

    with pytest.raises(ExchangeFailed, match=r"401.*Unauthorized Code"):
        platform.complete(config, consent, user.decide(consent.url))


def test_answer_without_a_code_is_no_sign_in(user: User) -> None:
    platform, config = user.platform(), form(**APP)
    consent = platform.begin(config)

    with pytest.raises(SignInFailed, match="no code"):
        platform.complete(config, consent, {"error": "server_error", "state": consent.state})


def test_unknown_app_ends_on_a_page_that_says_so(user: User, browser: Chrome, callback: Callback) -> None:
    browser.get(user.platform().begin(form(**APP | {"client_id": "nobody"})).url)

    assert browser.find_element(By.ID, "reason").text == "No app has this client ID."
    assert callback.untouched


def test_redirect_url_that_is_not_registered_gets_nothing(
    user: User, sandbox: Sandbox, browser: Chrome, callback: Callback
) -> None:
    sandbox.configure(redirect_uri=[REDIRECT_URL])
    browser.get(user.platform(APP).begin(form()).url)

    assert browser.find_element(By.ID, "reason").text == "The app has not registered this redirect URL."
    assert callback.untouched


def test_app_that_was_uninstalled_is_told_to_sign_in_again(user: User, sandbox: Sandbox) -> None:
    platform, config = user.platform(), form(**APP)
    consent = platform.begin(config)
    config = platform.complete(config, consent, user.decide(consent.url))
    sandbox.revoke()

    status, reason = command(sandbox, "check", config=config).status
    assert status == "FAILED"
    assert "token" in reason
    assert "revoked" in reason


@pytest.mark.parametrize(
    ("region", "hosts"),
    [
        ("US", ("app.intercom.com", "api.intercom.io")),
        ("EU", ("app.eu.intercom.com", "api.eu.intercom.io")),
        ("AU", ("app.au.intercom.com", "api.au.intercom.io")),
        (None, ("app.intercom.com", "api.intercom.io")),
    ],
)
def test_hosts_follow_the_region(spec: dict[str, Any], region: str | None, hosts: tuple[str, str]) -> None:
    asked: list[str] = []
    platform = Platform(spec, REDIRECT_URL, app=APP, reach=_noting(asked))
    config = form()
    config.pop("region")
    if region:
        config["region"] = region
    consent = platform.begin(config)
    with pytest.raises(AssertionError, match="nobody answers"):
        platform.complete(config, consent, {"code": "some-code=", "state": consent.state})

    page, token = map(urlsplit, asked)
    assert (page.scheme, page.hostname, page.path) == ("https", hosts[0], "/oauth")
    assert parse_qs(page.query, strict_parsing=True) == {
        "client_id": [APP["client_id"]],
        "redirect_uri": [REDIRECT_URL],
        "state": [consent.state],
    }
    assert token.geturl() == f"https://{hosts[1]}/auth/eagle/token"


def test_states_are_long_and_never_repeat(spec: dict[str, Any]) -> None:
    platform = Platform(spec, REDIRECT_URL, app=APP)
    states = [platform.begin(form()).state for _ in range(100)]

    assert {len(state) for state in states} == {32}
    assert len(set(states)) == len(states)


def test_sign_in_is_offered_for_its_own_kind_of_credentials_only(spec: dict[str, Any]) -> None:
    platform = Platform(spec, REDIRECT_URL, app=APP)

    assert platform.offers_sign_in(form())
    assert not platform.offers_sign_in(form(auth_type="AccessToken"))
    with_token = form(auth_type="AccessToken", access_token="pasted")
    assert platform.for_connector(with_token) == with_token


def _noting(asked: list[str]) -> Callable[[str], str]:
    """Lets nobody be reached; the second address, the token's, ends the sign-in."""

    def reach(url: str) -> str:
        asked.append(url)
        assert len(asked) == 1, "nobody answers"
        return url

    return reach
