"""What people do in the workspace before the connector reads, and while it does."""

import time
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from intercom_sandbox.client import Sandbox
from unit_tests.contracts import CONTRACTS, CURSORS, ROOTS, SEARCHED, Way, by_way

Entry = dict[str, Any]
Plan = Callable[[Sandbox, Random], list[Entry]]

LISTED = tuple(stream for stream in ROOTS if stream not in CURSORS or stream in by_way(Way.CURSORS))
"""Streams of lists whose rows change; what else has a cursor and is no search, such as a log, only grows."""

CREATED = tuple(stream for stream in (*SEARCHED, *LISTED) if CONTRACTS[stream].key == ("id",))
"""Without attributes, which have no ids: nobody creates Intercom's own."""

DELETED = (*SEARCHED, "companies", "articles", "tags", "macros")

DEPARTURES = (
    ("conversations", "delete"),
    ("contacts", "delete"),
    ("contacts", "archive_contacts"),
    ("contacts", "block_contacts"),
)
"""Ways in which rows go of which other streams tell."""

REQUESTS = 50
"""Changes are spread over so many requests; a read takes more."""

DAY = 86_400


def history(sandbox: Sandbox, rng: Random) -> None:
    """Five days of changes, so that an incremental read has much to read; what goes has not been read before."""
    now = int(time.time())
    for _ in range(30):
        at = now - rng.randrange(5 * DAY)
        kind = rng.choice(SEARCHED)
        sandbox.mutate("update", object=kind, count=3, at=at)
        sandbox.mutate(rng.choice(("add_parts", "edit_parts")), at=at, parts=2)
        sandbox.mutate("create", object=kind, at=at, parts=2)
    for kind in LISTED:
        sandbox.mutate("update", object=kind)
    for kind, operation in DEPARTURES:
        sandbox.mutate(operation, object=kind, ids=sandbox.mutate("create", object=kind, count=4, parts=1))


def come_late(sandbox: Sandbox, seconds: int) -> None:
    """Objects come into view that changed so long ago, although others that changed later were in view before."""
    at = int(time.time()) - seconds
    for kind in SEARCHED:
        sandbox.mutate("create", object=kind, count=2, at=at, parts=2)
        sandbox.mutate("update", object=kind, count=2, at=at)
    sandbox.mutate("add_parts", at=at, parts=2)


def touch(sandbox: Sandbox) -> None:
    """Changes some objects now, so that a read's state comes up to now."""
    for kind in SEARCHED:
        sandbox.mutate("update", object=kind, count=3)
    sandbox.mutate("edit_parts", count=3)


def send_and_engage(sandbox: Sandbox, _rng: Random) -> None:
    """Messages are sent, and opened, some of them twice within a second."""
    sandbox.mutate("send_messages", count=12)
    opened = sandbox.mutate("engage", count=8)
    sandbox.mutate("engage", ids=opened)


def _at_any_request(rng: Random, mutation: Entry) -> Entry:
    return {"path": "^/", "after": rng.randint(1, REQUESTS), "mutation": mutation}


def _new_parts(sandbox: Sandbox, rng: Random) -> list[Entry]:
    return [_at_any_request(rng, {"operation": "add_parts", "count": 2, "parts": 2}) for _ in range(20)]


def _edited_parts(sandbox: Sandbox, rng: Random) -> list[Entry]:
    operations = ("edit_parts", "redact_parts")
    return [_at_any_request(rng, {"operation": rng.choice(operations), "count": 2, "parts": 2}) for _ in range(20)]


def _edits(sandbox: Sandbox, rng: Random) -> list[Entry]:
    kinds = [*SEARCHED * 6, *LISTED]
    return [_at_any_request(rng, {"operation": "update", "object": kind, "count": 2}) for kind in kinds]


def _edits_within_a_second(sandbox: Sandbox, rng: Random) -> list[Entry]:
    """The same objects change just before the read begins, and again and again while it goes on."""
    entries = []
    for kind in SEARCHED:
        ids = sandbox.mutate("update", object=kind, count=4)
        operations = ["update", "add_parts"] if kind == "conversations" else ["update"]
        entries += [
            {"path": "^/", "every": 4, "mutation": {"operation": operation, "object": kind, "ids": ids}}
            for operation in operations
        ]
    return entries


