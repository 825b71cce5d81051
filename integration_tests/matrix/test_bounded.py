"""Failures that do not pass: one clear error for the stream, after few requests, and the other streams finish."""

import re
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any, NamedTuple

import pytest

from integration_tests.comparison import truth
from integration_tests.connector import STREAMS
from integration_tests.faults import fault, fault_of
from integration_tests.matrix.destination import Destination
from integration_tests.matrix.runner import Runner
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox
from source_intercom.config import DEFAULT_WORKERS
from unit_tests.contracts import ASKED, CONTRACTS, SEARCHED, Way, by_way, relying_on

SHAPES = {way: by_way(way)[0] for way in Way if way not in (Way.NESTED, Way.OWN)}
"""One stream of each way of reading that has requests of its own, and shares it with others."""

SEVERAL = [stream for way, stream in SHAPES.items() if way is not Way.WHOLE]
"""Those of them that take several requests."""

OF_LATE = {"contact_events", "custom_object_instances"}
"""What looks only at contacts and conversations that were active lately; none of those is disturbed."""

TRIES = 6
MOST_REQUESTS = (DEFAULT_WORKERS + 1) * TRIES
"""All workers try in vain at the same time, and what they do stops with the first that gives up."""

READ_TIMEOUT = 0.5


class Case(NamedTuple):
    """A fault that does not pass, on one stream, from its n-th request on; and the failure type that it leads to."""

    stream: str
    action: dict[str, Any]
    kind: str
    after: int = 0

    def __str__(self) -> str:
        return "-".join([self.stream, *map(str, self.action.values()), *(["later"] if self.after else [])])


VERSION = "intercom_version_invalid"
"""Of a request that names a newer version it says that the workspace's API does not offer that."""


def status(code: int, error: str = "") -> dict[str, Any]:
    return {"status": code, "code": error} if error else {"status": code}


STALL = {"kind": "stall", "seconds": 3}
WRONG = (status(400, "parameter_invalid"), status(405), status(422))
FORBIDDEN = (
    *(status(401, error) for error in ("unauthorized", "token_revoked", "token_unauthorized")),
    status(402),
    status(403, "forbidden"),
    status(403, "api_plan_restricted"),
)
UNAVAILABLE = (
    *(status(code) for code in (408, 429, 500, 502)),
    *(status(code) | {"body": body} for code, body in ((500, "html"), (503, "empty"), (504, "truncated"))),
    *({"kind": kind} for kind in ("reset", "truncated", "empty", "html")),
)
KINDS = (("system_error", WRONG), ("config_error", FORBIDDEN), ("transient_error", UNAVAILABLE))


def cases() -> Iterator[Case]:
    shapes = cycle(SHAPES.values())
    for kind, actions in KINDS:
        for number, action in enumerate(actions):
            for stream in [*SHAPES.values()] if number == 0 else [next(shapes) for _ in range(3)]:
                yield Case(stream, action, kind)
        yield from (Case(stream, actions[-1], kind, after=2) for stream in SEVERAL)
    for where in ("headers", "body"):
        yield from (Case(stream, STALL | {"where": where}, "transient_error") for stream in SEVERAL[:3])
    for stream in SHAPES.values():
        yield Case(stream, status(400, VERSION), "config_error" if CONTRACTS[stream].version else "system_error")
    yield Case("contacts", status(404), "transient_error")
    yield Case("companies", status(404), "transient_error")
    yield Case("companies", status(404), "transient_error", after=2)
    yield Case("companies", status(400, "scroll_exists"), "transient_error")
    yield Case("companies", {"kind": "scroll_dies"}, "transient_error", after=1)
    for stream in ("contacts", "tickets"):
        yield Case(stream, {"kind": "repeat_cursor"}, "transient_error", after=1)
    for stream in SEARCHED:
        yield Case(stream, status(400, "client_error"), "system_error")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sizes = {"contacts": 45, "companies": 210, "conversations": 30, "parts": 60, "tickets": 25, "tags": 40}
    with start(rate_limit=0, scroll_expiry=0.5, **sizes) as running:
        for number, links in enumerate(("contact_tags", "contact_companies", "contact_subscriptions")):
            # More than a contact carries, so that they are asked for.
            crowded = [row["id"] for row in running.truth("contacts")][number : number + 3]
            running.mutate("create", object=links, parents=[each for each in crowded for _ in range(12)])
        yield running


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_a_failure_that_does_not_pass_ends_its_stream(sandbox: Sandbox, case: Case) -> None:
    failing, path = relying_on(case.stream) - {*by_way(Way.OWN)}, CONTRACTS[case.stream].pattern
    selected = [name for name in STREAMS if name in failing or name in SHAPES.values()]
    sandbox.reset_requests()
    sandbox.faults([fault(path, after=case.after, **case.action)])
    run = Runner(sandbox).read(streams=selected, read_timeout=READ_TIMEOUT)
    asked = [entry for entry in sandbox.log() if re.search(path, entry["path"])]
    sandbox.faults([])

    assert run.exit_code == 1
    assert {name for name in selected if run.statuses[name][-1] != "COMPLETE"} == failing
    failures = [failure for failure in run.failures if failure.stream]
    assert sorted(failure.stream for failure in failures) == sorted(failing)
    assert {failure.kind for failure in failures} == {case.kind}
    assert not [failure for failure in failures if "unexpected" in failure.message]
    assert len(asked) <= MOST_REQUESTS

    assert run.final_states.keys() == set(selected)
    if case.after:
        destination = Destination()
        destination.apply(run)
        destination.apply(Runner(sandbox).read(destination.states, streams=selected))
        assert {name: destination.rows[name] for name in selected} == {name: truth(sandbox, name) for name in selected}


