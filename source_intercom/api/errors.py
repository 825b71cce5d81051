"""Everything that can go wrong when talking to Intercom, and what happens then.

The table below is read top down; the first row that matches an answer decides (API notes 6):

    what Intercom answers                   what the connector does
    --------------------------------------  -----------------------------------------------------------
    a certificate that is not trusted       config error, as when those to trust cannot be read
    no answer, connection lost, timeout     retry, then transient error
    200 with an empty, HTML or cut-off body retry, then transient error
    200 without the records asked for       retry, then transient error
    a code named in `CODES`                 as `CODES` says
    404 where a record may be gone          skip it (the stream counts it)
    a status named in `STATUSES`            as `STATUSES` says
    any other 5xx                           retry, then transient error
    any other 4xx                           system error: the connector asked something wrong

Retries are bounded by MAX_RETRIES and MAX_SECONDS. A stream may put its own rows on top, as the
companies' scroll does. No message ever contains a token.
"""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.error_handlers import ErrorHandler, ErrorResolution, ResponseAction
from airbyte_cdk.sources.streams.http.exceptions import BaseBackoffException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.bodies import first_error, json_object

MAX_RETRIES: Final = 5
MAX_SECONDS: Final = 120

BAD_CREDENTIALS: Final = (
    "Intercom refused the access token: it is wrong, was revoked, or belongs to a workspace in another region; "
    "authenticate again, or correct the region."
)
NOT_PERMITTED: Final = (
    "The access token lacks the permission “{permission}”; grant it to the app in Intercom's Developer Hub "
    "and authenticate again, or deselect the streams that need it."
)
NOT_IN_PLAN: Final = (
    "The workspace's Intercom plan does not include this data ({message}); deselect the stream or change the plan."
)
OLD_VERSION: Final = "Intercom no longer serves the API version that this connector uses; update the connector."
TOO_FAST: Final = (
    "Intercom's rate limit is used up, by this sync or by other apps of the workspace; trying again later helps."
)
UNAVAILABLE: Final = "Intercom answered {status} several times in a row; trying again later helps."
BAD_BODY: Final = "Intercom answered with an empty or broken body several times in a row; trying again later helps."
NOT_TRUSTED: Final = (
    "The certificate that Intercom's address showed is not trusted ({message}); if a proxy shows its own there, "
    "name the file of its certificate authority in REQUESTS_CA_BUNDLE."
)
BAD_CERTIFICATES: Final = (
    "The certificates in {path}, which REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names, cannot be read; "
    "correct the variable, or unset it."
)
NO_ANSWER: Final = "Intercom could not be reached ({message}); check the network, or try again later."
MISSED: Final = "Intercom answered 404 to a search, as it does where a record in it is gone; trying again later helps."
CONTRADICTED: Final = "Intercom answers 404 to it, and its search finds it"
VANISHED: Final = (
    "Intercom answers 404 to {gone} of {asked} conversations that its search had found, more than can have been "
    "deleted meanwhile; try again later, and see whether a proxy or firewall gives these answers."
)
UNDELIVERED: Final = "Intercom does not deliver {what}; all else was read, and the next sync asks for it again."
REFUSED: Final = "Intercom refused a request of the connector with status {status} ({message}); please report this."


def in_one_sentence(error: AirbyteTracedException) -> AirbyteTracedException:
    """The error that ended a request, with nothing but its sentence from the table.

    The CDK wraps exhausted retries in words of its own and quotes the request and its answer, which it has logged.
    """
    sentence = str(error.__context__ if isinstance(error.__context__, BaseBackoffException) else error)
    return AirbyteTracedException(sentence, sentence, error.failure_type)


@dataclass(frozen=True)
class Rule:
    """What to do about an answer, and what to say when that ends the stream.

    Messages may use {permission}, {status} and {message} (Intercom's own words).
    """

    action: ResponseAction
    failure_type: FailureType
    message: str


_BAD_TOKEN: Final = Rule(ResponseAction.FAIL, FailureType.config_error, BAD_CREDENTIALS)
_BAD_SCOPE: Final = Rule(ResponseAction.FAIL, FailureType.config_error, NOT_PERMITTED)
_BAD_PLAN: Final = Rule(ResponseAction.FAIL, FailureType.config_error, NOT_IN_PLAN)
_BAD_VERSION: Final = Rule(ResponseAction.FAIL, FailureType.system_error, OLD_VERSION)
_BAD_REQUEST: Final = Rule(ResponseAction.FAIL, FailureType.system_error, REFUSED)
_BAD_CURSOR: Final = Rule(ResponseAction.RESET_PAGINATION, FailureType.transient_error, UNAVAILABLE)
_BUSY: Final = Rule(ResponseAction.RATE_LIMITED, FailureType.transient_error, TOO_FAST)
_BAD_CERTIFICATE: Final = Rule(ResponseAction.FAIL, FailureType.config_error, NOT_TRUSTED)
_RETRY: Final = Rule(ResponseAction.RETRY, FailureType.transient_error, UNAVAILABLE)
_RETRY_BODY: Final = Rule(ResponseAction.RETRY, FailureType.transient_error, BAD_BODY)
_RETRY_NETWORK: Final = Rule(ResponseAction.RETRY, FailureType.transient_error, NO_ANSWER)
_GONE: Final = Rule(ResponseAction.IGNORE, FailureType.transient_error, "Skipped a record that is gone.")

