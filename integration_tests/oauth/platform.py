"""What the Airbyte platform does with a connector's `advanced_auth`: from the form to the config for the connector.

The protocol (`OAuthConfigSpecification` and `OauthConnectorInputSpecification` in airbyte_protocol.yaml) says what each
part of the specification is for. Where it leaves open how a part is used, this follows the platform's code, which each
docstring names (airbytehq/airbyte-platform): `DeclarativeOAuthFlow`, `DeclarativeOAuthSpecHandler`, `BaseOAuth2Flow`
and `BaseOAuthFlow` in airbyte-oauth, `OAuthHandler` in airbyte-commons-server, `OAuthConfigSupplier`, and the form's
`useAuthentication` and `utils.ts` in airbyte-webapp.
"""

import copy
import json
import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

import jsonschema
import requests
from jinja2.sandbox import SandboxedEnvironment

Config = dict[str, Any]

SECRET_MASK: Final = "**********"
"""Stands in the form for what the platform keeps to itself (`MoreOAuthParameters.SECRET_MASK`)."""

_STATE_CHARACTERS: Final = string.ascii_letters + string.digits + ".-_"
_KEYS: Final = {
    "client_id": "client_id",
    "client_secret": "client_secret",
    "auth_code": "code",
    "redirect_uri": "redirect_uri",
    "scope": "scope",
    "state": "state",
}
"""What providers call each parameter unless the specification's `…_key` says otherwise."""
_ENCODED: Final = ("redirect_uri", "scope")
"""The parameters whose `…_param` form is URL-encoded."""


class SignInFailed(Exception):  # noqa: N818 - an outcome for the user
    """Signing in has ended without a token; the message says why."""


class AccessDenied(SignInFailed):
    """The user has refused: the platform answers `request_succeeded: false` and leaves the form as it was."""


class StateMismatch(SignInFailed):
    """The answer does not belong to the question: someone else's, or forged (RFC 6749, 10.12)."""


class ExchangeFailed(SignInFailed):
    """The provider gives no token for the code."""


@dataclass(frozen=True)
class Consent:
    """A sign-in that has begun: the page to open, and the state that the answer must carry."""

    url: str
    state: str


