"""The HTTP session: bearer token, version header, timeouts and bounds, and the rate budget around every request."""

import logging
import os
from typing import IO, Any, Final
from urllib.parse import urlsplit

import requests
from airbyte_cdk.sources.streams.call_rate import LimiterSession
from airbyte_cdk.sources.streams.http.requests_native_auth import TokenAuthenticator
from requests.utils import get_environ_proxies

from source_intercom.api.bodies import set_aside
from source_intercom.api.budget import RateBudget
from source_intercom.api.connections import Connections
from source_intercom.api.deadline import FILE_POOLS
from source_intercom.api.hosts import API_VERSION, VERSION_HEADER
from source_intercom.api.quiet import summary
from source_intercom.api.transfer import LargeBodies, NoRoomError, Transfer, save

READ_TIMEOUT: Final = 60.0
"""Seconds without a byte after which a request is given up; large search pages take many seconds (API notes 2.1). For
a connection is not waited as long (deadline.py)."""

DOWNLOADS: Final = "download/"
"""Where Intercom's files are, below the API's URL (API notes 10): they may take longer than other answers."""

LAST_SECONDS: Final = 2.0
"""For which the last request of a read that is over may take."""

_LOGGER = logging.getLogger("airbyte")


class IntercomSession(LimiterSession):
    """One session for all streams and threads.

    Every request waits for the rate budget, carries the token and the API version, and times out. Bodies are read
    whole, within the bounds of transfer.py. No redirect is followed: what another host sends is not Intercom's.
    Connections are kept for up to `connections` threads.
    """

    def __init__(self, url: str, access_token: str, budget: RateBudget, connections: int) -> None:
        super().__init__(api_budget=budget)
        self.budget = budget
        self.large_bodies = LargeBodies()
        self._read_environment(url)
        self.auth = TokenAuthenticator(access_token)
        self.headers.update({"Accept": "application/json", VERSION_HEADER: API_VERSION})
        adapter = Connections(connections)
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        self.mount(f"{url}{DOWNLOADS}", Connections(connections, FILE_POOLS))

    def _read_environment(self, url: str) -> None:
        # Once: requests would look proxies and certificates up anew for every request (docs/benchmarks.md).
        self.proxies = dict(get_environ_proxies(url))
        self.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        self.trust_env = False

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: the answer itself is handed on, and becomes an error."""
        return None

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send within the budget and read the body; a request that gets no answer is taken back out of the budget.

        A large body that finds no room is given up, and asked for again when there is: servers do not wait long for
        somebody who does not read. Only readers that keep their bodies have to find room, and all they ask for may be
        asked for again.

        With a file as `into` the body of a success goes there, whatever its size.

        :raises TooLargeError: if the body is larger than any that Intercom sends
        """
        into: IO[bytes] | None = kwargs.pop("into", None)
        kwargs["timeout"] = kwargs.get("timeout") or READ_TIMEOUT
        kwargs["stream"] = True
        while True:
            try:
                response = super().send(request, **kwargs)
            except Exception:
                self.budget.release()
                raise
            if into and response.ok and not response.is_redirect:
                return self._saved(response, into)
            response.raw = Transfer(response.raw, self.large_bodies)
            try:
                return self._read(response)
            except NoRoomError:
                response.close()
                self.large_bodies.wait()
            except Exception:
                response.close()
                raise

    def send_last(self, method: str, url: str) -> None:
        """Send a request of a read that is over, once, and outside of the rate budget, which may be closed.

        :raises requests.RequestException: if it was not answered
        """
        request = self.prepare_request(requests.Request(method, url))
        answer = requests.Session.send(self, request, timeout=LAST_SECONDS, proxies=self.proxies, verify=self.verify)
        answer.close()

    @staticmethod
    def _saved(response: requests.Response, into: IO[bytes]) -> requests.Response:
        with response:
            save(response, into)
        set_aside(response)
        return response

    @staticmethod
    def _read(response: requests.Response) -> requests.Response:
        if response.content is not None and not response.ok:
            request = response.request
            _LOGGER.info("%s %s was answered %s", request.method, urlsplit(request.url).path, summary(response))
        return response
