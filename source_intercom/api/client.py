"""The connection to one workspace: its host, its session, and what `GET /me` says about it."""

import threading
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import requests

from source_intercom.api.bodies import Body, json_object
from source_intercom.api.budget import RateBudget
from source_intercom.api.hosts import api_url
from source_intercom.api.session import IntercomSession
from source_intercom.config import Config


class IntercomApi:
    """Shared by all streams of one source: one session, one rate budget, one answer to `GET /me`."""

    def __init__(self, config: Config) -> None:
        self.url = api_url(config.region)
        self.budget = RateBudget()
        self.session = IntercomSession(config.access_token, self.budget, connections=config.num_workers)
        self._lock = threading.Lock()
        self._workspace: Body | None = None

    def me(self) -> requests.Response:
        """`GET /me`: the admin behind the token with its workspace as `app` (API notes 7.4). Needs no permission."""
        return self.session.get(f"{self.url}me")

    def time_zone(self) -> tzinfo | None:
        """The workspace's time zone, asked for once; None when Intercom does not tell or names an unknown one."""
        with self._lock:
            if self._workspace is None:
                self._workspace = self._app()
            try:
                return ZoneInfo(str(self._workspace["timezone"]))
            except (KeyError, ValueError, OSError, ZoneInfoNotFoundError):
                return None

    def _app(self) -> Body:
        try:
            app = (json_object(self.me()) or {}).get("app")
        except requests.RequestException:
            return {}
        return app if isinstance(app, dict) else {}
