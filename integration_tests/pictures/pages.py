"""The pages that pictures show: each is brought up with data that is always the same."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from integration_tests.connector import Connector
from integration_tests.dashboard import command
from integration_tests.dashboard.tables import WORKSPACE
from integration_tests.oauth.form import write
from integration_tests.sandboxes import start

FIVE_MINUTES = Path(__file__).with_name("five_minutes.js").read_text(encoding="utf-8")
"""A script that has the sandbox's page show made-up requests: those of a picture must always be the same."""

_LIMIT = 200
"""Requests per window, which the made-up ones keep to."""


@contextmanager
def form() -> Iterator[str]:
    """The connection form, of an instance whose users bring an app of their own."""
    (spec,) = Connector(None).run("spec").of_type("SPEC")
    with tempfile.TemporaryDirectory() as directory:
        page = Path(directory, "form.html")
        write(page, spec, own_app=True)
        yield page.as_uri()


@contextmanager
def consent() -> Iterator[str]:
    """The page on which a user of the sandbox authorizes an app."""
    asked = {"client_id": "sandbox-client", "redirect_uri": "https://airbyte.example.com/auth_flow"}
    with start(contacts=5, companies=3, conversations=8, parts=20, tickets=3, articles=3) as running:
        yield f"{running.url}/oauth?{urlencode(asked)}"


@contextmanager
def dashboard() -> Iterator[str]:
    """The page of charts, of half a year that is made up."""
    with tempfile.TemporaryDirectory() as directory:
        yield command.draw(WORKSPACE, Path(directory)).as_uri()


@contextmanager
def sandbox() -> Iterator[str]:
    """The sandbox's page."""
    with start(rate_limit=_LIMIT) as running:
        yield running.url
