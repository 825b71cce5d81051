"""The connection to one workspace: its host, its session, and what `GET /me` says about it."""

import logging
import threading
from datetime import tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from airbyte_cdk.sources.streams.http import HttpClient
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.bodies import Body, json_object
from source_intercom.api.budget import RateBudget
from source_intercom.api.errors import IntercomErrorHandler, TokenUse, in_one_sentence
from source_intercom.api.open_jobs import OpenJobs
from source_intercom.api.quiet import without_bodies
from source_intercom.api.session import IntercomSession

ME_PERMISSION: Final = "Read one admin"
"""What `GET /me` needs if it needs any: none is documented (API notes 7.4)."""

_LOGGER = logging.getLogger("airbyte")


class IntercomApi:
    """Shared by all streams of one source: one session, one rate budget, one answer to `GET /me`, the open jobs.

    :param url: where the API is, with a slash at its end
    :param connections: how many requests may be in flight, whoever sends them
    """

    def __init__(self, url: str, access_token: str, connections: int) -> None:
        self.url = url
        self.token = TokenUse()
        self.budget = RateBudget(connections)
        self.jobs = OpenJobs()
        self.session = IntercomSession(url, access_token, self.budget, connections)
        handler = IntercomErrorHandler(ME_PERMISSION, token=self.token)
        self._http_client = HttpClient("me", without_bodies(_LOGGER), handler, session=self.session)
        self._lock = threading.RLock()
        self._workspace: Body | None = None

    def close(self) -> None:
        """Close the connections that are kept open; those of requests under way close behind them."""
        self.session.close()

    def me(self) -> Body:
        """`GET /me`: the admin behind the token with its workspace as `app` (API notes 7.4). Needs no permission.

        :raises AirbyteTracedException: what kept Intercom from answering, in one sentence
        """
        try:
            _, response = self._http_client.send_request("GET", f"{self.url}me", request_kwargs={})
        except AirbyteTracedException as error:
            raise in_one_sentence(error) from error
        return json_object(response) or {}

    def workspace(self) -> Body:
        """What `GET /me` says of the workspace, asked for once: `id_code`, `timezone`, `region` and more, or nothing.

        :raises AirbyteTracedException: as `me`
        """
        with self._lock:
            if self._workspace is None:
                app = self.me().get("app")
                self._workspace = app if isinstance(app, dict) else {}
            return self._workspace

    def time_zone(self) -> tzinfo | None:
        """The workspace's time zone, asked for once; None when Intercom does not tell or names an unknown one."""
        with self._lock:
            try:
                return ZoneInfo(str(self.workspace()["timezone"]))
            except AirbyteTracedException as error:
                self._workspace = {}
                _LOGGER.warning("The time zone is unknown, contacts are read with wider searches: %s", error)
            except (KeyError, ValueError, OSError, ZoneInfoNotFoundError):
                pass
            return None
