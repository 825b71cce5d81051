"""The HTTP session: bearer token, version header, timeouts, and the rate budget around every request."""

import os
from typing import Any, Final

import requests
from airbyte_cdk.sources.streams.call_rate import LimiterSession
from airbyte_cdk.sources.streams.http.requests_native_auth import TokenAuthenticator
from requests.utils import get_environ_proxies

from source_intercom.api.budget import RateBudget
from source_intercom.api.connections import Connections
from source_intercom.api.hosts import API_VERSION

CONNECT_TIMEOUT: Final = 10.0
READ_TIMEOUT: Final = 60.0
"""Seconds without a byte after which a request is given up; large search pages take many seconds (API notes 2.1)."""


class IntercomSession(LimiterSession):
    """One session for all streams and threads.

    Every request waits for the rate budget, carries the token and the API version, and times out.
    Connections are kept for up to `connections` threads.
    """

    def __init__(self, url: str, access_token: str, budget: RateBudget, connections: int) -> None:
        super().__init__(api_budget=budget)
        self.budget = budget
        self._read_environment(url)
        self.auth = TokenAuthenticator(access_token)
        self.headers.update({"Accept": "application/json", "Intercom-Version": API_VERSION})
        adapter = Connections(connections)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def _read_environment(self, url: str) -> None:
        # Once: requests would look proxies and certificates up anew for every request (docs/benchmarks.md).
        self.proxies = dict(get_environ_proxies(url))
        self.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        self.trust_env = False

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """The request with the session's headers and token, and without cookies, of which Intercom's API has none."""
        prepared = requests.PreparedRequest()
        prepared.prepare(
            method=request.method,
            url=request.url,
            headers={**self.headers, **(request.headers or {})},
            params=request.params,
            data=request.data,
            json=request.json,
            auth=self.auth,
        )
        return prepared

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send within the budget; a request that gets no answer is taken back out of it."""
        kwargs["timeout"] = kwargs.get("timeout") or (CONNECT_TIMEOUT, READ_TIMEOUT)
        try:
            return super().send(request, **kwargs)
        except Exception:
            self.budget.release()
            raise
