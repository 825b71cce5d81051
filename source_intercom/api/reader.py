"""The one sender of requests."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Any

from airbyte_cdk.sources.message import MessageRepository
from airbyte_cdk.sources.streams.http import HttpClient
from airbyte_cdk.sources.streams.http.error_handlers import ErrorResolution, ResponseAction
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.bodies import Body, replaced_in
from source_intercom.api.client import IntercomApi
from source_intercom.api.errors import GONE_STATUSES, MAX_RETRIES, IntercomErrorHandler, in_one_sentence
from source_intercom.api.hosts import VERSION_HEADER
from source_intercom.api.quiet import without_bodies
from source_intercom.api.turns import SENDER
from source_intercom.report import Reports


class GoneError(Exception):
    """A record that may be gone is (404, or 410 where it was merged into another)."""


class Reader:
    """Sends requests, and reads what comes, on behalf of one stream.

    A request is repeated where that may help, and what keeps it from an answer is raised in one sentence
    (api/errors.py). Whatever is sent, repeated, refused or replaced is counted for the stream.

    :param name: the stream
    :param rules: what to do about each answer
    :param version: the version of the API that is asked, if another than the session's
    """

    def __init__(
        self,
        api: IntercomApi,
        name: str,
        rules: IntercomErrorHandler,
        reports: Reports,
        messages: MessageRepository,
        logger: logging.Logger,
        version: str = "",
    ) -> None:
        self.api = api
        self.name = name
        self.logger = logger
        self.trouble = ""
        """The last answer that was no success, in the sentence of its rule."""
        self._rules = replace(rules, on_error=self._note_trouble, token=api.token)
        self._reports = reports
        self._messages = messages
        self._headers = {VERSION_HEADER: version} if version else {}
        self._clients: dict[int, HttpClient] = {}

    def get(self, path: str, parameters: Mapping[str, Any] | None = None, retries: int = MAX_RETRIES) -> Body:
        """The body of `GET path`.

        :param retries: how often the request is repeated
        :raises AirbyteTracedException: what keeps Intercom from answering
        :raises GoneError: if what is asked for is gone, and may be by the rules
        :raises PaginationResetRequiredException: if the request has lost its place among the pages
        """
        return self._send("GET", path, retries, params=parameters or {})

    def post(
        self,
        path: str,
        json: Mapping[str, Any],
        parameters: Mapping[str, Any] | None = None,
        retries: int = MAX_RETRIES,
    ) -> Body:
        """The body of `POST path`; raises as `get` does.

        It searches, and changes nothing. The one other thing that is asked for by POST is an export (api/jobs.py).
        """
        return self._send("POST", path, retries, params=parameters or {}, json=json)

    def download(self, path: str, parameters: Mapping[str, Any], file: IO[bytes]) -> None:
        """Put the file that `GET path` answers with into a file; raises as `get` does."""
        headers = {**self._headers, "Accept": "application/octet-stream"}
        self._send("GET", path, MAX_RETRIES, {"into": file}, params=parameters, headers=headers)

    def count(self, what: str, number: int = 1) -> None:
        """Count something for the report at the end of the read."""
        self._reports.add(self.name, what, number)

    def _send(
        self, method: str, path: str, retries: int, kwargs: Mapping[str, Any] | None = None, **content: Any
    ) -> Body:
        self.count(report.REQUESTS)
        SENDER.set(self.name)
        url = f"{self.api.url}{path}"
        try:
            sender = self._client(retries)
            content.setdefault("headers", self._headers)
            _, response = sender.send_request(method, url, request_kwargs=kwargs or {}, **content)
        except AirbyteTracedException as error:
            raise in_one_sentence(error) from error
        if replaced := replaced_in(response):
            self.count(report.REPLACED, replaced)
        if response.status_code in GONE_STATUSES and self._rules.may_be_gone:
            raise GoneError
        return self._rules.body_of(response) or {}

    def _client(self, retries: int) -> HttpClient:
        if retries not in self._clients:
            self._clients[retries] = HttpClient(
                name=self.name,
                logger=without_bodies(self.logger),
                error_handler=replace(self._rules, max_retries=retries),
                session=self.api.session,
                message_repository=self._messages,
            )
        return self._clients[retries]

    def _note_trouble(self, resolution: ErrorResolution) -> None:
        self.trouble = resolution.error_message or ""
        if resolution.response_action == ResponseAction.RATE_LIMITED:
            self.count(report.REFUSALS)
        elif resolution.response_action == ResponseAction.RETRY:
            self.count(report.RETRIES)
