"""What streams are given."""

from dataclasses import dataclass, field
from threading import BoundedSemaphore, Semaphore
from typing import Final

from airbyte_cdk.sources.message import MessageRepository
from requests.utils import get_environ_proxies

from source_intercom.api.client import IntercomApi
from source_intercom.api.hosts import api_url
from source_intercom.api.secrets import hide
from source_intercom.config import Config
from source_intercom.report import Reports

SEARCH_SLOTS: Final = 10
"""Pages of searches that are asked for or read at the same time, of all streams together: every page takes memory,
and contacts came hardly sooner with twice as many."""


@dataclass(frozen=True)
class StreamContext:
    """The options, the connection, and where messages and counts go."""

    config: Config
    api: IntercomApi
    messages: MessageRepository
    reports: Reports = field(default_factory=Reports)
    search_slots: Semaphore = field(default_factory=lambda: BoundedSemaphore(SEARCH_SLOTS))


def connected(config: Config, messages: MessageRepository) -> StreamContext:
    """A context with a connection of its own, whose secrets are hidden from now on."""
    url = api_url(config.region)
    hide(config.secrets, get_environ_proxies(url).values())
    return StreamContext(config, IntercomApi(url, config.access_token, config.num_workers), messages)
