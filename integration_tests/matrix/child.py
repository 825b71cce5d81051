"""The connector in a forked process: its pauses shortened, its pages made small, and killed when it is told to be.

Nothing else of the connector is changed.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import requests

from integration_tests.forked import console_script
from integration_tests.matrix import sabotage
from source_intercom import entrypoint
from source_intercom.api import budget, session, usage
from source_intercom.api.session import IntercomSession
from source_intercom.read import checkpoints, family
from source_intercom.read.search_pages import SearchPages
from source_intercom.streams.content import Macros
from source_intercom.streams.deletions import ContactActivities, DeletedConversations, InactiveContacts
from source_intercom.streams.help_center import Articles

PAUSES = 50
"""By how much all pauses are shortened: between retries, between states, while the rate limit is used up."""

PAGE_SIZE = 10
WINDOW_RECORDS = 40
"""Records per page and per window: few records then take many requests, as many records do."""


@dataclass(frozen=True)
class Kill:
    """SIGKILL at the n-th request, before it is sent or after its answer has come."""

    request: int
    answered: bool


@dataclass(frozen=True)
class Job:
    """One run of the connector.

    :param arguments: of the command line
    :param environment: its variables
    :param scaled: whether pauses are shortened and pages made small
    :param read_timeout: seconds without a byte after which a request is given up, if it is scaled
    :param broken: the name of a function of `sabotage` that breaks the connector, to see whether it is noticed
    """

    arguments: list[str]
    environment: Mapping[str, str]
    scaled: bool = True
    read_timeout: float = 1.0
    kill: Kill | None = None
    broken: str | None = None


def main(output: Connection, errors: Path, job: Job) -> None:
    """Runs the connector as its console script does."""
    console_script(output, errors, job.arguments, job.environment, partial(_prepare, job))


def _prepare(job: Job) -> None:
    if job.scaled:
        _scale_down(job.read_timeout)
    if job.broken:
        getattr(sabotage, job.broken)()
    if job.kill:
        _kill(job.kill)


def _scale_down(read_timeout: float) -> None:
    sleep = time.sleep
    _replace(time, "sleep", lambda seconds: sleep(seconds / PAUSES))
    _replace(session, "READ_TIMEOUT", read_timeout)
    _replace(budget, "WINDOW_SECONDS", usage.WINDOW_SECONDS / PAUSES)
    _replace(budget, "PROBE_SECONDS", budget.PROBE_SECONDS / PAUSES)
    _replace(checkpoints, "STATE_INTERVAL", checkpoints.STATE_INTERVAL / PAUSES)
    _replace(SearchPages, "page_size", PAGE_SIZE)
    _replace(family, "WINDOW_RECORDS", WINDOW_RECORDS)
    _replace(family, "PARENT_RECORDS", WINDOW_RECORDS)
    _replace(Articles, "parameter_sets", ({"page": "1", "per_page": str(PAGE_SIZE)},))
    _replace(Macros, "per_page", PAGE_SIZE)
    _replace(DeletedConversations, "parameters", {"order": "desc", "per_page": str(PAGE_SIZE)})
    _replace(ContactActivities, "parameters", {"per_page": str(PAGE_SIZE)})
    _replace(InactiveContacts, "parameter_sets", ({"per_page": str(PAGE_SIZE)},))
    _replace(entrypoint, "FLUSH_SECONDS", entrypoint.FLUSH_SECONDS / PAUSES)


def _replace(module: Any, name: str, value: object) -> None:
    """Sets what must be there already."""
    getattr(module, name)
    setattr(module, name, value)


def _kill(kill: Kill) -> None:
    send: Callable[..., requests.Response] = IntercomSession.send
    lock, sent = threading.Lock(), 0

    def send_or_die(self: IntercomSession, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        nonlocal sent
        with lock:
            sent += 1
            last = sent == kill.request
        if last and not kill.answered:
            os.kill(os.getpid(), signal.SIGKILL)
        response = send(self, request, **kwargs)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return response

    _replace(IntercomSession, "send", send_or_die)
