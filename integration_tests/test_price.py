"""What docs/scale.md and the log say that reading costs is what it costs."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from integration_tests.connector import STREAMS, Connector
from integration_tests.messages import Run
from integration_tests.sandboxes import start
from integration_tests.sizes import every
from intercom_sandbox.client import Sandbox
from scripts.pages.prices import requests
from source_intercom.streams import STREAMS as KINDS
from unit_tests.contracts import CONTRACTS, Way

CHILDREN = [name for name in STREAMS if CONTRACTS[name].way is Way.CHILD]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start(rate_limit=0, **{**every(400), "contacts": 3000, "parts": 800, "companies": 800}) as running:
        yield running


@pytest.fixture(scope="module")
def run(sandbox: Sandbox) -> Run:
    """All streams whose requests go to addresses of their own, so that they can be told apart."""
    sandbox.reset_requests()
    streams = [name for name in STREAMS if CONTRACTS[name].way is not Way.OWN]
    return Connector(sandbox).read(streams, mode="full_refresh")


@pytest.fixture(scope="module")
def sent(run: Run, sandbox: Sandbox) -> dict[str, int]:
    assert run.exit_code == 0
    by_path: dict[str, int] = sandbox.requests()["by_path"]
    return by_path


@pytest.mark.parametrize("name", [name for name in STREAMS if CONTRACTS[name].way not in (Way.CHILD, Way.OWN)])
def test_a_stream_takes_as_many_requests_as_is_said(
    name: str, sandbox: Sandbox, counts: dict[str, int], sent: dict[str, int]
) -> None:
    """Within a fifth, and a few: a list that counts nothing is read twice, a search looks once more at its end."""
    kind = dict(zip(CONTRACTS, KINDS, strict=True))[name]
    start = datetime.fromisoformat(Connector(sandbox).config()["start_date"])
    said = requests(kind, name, counts, (datetime.now(UTC) - start).days)
    if not said:
        assert CONTRACTS[name].way is Way.NESTED
        return
    found = sent[CONTRACTS[name].counted_as]
    twice = 2 if CONTRACTS[name].way is Way.CURSORS else 1
    assert said * 0.8 - 3 <= found <= twice * (said * 1.2 + 3)


@pytest.mark.parametrize("name", CHILDREN)
def test_a_stream_that_asks_parent_by_parent_says_how_many_requests_that_may_take(
    name: str, run: Run, counts: dict[str, int], sent: dict[str, int]
) -> None:
    parent = CONTRACTS[name].parent
    assert parent
    most = counts[parent.stream]
    assert any(line.startswith(f"{name}: asking for {most} {parent.stream} takes up to") for line in run.logs)
    assert 0 < sent[CONTRACTS[name].counted_as] <= most * 1.1 + 1


def test_a_read_sends_nothing_but_gets_and_searches_unless_streams_of_exports_are_selected(
    sent: dict[str, int],
) -> None:
    """Nor does it ask for a contact's banners, which would count them as seen (API notes 14).

    What those send besides, test_exports.py says.
    """
    assert {each for each in sent if not re.fullmatch(r"GET .*|POST /.*/search", each)} == set()
    assert not [each for each in sent if "banners" in each]
