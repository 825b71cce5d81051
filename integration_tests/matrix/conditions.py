"""Everything that may happen while the connector reads, as a list that is generated."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from random import Random
from typing import Any

from integration_tests.matrix import changes
from integration_tests.matrix.destination import Deduplicating, Destination
from intercom_sandbox.client import Sandbox
from unit_tests.contracts import EXPORTED, REPRESENTATIVES, SEARCHED, relying_on

Begin = Callable[[Sandbox, Random], None]
Fault = dict[str, Any]

SCROLLED = tuple(each for each in REPRESENTATIVES if each in relying_on("companies"))
FOUND = tuple(each for each in REPRESENTATIVES if each in relying_on(*SEARCHED))
"""What is read where only the scroll is disturbed, or only searches are."""

SCROLL = "^/companies/scroll$"
SEARCH = "/search$"
ANY = "^/"

SEED = int(os.environ.get("MATRIX_SEED", "1"))
"""Seed of the data and of every choice; the variable repeats what another seed showed."""

KILLS = 26
"""Runs that are killed in a trial of a condition that kills, if it says no other number."""

REPEATED = "repeated request"
RESTARTED = "restart"


@dataclass(frozen=True)
class Condition:
    """What happens while a run reads.

    `begin` sets it up in the sandbox, before the run; `afterwards` is what is done when the run has ended. `signs` are
    statuses of answers, or words of the connector's report, one of which must be there, so that the condition is known
    to have happened. `kills` is where runs are killed, if they are, and `least_kills` how often; else there are so many
    `reads`. `streams` are those that are read, the same in all of a family, and `destination` is where their rows go.
    """

    name: str
    family: str
    begin: Begin = lambda sandbox, rng: None
    signs: tuple[str, ...] = ()
    changes: bool = False
    deletes: bool = False
    lags: bool = False
    kills: str = ""
    least_kills: int = KILLS
    reads: int = 1
    scaled: bool = True
    afterwards: Callable[[Sandbox], None] = lambda sandbox: None
    options: Mapping[str, Any] = field(default_factory=dict)
    streams: tuple[str, ...] = REPRESENTATIVES
    destination: type[Destination] = Destination

    def __str__(self) -> str:
        return f"{self.family}: {self.name}"


def conditions() -> list[Condition]:
    """All conditions, family by family."""
    families = (
        _undisturbed,
        _changes,
        _lags,
        _limits,
        _statuses,
        _network,
        _scroll,
        _cursors,
        _departures,
        _kills,
        _deletes,
        _exports,
    )
    return [condition for family in families for condition in family()]


def _undisturbed() -> Iterator[Condition]:
    yield Condition("clean", "Undisturbed")


def _changes() -> Iterator[Condition]:
    family = "The workspace changes while it is read"
    for name in changes.PLANS:
        yield Condition(name, family, changes.plan_changes(name), changes=True, deletes=name in changes.DELETING)


def _lags() -> Iterator[Condition]:
    family = "The search index lags"
    lag = _together(_settings(index_lag=1.5), changes.plan_changes("everything at once"))
    yield Condition("by a second and a half", family, lag, changes=True, deletes=True, lags=True)
    edited = _together(_settings(index_lag=90, fresh_bodies=True), _touch)
    yield Condition("by 90 seconds, bodies are fresh", family, edited, changes=True, lags=True)
    fresh = _together(_settings(fresh_bodies=True), lag)
    yield Condition("by a second and a half, bodies are fresh", family, fresh, changes=True, deletes=True, lags=True)
    for name, seconds, options in (
        ("by 9 minutes", 540, {}),
        ("by 23 hours, lookback window of a day", 82_800, {"lookback_window": 1}),
    ):
        late = partial(changes.come_late, seconds=seconds)
        yield Condition(name, family, _touch, afterwards=late, changes=True, options=options)


def _limits() -> Iterator[Condition]:
    family = "The rate limit"
    burst = {"path": ANY, "after": 10, "times": 40, "action": {"status": 429}}
    yield Condition("429 in a burst", family, _faults(burst), ("429",))
    yield Condition("429 now and then", family, _faults(_now_and_then({"status": 429})), ("429",))
    yield Condition("used up", family, _settings(rate_limit=80, other_clients=0.1), scaled=False)


def _statuses() -> Iterator[Condition]:
    for status, body in (*product((500, 502, 503, 504), ("JSON", "HTML")), (500, "empty"), (502, "truncated")):
        faults = _faults(_now_and_then({"status": status, "body": body.lower()}))
        yield Condition(f"{status} {body}", "Errors", faults, (str(status),))


def _network() -> Iterator[Condition]:
    family = "The network"
    for name, action, times in (
        ("stalled answer", {"kind": "stall", "seconds": 5}, 8),
        ("stalled in the body", {"kind": "stall", "seconds": 5, "where": "body"}, 8),
        ("reset", {"kind": "reset"}, None),
        ("cut off", {"kind": "truncated"}, None),
        ("empty 200", {"kind": "empty"}, None),
        ("HTML 200", {"kind": "html"}, None),
    ):
        yield Condition(name, family, _faults(_now_and_then(action) | {"times": times}), (REPEATED,))


def _scroll() -> Iterator[Condition]:
    family = "The companies' scroll"
    exists = {"status": 400, "code": "scroll_exists"}
    stall = {"kind": "stall", "seconds": 5, "where": "body"}
    for name, after, times, action, signs in (
        ("dies of a 500", 1, 1, {"kind": "scroll_dies"}, ("500",)),
        ("500, and lives on", 1, 1, {"status": 500}, ("500",)),
        ("expired (404)", 1, 1, {"status": 404}, ("404",)),
        ("502 after a page", 1, 1, {"status": 502}, ("502",)),
        ("502 instead of a page", 1, 1, {"status": 502, "lost": True}, ("502",)),
        ("empty 200 instead of a page", 1, 1, {"kind": "empty", "lost": True}, (REPEATED, RESTARTED)),
        ("page cut off", 1, 1, {"kind": "truncated"}, (REPEATED, RESTARTED)),
        ("page stalled", 1, 1, stall, (REPEATED, RESTARTED)),
        ("scroll_exists", 0, 4, exists, ("400",)),
    ):
        fault = _faults({"path": SCROLL, "after": after, "times": times, "action": action})
        # A scroll that outlives a timeout of the connector's, as Intercom's does.
        begin = _together(_settings(scroll_expiry=1.5), fault) if action is stall else fault
        yield Condition(name, family, begin, signs, streams=SCROLLED)
    yield Condition(
        "held by another", family, lambda sandbox, rng: sandbox.hold_scroll(0.7), ("400",), streams=SCROLLED
    )


def _cursors() -> Iterator[Condition]:
    family = "Cursors of searches"
    repeat = {"path": SEARCH, "after": 1, "every": 2, "action": {"kind": "repeat_cursor"}}
    yield Condition("repeated", family, _faults(repeat), (RESTARTED,), streams=FOUND)
    leave_out = {"after": 1, "every": 2, "times": 3, "action": {"kind": "left_out"}}
    searches = ({"path": f"^/{name}/search$", **leave_out} for name in ("contacts", "conversations", "tickets"))
    yield Condition("records left out", family, _faults(*searches), (RESTARTED,), streams=FOUND)
    refuse = {"path": SEARCH, "after": 4, "every": 5, "action": {"status": 400, "code": "client_error"}}
    yield Condition("refused", family, _faults(refuse), ("400",), streams=FOUND)


def _departures() -> Iterator[Condition]:
    """Who reads while the store of events is down is told that there are none, and cannot know better."""
    family = "What tells of departures"
    for name, settings, lags in (
        ("deleted conversations by their ids", {"deleted_order": "id"}, False),
        ("activities without their store", {"activity_store_down": True}, True),
    ):
        begin = _together(_settings(**settings), changes.depart)
        yield Condition(name, family, begin, changes=True, deletes=True, lags=lags)


def _kills() -> Iterator[Condition]:
    """Answers take unequal times, so that windows and conversations are done in any order."""
    family = "Killed, and resumed from the last state"
    errors = ((6, {"status": 502}), (7, {"kind": "reset"}))
    faults = _faults(*({"path": ANY, "every": every, "action": action} for every, action in errors))
    unequal = _settings(jitter=0.04)
    everything = _together(unequal, changes.plan_changes("everything at once"))
    yield Condition("at requests", family, unequal, kills="requests")
    yield Condition("at lines of output", family, unequal, kills="lines")
    yield Condition("while all changes", family, everything, changes=True, deletes=True, kills="requests")
    yield Condition("among errors", family, _together(unequal, faults), kills="requests")


def _deletes() -> Iterator[Condition]:
    """Contacts and conversations go, and change, before they are read and meanwhile."""
    nothing = _faults(
        {"path": "^/contacts/activities$", "action": {"kind": "replaced", "values": {"data": []}}},
        {"path": "^/conversations/deleted$", "action": {"kind": "replaced", "values": {"conversations": []}}},
    )
    lag = _settings(index_lag=5)
    fresh = _settings(index_lag=5, fresh_bodies=True)
    for name, begin, more in (
        ("undisturbed", _settings(), {}),
        ("the index lags", lag, {"lags": True, "reads": 2}),
        ("the index lags, bodies are fresh", fresh, {"lags": True, "reads": 2}),
        ("deletions in another order", _settings(deleted_order="id"), {}),
        ("lists of who is gone are empty", nothing, {"lags": True}),
        ("the store of activities is down", _settings(activity_store_down=True), {"lags": True}),
        ("killed at requests", _settings(jitter=0.04), {"kills": "requests", "least_kills": 5}),
        ("killed at lines of output", _settings(jitter=0.04), {"kills": "lines", "least_kills": 5}),
    ):
        yield Condition(
            name,
            "The option apply_deletes",
            _together(begin, changes.leave_and_change),
            changes=True,
            options={"apply_deletes": True},
            streams=("contacts", "conversations"),
            destination=Deduplicating,
            **more,
        )


def _exports() -> Iterator[Condition]:
    """Messages are sent, and something comes of those of the last days, while jobs are done and undone."""
    family = "Jobs of the content export"
    sent, ever = changes.send_and_engage, {"message_lookback_days": 3_650}  # as receipts tell names, which change
    for name, begin, more in (
        ("no trouble", _settings(), {}),
        ("somebody else has one", lambda sandbox, rng: sandbox.hold_export(attempts=3), {}),
        ("cancelled by somebody", _job_faults({"status": "canceled"}), {"signs": (RESTARTED,)}),
        ("unknown all of a sudden", _job_faults({"kind": "vanishes", "at_poll": 1}), {"signs": (RESTARTED,)}),
        ("the file has expired", _job_faults({"kind": "expired"}), {"signs": (RESTARTED,)}),
        (
            "the file breaks off",
            _job_faults({"kind": "truncated", "bytes": 900, "silent": True}),
            {"signs": (RESTARTED,)},
        ),
        ("502 now and then", _faults(_now_and_then({"status": 502}) | {"every": 2}), {"signs": ("502",)}),
        ("killed at requests", _settings(jitter=0.04), {"kills": "requests", "least_kills": 12}),
        ("killed at lines of output", _settings(jitter=0.04), {"kills": "lines", "least_kills": 5}),
    ):
        begin = _together(begin, sent)
        yield Condition(name, family, begin, changes=True, options=ever, streams=EXPORTED, **more)


def _job_faults(action: Fault) -> Begin:
    return lambda sandbox, rng: sandbox.job_faults([{"export": "content", "action": action}])


def _faults(*rules: Fault) -> Begin:
    return lambda sandbox, rng: sandbox.faults(list(rules))


def _settings(**settings: Any) -> Begin:
    return lambda sandbox, rng: sandbox.configure(**settings)


def _touch(sandbox: Sandbox, rng: Random) -> None:
    changes.touch(sandbox)


def _together(*begins: Begin) -> Begin:
    def begin(sandbox: Sandbox, rng: Random) -> None:
        for each in begins:
            each(sandbox, rng)

    return begin


def _now_and_then(action: Fault) -> Fault:
    """Each sixth request of every kind fails."""
    return {"path": ANY, "after": 1, "every": 6, "action": action}