@pytest.mark.parametrize(
    ("kind", "action", "streams"),
    [
        *((kind, actions[0], ASKED) for kind, actions in KINDS),
        ("system_error", status(404), by_way(Way.PAGES, Way.CURSORS, Way.WHOLE, Way.FEED)),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_every_stream_fails_with_an_error_of_its_own(
    sandbox: Sandbox, kind: str, action: dict[str, Any], streams: Sequence[str]
) -> None:
    """All of them in one read, but for one that is not disturbed."""
    disturbed = [name for name in streams if name != "tags"]
    failing = relying_on(*disturbed)
    sandbox.faults([fault_of(name, **action) for name in disturbed])
    run = Runner(sandbox).read(read_timeout=READ_TIMEOUT)
    sandbox.faults([])
    assert {name for name in STREAMS if run.statuses[name][-1] != "COMPLETE"} == failing
    failures = [failure for failure in run.failures if failure.stream]
    assert sorted(failure.stream for failure in failures) == sorted(failing)
    assert {failure.kind for failure in failures} == {kind}


@pytest.mark.parametrize("body", ["json", "html"])
def test_404_to_every_conversation_is_not_taken_for_deletions(sandbox: Sandbox, body: str) -> None:
    sandbox.faults([fault_of("conversation_parts", status=404, body=body)])
    run = Runner(sandbox).read(streams=["conversation_parts"])
    sandbox.faults([])
    assert run.exit_code == 1
    assert run.statuses["conversation_parts"][-1] == "INCOMPLETE"
    destination = Destination()
    destination.apply(run)
    destination.apply(Runner(sandbox).read(destination.states, streams=["conversation_parts"]))
    assert destination.rows["conversation_parts"] == truth(sandbox, "conversation_parts")


@pytest.mark.parametrize("stream", ["article_statistics", "article_versions"])
def test_404_to_every_one_of_a_few_articles_is_not_taken_for_deletions(stream: str) -> None:
    """So few that all of them might have been deleted, if the list did not show them on."""
    with start(rate_limit=0, articles=10) as few:
        few.faults([fault(r"^/articles/\d+(/versions)?$", status=404)])
        run = Runner(few).read(streams=[stream])
    assert run.exit_code == 1
    assert run.statuses[stream][-1] == "INCOMPLETE"
    assert "404 to articles that it still finds" in run.failed_streams[stream].message


@pytest.mark.parametrize("status", [404, 500])
def test_records_that_are_not_delivered_cost_no_others_and_come_when_they_are(sandbox: Sandbox, status: int) -> None:
    lacking = {name: sorted(key for (key,) in truth(sandbox, name))[3:23:9] for name in SEARCHED}
    child = next(row["conversation_id"] for row in truth(sandbox, "conversation_parts").values())
    sandbox.faults(
        [fault_of(name, kind="refused_record", ids=ids, status=status) for name, ids in lacking.items()]
        + [fault(f"^/conversations/{child}$", status=500)]
    )
    destination = Destination()
    for _ in range(2):
        run = Runner(sandbox).read(destination.states)
        destination.apply(run)
        assert run.exit_code == 1
        assert {failure.stream for failure in run.failures if failure.stream} == relying_on(*SEARCHED) - OF_LATE
        for name in SEARCHED:
            assert truth(sandbox, name).keys() - destination.rows[name].keys() == {(each,) for each in lacking[name]}
        held = {row["conversation_id"] for row in destination.rows["conversation_parts"].values()}
        whole = {row["conversation_id"] for row in truth(sandbox, "conversation_parts").values()}
        assert whole - held == (whole & set(lacking["conversations"])) | {child}
    sandbox.faults([])
    destination.apply(Runner(sandbox).read(destination.states))
    assert {name: destination.rows[name] for name in STREAMS} == {name: truth(sandbox, name) for name in STREAMS}
    assert not [state for state in destination.states.values() if "owed" in state]
