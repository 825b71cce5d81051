"""Everything that can go wrong when talking to Intercom, and what happens then.

The table below is read top down; the first row that matches an answer decides (API notes 6):

    what Intercom answers                   what the connector does
    --------------------------------------  -----------------------------------------------------------
    a certificate that is not trusted       config error, as when those to trust cannot be read
    a proxy that refuses to connect, or     config error
      whose address makes no sense
    a proxy that cannot be reached, or 5xx  retry, then transient error
    a redirect                              config error: what another host sends is not Intercom's
    a body larger than any of Intercom's    transient error at once; searches ask for less
    no answer, connection lost, timeout     retry, then transient error
    200 with an empty, HTML or cut-off body retry, then transient error
    200 without the records asked for       retry, then transient error
    3xx, 401, 403 without its list of       config error: something before Intercom has answered
      errors
    401 that speaks of no bad token, once   config error: a permission is missing
      the token was taken, or of a resource
    a code named in `CODES`                 as `CODES` says
    404, 410 where a record may be gone     skip it (the stream counts it)
    a status named in `STATUSES`            as `STATUSES` says
    any other 5xx                           retry, then transient error
    any other 4xx                           system error: the connector asked something wrong

Retries are bounded by MAX_RETRIES and MAX_SECONDS. A stream may put its own rows on top, as the
companies' scroll does. Every message passes Intercom's own reason on, in brackets; none ever contains a secret.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlsplit

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.error_handlers import ErrorHandler, ErrorResolution, ResponseAction
from airbyte_cdk.sources.streams.http.exceptions import BaseBackoffException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.bodies import Body, has_records, json_object
from source_intercom.api.network import distrust, proxy_before, refused_by_proxy, words_of
from source_intercom.api.reasons import Reason, one_line, reason_of
from source_intercom.api.sentences import (
    BAD_BODY,
    BAD_CREDENTIALS,
    NEWER_VERSION_REFUSED,
    NO_ANSWER,
    NOT_IN_PLAN,
    NOT_INTERCOM,
    NOT_PERMITTED,
    NOT_TRUSTED,
    OLD_VERSION,
    PROXY_ADDRESS,
    PROXY_DOWN,
    PROXY_LOGIN,
    PROXY_REFUSED,
    REDIRECTED,
    REFUSED,
    TOO_FAST,
    TOO_LARGE,
    UNAVAILABLE,
)
from source_intercom.api.transfer import TooLargeError

MAX_RETRIES: Final = 5
MAX_SECONDS: Final = 120


def in_one_sentence(error: AirbyteTracedException) -> AirbyteTracedException:
    """The error that ended a request, with nothing but its sentence from the table.

    The CDK wraps exhausted retries in words of its own and quotes the request and its answer, which it has logged.
    """
    sentence = str(error.__context__ if isinstance(error.__context__, BaseBackoffException) else error)
    return AirbyteTracedException(sentence, sentence, error.failure_type)


@dataclass(frozen=True)
class Rule:
    """What to do about an answer, and what to say when that ends the stream.

    Messages may use {permission}, {status}, {message} (Intercom's own words, or that there are none), {answer} (the
    status, with the words if there are any) and {proxy} (its host and port).
    """

    action: ResponseAction
    failure_type: FailureType
    message: str


_BAD_TOKEN: Final = Rule(ResponseAction.FAIL, FailureType.config_error, BAD_CREDENTIALS)
_BAD_SCOPE: Final = Rule(ResponseAction.FAIL, FailureType.config_error, NOT_PERMITTED)
_FOREIGN: Final = Rule(ResponseAction.FAIL, FailureType.config_error, NOT_INTERCOM)
_BAD_PLAN: Final = Rule(ResponseAction.FAIL, FailureType.config_error, NOT_IN_PLAN)
_BAD_VERSION: Final = Rule(ResponseAction.FAIL, FailureType.system_error, OLD_VERSION)
_BAD_REQUEST: Final = Rule(ResponseAction.FAIL, FailureType.system_error, REFUSED)
_BAD_CURSOR: Final = Rule(ResponseAction.RESET_PAGINATION, FailureType.transient_error, UNAVAILABLE)
_BUSY: Final = Rule(ResponseAction.RATE_LIMITED, FailureType.transient_error, TOO_FAST)
_BAD_CERTIFICATE: Final = Rule(ResponseAction.FAIL, FailureType.config_error, NOT_TRUSTED)
_BAD_PROXY_LOGIN: Final = Rule(ResponseAction.FAIL, FailureType.config_error, PROXY_LOGIN)
_BAD_PROXY: Final = Rule(ResponseAction.FAIL, FailureType.config_error, PROXY_REFUSED)
_BAD_PROXY_ADDRESS: Final = Rule(ResponseAction.FAIL, FailureType.config_error, PROXY_ADDRESS)
_RETRY_PROXY: Final = Rule(ResponseAction.RETRY, FailureType.transient_error, PROXY_DOWN)
_REDIRECT: Final = Rule(ResponseAction.FAIL, FailureType.config_error, REDIRECTED)
_LARGE_BODY: Final = Rule(ResponseAction.FAIL, FailureType.transient_error, TOO_LARGE)
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
    407: _BAD_PROXY_LOGIN,
    408: _RETRY,
    409: _RETRY,
    429: _BUSY,
}


NEWER_VERSION: Final[Mapping[tuple[int, str], Rule]] = {
    (400, "intercom_version_invalid"): Rule(ResponseAction.FAIL, FailureType.config_error, NEWER_VERSION_REFUSED)
}
"""What is made of answers to requests that name another version of the API than all others."""

RESTARTING: Final[Mapping[tuple[int, str], Rule]] = {(400, ""): _BAD_CURSOR}
"""What is made of answers to requests that go on from a place which Intercom may not know any more."""

PENDING_JOBS: Final = "pending_jobs"
"""What a 429 is taken for that speaks of jobs, not of requests: Intercom has one code for both (API notes 10)."""

GONE_STATUSES: Final = {requests.codes.not_found, requests.codes.gone}
"""Of contacts that were merged into others it is 410 (API notes 3.1)."""

_OFTEN_FOREIGN: Final = {401, 403, *range(300, 400)}
_OF_JOBS: Final = re.compile(r"\bjobs?\b", re.IGNORECASE)
_OF_A_RESOURCE: Final = re.compile("resource|scope|permission", re.IGNORECASE)


@dataclass
class TokenUse:
    """Whether Intercom has taken a token in this process: what is refused then is not refused for a bad token."""

    taken: bool = False


@dataclass(frozen=True)
class IntercomErrorHandler(ErrorHandler):
    """Decides what to do about each answer, for one stream.

    :param permission: the name of the permission that the stream needs, as Intercom's Developer Hub shows it; empty
        where Intercom's documentation names none
    :param records_key: what a good body has; None accepts any JSON object
    :param may_be_bare: whether the list of records may come without the object around it
    :param may_be_gone: whether a 404 or 410 means that a record was deleted, or merged into another, since it was found
    :param max_retries: how often a request is repeated
    :param one_shot_parameter: a query parameter that stands for a place the server moves on from: a request that has
        it cannot be repeated, since its answer may be lost on the way; the pages are begun again instead
    :param rules: rules of the stream's own, by (status, error code), on top of the table; code "" stands for any
    :param on_error: called with what is made of every answer that is not a success
    :param token: shared by all that send the same token
    """

    permission: str
    records_key: str | None = None
    may_be_bare: bool = False
    may_be_gone: bool = False
    max_retries: int = MAX_RETRIES
    one_shot_parameter: str | None = None
    rules: Mapping[tuple[int, str], Rule] = field(default_factory=dict)
    on_error: Callable[[ErrorResolution], None] = lambda resolution: None
    token: TokenUse = field(default_factory=TokenUse)

    @property
    def max_time(self) -> int:
        """Seconds after which a request is no longer repeated."""
        return MAX_SECONDS

    def body_of(self, response: requests.Response) -> Body | None:
        """The JSON object that an answer holds; None where it holds none."""
        return json_object(response, self.records_key if self.may_be_bare else None)

    def interpret_response(self, response_or_exception: requests.Response | Exception | None) -> ErrorResolution:
        """The CDK's action, failure type and message for an answer, or for the exception that came instead."""
        if not isinstance(response_or_exception, requests.Response):
            return self._without_answer(response_or_exception)
        response = response_or_exception
        if response.is_redirect:
            return self._resolution(_REDIRECT, response.status_code, _host_of(response.headers["Location"]))
        if _is_success(response) and has_records(self.body_of(response), self.records_key):
            self.token.taken = True
            return ErrorResolution(ResponseAction.SUCCESS)
        reason = reason_of(response)
        rule = self._repeatable(self._rule(response, reason), response.request)
        proxy = proxy_before(str(response.url)) if rule is _BAD_PROXY_LOGIN else None
        return self._resolution(rule, response.status_code, reason.words, proxy)

    def _without_answer(self, error: Exception | None) -> ErrorResolution:
        if isinstance(error, TooLargeError):
            return self._resolution(_LARGE_BODY, 0, "")
        if distrusted := distrust(error):
            return self._resolution(_BAD_CERTIFICATE, 0, distrusted)
        request = getattr(error, "request", None)
        proxy = proxy_before(str(request.url)) if request is not None else None
        refused = refused_by_proxy(error)
        if refused and not refused.startswith("5"):
            return self._resolution(_BAD_PROXY_LOGIN if refused.startswith("407") else _BAD_PROXY, 0, refused, proxy)
        if proxy and isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
            return self._resolution(_BAD_PROXY_ADDRESS, 0, type(error).__name__, proxy)
        of_proxy = isinstance(error, requests.exceptions.ProxyError)
        rule = self._repeatable(_RETRY_PROXY if of_proxy else _RETRY_NETWORK, request)
        return self._resolution(rule, 0, refused or words_of(error), proxy)

    def _repeatable(self, rule: Rule, request: requests.PreparedRequest | requests.Request | None) -> Rule:
        if rule.action != ResponseAction.RETRY or self.one_shot_parameter is None:
            return rule
        # A body that breaks off is an exception that does not say which request it belongs to.
        is_one_shot = request is None or f"{self.one_shot_parameter}=" in str(request.url)
        return replace(rule, action=ResponseAction.RESET_PAGINATION) if is_one_shot else rule

    def _rule(self, response: requests.Response, reason: Reason) -> Rule:
        status, code = response.status_code, reason.code
        if status == requests.codes.too_many_requests and _OF_JOBS.search(reason.words):
            code = PENDING_JOBS
        own = self.rules.get((status, code)) or self.rules.get((status, ""))
        if own:
            return own
        if _is_success(response):
            return _RETRY_BODY
        if status in _OFTEN_FOREIGN and not reason.is_intercoms:
            return _FOREIGN
        if status == 401 and code not in CODES.keys() - {"unauthorized"} and self._is_of_permission(reason.words):
            return _BAD_SCOPE
        if code in CODES:
            return CODES[code]
        if status in GONE_STATUSES and self.may_be_gone:
            return _GONE
        return STATUSES.get(status) or (_RETRY if status >= 500 else _BAD_REQUEST)

    def _is_of_permission(self, words: str) -> bool:
        return bool(_OF_A_RESOURCE.search(words)) or (self.token.taken and "token" not in words.lower())

    def _resolution(self, rule: Rule, status: int, words: str, proxy: str | None = None) -> ErrorResolution:
        said = one_line(words)
        text = rule.message.format(
            permission=f"the permission “{self.permission}”" if self.permission else "a permission",
            status=status,
            message=said or "no reason given",
            answer=f"{status} ({said})" if said else str(status),
            proxy=one_line(proxy) if proxy else "before Intercom",
        )
        resolution = ErrorResolution(rule.action, rule.failure_type, text)
        self.on_error(resolution)
        return resolution


def _is_success(response: requests.Response) -> bool:
    # requests takes redirects for success, too.
    return response.status_code < 300


def _host_of(location: str) -> str:
    try:
        host = urlsplit(location).hostname or ""
    except ValueError:
        host = ""
    return host if re.fullmatch(r"[\w.:-]{1,253}", host, re.ASCII) else "somewhere else"