CODES: Final[Mapping[str, Rule]] = {
    "unauthorized": _BAD_TOKEN,
    "missing_authorization": _BAD_TOKEN,
    "token_revoked": _BAD_TOKEN,
    "token_expired": _BAD_TOKEN,
    "token_blocked": _BAD_TOKEN,
    "token_suspended": _BAD_TOKEN,
    "token_not_found": _BAD_TOKEN,
    "token_unauthorized": _BAD_SCOPE,
    "forbidden": _BAD_SCOPE,
    "action_forbidden": _BAD_SCOPE,
    "api_plan_restricted": _BAD_PLAN,
    "intercom_version_invalid": _BAD_VERSION,
    "client_error": _BAD_CURSOR,
    "rate_limit_exceeded": _BUSY,
    "too_many_requests": _BUSY,
}
"""Intercom's error codes that decide whatever the status; the others are told by their status."""

STATUSES: Final[Mapping[int, Rule]] = {
    401: _BAD_TOKEN,
    402: _BAD_PLAN,
    403: _BAD_SCOPE,
    408: _RETRY,
    409: _RETRY,
    429: _BUSY,
}


@dataclass(frozen=True)
class IntercomErrorHandler(ErrorHandler):
    """Decides what to do about each answer, for one stream.

    :param permission: the name of the permission that the stream needs, as Intercom's Developer Hub shows it
    :param records_key: what a good body has; None accepts any JSON object
    :param may_be_gone: whether a 404 means that a record was deleted since it was found
    :param max_retries: how often a request is repeated
    :param place: a query parameter that stands for a place the server moves on from: a request that has it cannot be
        repeated, since its answer may be lost on the way; the pages are begun again instead
    :param rows: rows of the stream's own, by (status, error code), on top of the table; code "" stands for any
    :param told: called with what is made of every answer that is not a success
    """

    permission: str
    records_key: str | None = None
    may_be_gone: bool = False
    max_retries: int = MAX_RETRIES
    place: str | None = None
    rows: Mapping[tuple[int, str], Rule] = field(default_factory=dict)
    told: Callable[[ErrorResolution], None] = lambda resolution: None

    @property
    def max_time(self) -> int:
        """Seconds after which a request is no longer repeated."""
        return MAX_SECONDS

    def interpret_response(self, response_or_exception: requests.Response | Exception | None) -> ErrorResolution:
        """The CDK's action, failure type and message for an answer, or for the exception that came instead."""
        if not isinstance(response_or_exception, requests.Response):
            distrust = _distrust(response_or_exception)
            if distrust:
                return self._resolution(_BAD_CERTIFICATE, 0, distrust)
            rule = self._repeatable(_RETRY_NETWORK, getattr(response_or_exception, "request", None))
            return self._resolution(rule, 0, type(response_or_exception).__name__)
        response = response_or_exception
        body = json_object(response)
        if response.ok and body is not None and (self.records_key is None or self.records_key in body):
            return ErrorResolution(ResponseAction.SUCCESS)
        code, message = first_error(response)
        rule = self._repeatable(self._rule(response, code), response.request)
        return self._resolution(rule, response.status_code, message or code or "no reason given")

    def _repeatable(self, rule: Rule, request: requests.PreparedRequest | requests.Request | None) -> Rule:
        if rule.action != ResponseAction.RETRY or self.place is None:
            return rule
        # A body that breaks off is an exception that does not say which request it belongs to.
        has_place = request is None or f"{self.place}=" in str(request.url)
        return replace(rule, action=ResponseAction.RESET_PAGINATION) if has_place else rule

    def _rule(self, response: requests.Response, code: str) -> Rule:
        status = response.status_code
        own = self.rows.get((status, code)) or self.rows.get((status, ""))
        if own:
            return own
        if response.ok:
            return _RETRY_BODY
        if code in CODES:
            return CODES[code]
        if status == requests.codes.not_found and self.may_be_gone:
            return _GONE
        return STATUSES.get(status) or (_RETRY if status >= 500 else _BAD_REQUEST)

    def _resolution(self, rule: Rule, status: int, message: str) -> ErrorResolution:
        text = rule.message.format(permission=self.permission, status=status, message=message)
        resolution = ErrorResolution(rule.action, rule.failure_type, text)
        self.told(resolution)
        return resolution


def _distrust(error: object) -> str | None:
    # requests and urllib3 wrap the error of the handshake, each in its own way.
    while isinstance(error, Exception):
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message.rstrip(".")
        wrapped = (getattr(error, "reason", None), *error.args)
        error = next((each for each in wrapped if isinstance(each, Exception)), None)
    return None