def _creation(sandbox: Sandbox, rng: Random) -> list[Entry]:
    kinds = [*SEARCHED * 6, *CREATED]
    return [_at_any_request(rng, {"operation": "create", "object": kind, "parts": 3}) for kind in kinds]


def _deletion(sandbox: Sandbox, rng: Random) -> list[Entry]:
    """Also of articles on pages that have been read, which moves the others."""
    newest = sorted(sandbox.truth("articles"), key=lambda article: -int(article["updated_at"]))[:3]
    articles = [
        {"path": "^/articles$", "after": page, "mutation": {"operation": "delete", "object": "articles", "ids": [each]}}
        for page, each in enumerate((article["id"] for article in newest), start=1)
    ]
    kinds = [*SEARCHED * 3, *(kind for kind in DELETED if kind not in (*SEARCHED, "articles"))]
    return articles + [_at_any_request(rng, {"operation": "delete", "object": kind}) for kind in kinds]


def _merges(sandbox: Sandbox, rng: Random) -> list[Entry]:
    return [{"path": "^/contacts/search$", "every": 2, "mutation": {"operation": "merge_contacts"}}]


def depart(sandbox: Sandbox, rng: Random) -> None:
    """Contacts and conversations go while the lists that tell of it are read."""
    lists = ("^/conversations/deleted$", "^/contacts/(activities|deleted)$")
    changes: list[Entry] = [{"operation": operation, "object": kind} for kind, operation in DEPARTURES]
    changes += [changes[0], changes[0], {"operation": "merge_contacts"}]
    sandbox.schedule(
        [{"path": path, "after": rng.randint(1, 6), "mutation": each} for path in lists for each in changes]
    )


def leave(sandbox: Sandbox) -> set[str]:
    """Contacts and conversations go in every way; the ids of contacts that are inactive and not gone."""
    for _ in range(2):
        sandbox.mutate("delete", object="contacts", count=3)
        sandbox.mutate("merge_contacts", count=3)
        sandbox.mutate("delete", object="conversations", count=4)
    sandbox.mutate("update", object="contacts", count=5)
    return {*sandbox.mutate("archive_contacts", count=2), *sandbox.mutate("block_contacts", count=2)}


def leave_last(sandbox: Sandbox, kind: str) -> None:
    """Those that changed last have gone a moment ago; a search that lags shows them in each of the next reads."""
    last = sorted(sandbox.truth(kind), key=lambda row: int(row["updated_at"]))[-3:]
    at = max(int(time.time()) - 2, int(last[-1]["updated_at"]))
    sandbox.mutate("delete", object=kind, ids=[row["id"] for row in last], at=at)


def leave_and_change(sandbox: Sandbox, rng: Random) -> None:
    """Some have gone, and others go while the next requests are answered; meanwhile some change, and as many come."""
    mutations: list[Entry] = [{"operation": operation, "object": kind} for kind, operation in DEPARTURES]
    mutations += [{"operation": "merge_contacts"}]
    for kind in ("contacts", "conversations"):
        leave_last(sandbox, kind)
        mutations += [{"operation": operation, "object": kind, "count": 6} for operation in ("update", "create")]
        sandbox.mutate("create", object=kind, count=12)
    leave(sandbox)
    sandbox.schedule([{"path": "^/", "after": rng.randint(1, 20), "mutation": each} for each in mutations * 2])


def _everything(sandbox: Sandbox, rng: Random) -> list[Entry]:
    plans = (_new_parts, _edited_parts, _edits, _edits_within_a_second, _creation, _deletion)
    return [entry for plan in plans for entry in plan(sandbox, rng)]


PLANS: Mapping[str, Plan] = {
    "new parts": _new_parts,
    "edited parts": _edited_parts,
    "edits": _edits,
    "edits within a second": _edits_within_a_second,
    "creation": _creation,
    "deletion": _deletion,
    "merged contacts": _merges,
    "everything at once": _everything,
}
"""What happens while the connector reads, as entries for the sandbox's schedule."""

DELETING = ("deletion", "merged contacts", "everything at once")


def plan_changes(name: str) -> Callable[[Sandbox, Random], None]:
    """Sets up the changes of that name, to happen while the next requests are answered."""
    return lambda sandbox, rng: sandbox.schedule(PLANS[name](sandbox, rng))