class Platform:
    """One Airbyte instance and one connector.

    :param spec: the connector's specification, as in its SPEC message
    :param redirect_url: where the provider sends the user back to, `https://<instance>/auth_flow`
    :param app: client ID and secret of the app that the instance signs in with, as on Airbyte Cloud; None where users
        bring their own in the form, as on self-managed instances (`advancedAuthGlobalCredentialsAvailable`)
    :param reach: turns the provider's addresses into those that answer here
    """

    def __init__(
        self,
        spec: Mapping[str, Any],
        redirect_url: str,
        *,
        app: Mapping[str, str] | None = None,
        reach: Callable[[str], str] = lambda url: url,
    ) -> None:
        self._auth: Mapping[str, Any] = spec["advanced_auth"]
        self._oauth: Mapping[str, Any] = self._auth["oauth_config_specification"]
        self._declared: Mapping[str, Any] = self._oauth["oauth_connector_input_specification"]
        self._redirect_url = redirect_url
        self._app = app
        self._reach = reach
        if app is not None:
            jsonschema.validate(app, self._oauth["complete_oauth_server_input_specification"])
        # newer versions of the platform allow hardly more than expressions in a template; this one allows nothing else
        self._templates = SandboxedEnvironment()
        for extras in (self._templates.filters, self._templates.tests, self._templates.globals):
            extras.clear()

    def offers_sign_in(self, config: Config) -> bool:
        """Whether the form shows the button: the predicate holds (`useAuthentication`)."""
        return bool(_get(config, self._auth["predicate_key"]) == self._auth["predicate_value"])

    def hidden_fields(self) -> set[tuple[str, ...]]:
        """The fields that the form hides while it shows the button, since signing in fills them (`utils.ts`)."""
        return {tuple(path) for path in self._filled_paths().values()}

    def begin(self, config: Config) -> Consent:
        """The consent page for what the form holds (`DeclarativeOAuthFlow.formatConsentUrl`)."""
        inputs = self._inputs(config)
        state = self._new_state()
        known = {"client_id": inputs["client_id"], "redirect_uri": self._redirect_url, "state": state}
        return Consent(self._reach(self._render(self._declared["consent_url"], inputs, known)), state)

    def complete(self, config: Config, consent: Consent, query: Mapping[str, str]) -> Config:
        """The form's config after the user came back with this query (`DeclarativeOAuthFlow.completeSourceOAuth`).

        Airbyte knows which form an answer belongs to by the window that it opened, and insists on a state without
        comparing it; comparing it is what the state is for, so that is done here.

        :raises SignInFailed: no token was obtained
        """
        if query.get("error") == "access_denied":
            raise AccessDenied("The user has denied access.")
        if query.get(self._key("state")) != consent.state:
            raise StateMismatch("The answer carries another state than the question.")
        if self._key("auth_code") not in query:
            raise SignInFailed(f"The answer has no code, only {sorted(query)}.")
        inputs = self._inputs(config)
        answer = self._exchange(inputs, query[self._key("auth_code")], consent.state)
        results = dict.fromkeys(inputs, SECRET_MASK) | self._extracted(answer)
        completed = copy.deepcopy(config)
        for name, path in self._filled_paths().items():
            _set(completed, path, results[name])
        return completed

    def for_connector(self, config: Config) -> Config:
        """The config with which the connector is started: masked values are filled in (`OAuthConfigSupplier`)."""
        filled = copy.deepcopy(config)
        if self._app is not None and self.offers_sign_in(config):
            for name, path in _paths(self._oauth["complete_oauth_server_output_specification"]).items():
                _set(filled, path, self._app[name])
        return filled

    def _filled_paths(self) -> dict[str, list[str]]:
        """What signing in writes into the form; the app's parameters too, unless the user has entered them."""
        filled = _paths(self._oauth["complete_oauth_output_specification"])
        if self._app is None:
            return filled
        return _paths(self._oauth["complete_oauth_server_output_specification"]) | filled

    def _inputs(self, config: Config) -> dict[str, str]:
        """What the form hands over, with the instance's own app (`userProvidedOauthInputPaths`, `OAuthHandler`)."""
        declared = self._oauth["oauth_user_input_from_connector_config_specification"]
        asked = _paths(declared)
        handed_over = {name: value for name, path in asked.items() if (value := _get(config, path)) is not None}
        jsonschema.validate(handed_over, declared)
        if self._app is not None:
            return {**self._app, **handed_over}
        own = _paths(self._oauth["complete_oauth_server_output_specification"])
        return {name: _get(config, path) for name, path in own.items()} | handed_over

    def _exchange(self, inputs: Mapping[str, str], code: str, state: str) -> Any:
        """The provider's answer to the code (`BaseOAuth2Flow.getCompleteOAuthFlowOutput`). Redirects are not followed.

        Parameters are sent as JSON unless the headers ask for a form (`DeclarativeOAuthFlow.getRequestContentType`).
        """
        known = {name: inputs[name] for name in ("client_id", "client_secret")}
        known |= {"auth_code": code, "redirect_uri": self._redirect_url, "state": state}

        def rendered(part: str) -> dict[str, str]:
            items = self._declared.get(part, {}).items()
            return {self._render(name, inputs, known): self._render(value, inputs, known) for name, value in items}

        url = self._reach(self._render(self._declared["access_token_url"], inputs, known))
        headers, parameters = rendered("access_token_headers"), rendered("access_token_params")
        as_form = headers.get("Content-Type") == "application/x-www-form-urlencoded"
        body = urlencode(parameters) if as_form else json.dumps(parameters)
        with requests.Session() as session:
            session.trust_env = False
            response = session.post(url, data=body, headers=headers, allow_redirects=False, timeout=30)
        if response.status_code >= 400:
            raise ExchangeFailed(f"The token endpoint answered {response.status_code}: {response.text}")
        return response.json()

    def _extracted(self, answer: Any) -> dict[str, str]:
        """The `extract_output` of the answer, as `complete_oauth_output_specification` wants it (`BaseOAuthFlow`)."""
        extracted: dict[str, str] = {}
        for dotted in self._declared["extract_output"]:
            path = dotted.split(".")
            value = _get(answer, path)
            if value is None:
                raise ExchangeFailed(f"The token endpoint's answer has no {dotted}.")
            extracted[path[-1]] = value
        jsonschema.validate(extracted, self._oauth["complete_oauth_output_specification"])
        return extracted

    def _new_state(self) -> str:
        """A random state of the wanted length (`DeclarativeOAuthSpecHandler.getConfigurableState`)."""
        shortest, longest = self._declared["state"]["min"], self._declared["state"]["max"]
        length = shortest + secrets.randbelow(longest - shortest + 1)
        return "".join(secrets.choice(_STATE_CHARACTERS) for _ in range(length))

    def _key(self, name: str) -> str:
        return str(self._declared.get(f"{name}_key", _KEYS[name]))

    def _render(self, template: str, inputs: Mapping[str, str], known: Mapping[str, str]) -> str:
        """A template with its variables filled in (`DeclarativeOAuthSpecHandler.getTemplateParametersAndValues`).

        The user's inputs are variables by their own names. Every parameter comes in three: `client_id_key` is its name,
        `client_id_value` its value, and `client_id_param` is `name=value`.
        """
        variables = dict(inputs)
        for name, value in known.items():
            key = self._key(name)
            variables[f"{name}_key"], variables[f"{name}_value"] = key, value
            variables[f"{name}_param"] = f"{key}={quote_plus(value) if name in _ENCODED else value}"
        return self._templates.from_string(template).render(variables)


def _paths(specification: Mapping[str, Any]) -> dict[str, list[str]]:
    """Where in the config each property of a specification lives: its `path_in_connector_config`."""
    return {name: each["path_in_connector_config"] for name, each in specification["properties"].items()}


def _get(config: Any, path: list[str]) -> Any:
    for part in path:
        config = config.get(part) if isinstance(config, Mapping) else None
    return config


def _set(config: Config, path: list[str], value: Any) -> None:
    for part in path[:-1]:
        config = config.setdefault(part, {})
    config[path[-1]] = value
