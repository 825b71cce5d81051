"""What streams are given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from threading import BoundedSemaphore, Semaphore
from typing import Any, Final

from airbyte_cdk.sources.message import MessageRepository
from airbyte_cdk.sources.utils.schema_helpers import ResourceSchemaLoader
from requests.utils import get_environ_proxies

from source_intercom.api.client import IntercomApi
from source_intercom.api.hosts import api_url
from source_intercom.api.secrets import hide
from source_intercom.config import Config
from source_intercom.report import Reports

SEARCH_SLOTS: Final = 10
"""Pages of searches that are asked for or read at the same time, of all streams together: every page takes memory,
and contacts came hardly sooner with twice as many."""


Columns = Mapping[str, Mapping[str, Any]]
"""Columns that only this workspace has, with their schemas: those of each stream by its name."""


@cache
def schema_of(name: str) -> Mapping[str, Any]:
    """The JSON schema of a stream, read once: its own `get_json_schema` would keep every stream that asks."""
    schema: Mapping[str, Any] = ResourceSchemaLoader("source_intercom").get_schema(name)
    return schema


@dataclass(frozen=True)
class StreamContext:
    """The options, the connection, and where messages and counts go."""

    config: Config
    api: IntercomApi
    messages: MessageRepository
    reports: Reports = field(default_factory=Reports)
    columns: Columns = field(default_factory=dict)
    search_slots: Semaphore = field(default_factory=lambda: BoundedSemaphore(SEARCH_SLOTS))


def connected(config: Config, messages: MessageRepository, columns: Columns | None = None) -> StreamContext:
    """A context with a connection of its own, whose secrets are hidden from now on."""
    url = api_url(config.region)
    hide(config.secrets, get_environ_proxies(url).values())
    api = IntercomApi(url, config.access_token, config.num_workers)
    return StreamContext(config, api, messages, columns=columns or {})
