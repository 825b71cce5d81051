"""Any JSON value in any place of any page gives rows that fit, a counted skip, or a clear error; never a hang."""

import copy
import json
import re
import threading
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson
import pytest
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams import STREAMS
from source_intercom.streams.base import IntercomStream
from unit_tests import builders
from unit_tests.answers import child_answer, only_page, own_rows, row_of, with_nested
from unit_tests.builders import NOW, URL, Json, me
from unit_tests.contracts import CONTRACTS, Contract, Way, by_way, lineage
from unit_tests.examples import tries
from unit_tests.own_ways import OWN_WAYS
from unit_tests.schemas.strict import Strict

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

EXAMPLES: Final = 45
"""Random answers for each stream, more than 3,000 for all of them."""

SECONDS: Final = 120
"""After which a read counts as one that hangs; it takes a few hundredths."""

Place = tuple[str | int, ...]

SKIPS: Final = {report.KEYLESS, report.REPEATED, report.OVERCOUNTED, report.GONE, report.MISFITS}


class Pages(NamedTuple):
    """What a stream is answered: a body by route, and the route and the place of its rows."""

    bodies: dict[str, Any]
    rows: tuple[str, Place]


def found(contract: Contract, count: int) -> Json:
    """The last page of a search that finds so many."""
    rows = [row_of(contract, number, NOW - 5000 + number) for number in range(1, count + 1)]
    body = only_page(contract, [with_nested(contract, row, each=2) for row in rows])
    return {**body, "pages": {**body["pages"], "per_page": 150, "next": None}, "total_count": count}


def listed(contract: Contract) -> Json:
    """The only page of a list, or the first one of a scroll."""
    rows = own_rows(contract) if contract.way is Way.WHOLE else [row_of(contract, number) for number in (1, 2)]
    return only_page(contract, [with_nested(contract, row, each=2) for row in rows])


@cache
def pages(stream: str) -> Pages:
    contract = CONTRACTS[stream]
    path, place = contract.path, contract.records
    parent = CONTRACTS[contract.parent.stream] if contract.parent else contract
    zone = {"me": me()} if "contacts" in lineage(stream) else {}
    match contract.way:
        case Way.SEARCH:
            return Pages({path: found(contract, 2), **zone}, (path, place))
        case Way.NESTED:
            bodies, (route, above) = pages(parent.name)
            return Pages(bodies, (route, (*above, 0, *place)))
        case Way.OWN:
            own = OWN_WAYS[stream]
            return Pages(dict(own.bodies()), own.place)
        case Way.CHILD:
            whole, path = row_of(parent, 1, NOW - 5000), path.format(id=1)
            one = (
                found(parent, 1)
                if parent.way is Way.SEARCH
                else only_page(parent, [with_nested(parent, whole, each=2)])
            )
            bodies = {parent.path: one, path: child_answer(contract, whole, 3)}
            return Pages({**bodies, **zone}, (path, place))
        case _:
            return Pages({path: listed(contract)}, (path, place))


LAST_PAGES: Final = {
    CONTRACTS[name].path: only_page(CONTRACTS[name], [], page=2, total=2)
    for name in by_way(Way.SCROLL, Way.PAGES, Way.CURSORS, Way.FEED)
}
"""What comes after a page that says there is more."""

PATIENCE: Final = 50
"""Requests after which the last page comes however it is asked for: that no walk is endless is tested elsewhere."""


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Every place of a JSON value, its own first."""
    yield place
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*place, key))


@cache
def all_places(stream: str) -> list[tuple[str, Place]]:
    return [(route, place) for route, body in pages(stream).bodies.items() for place in places(body)]


def replaced(body: Any, place: Place, value: Any) -> Any:
    """The body with another value in that place."""
    if not place:
        return value
    changed = copy.deepcopy(body)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return changed


NASTY: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    1.5,
    -0.0,
    1e300,
    "",
    "0",
    "5",
    "five",
    [],
    {},
    [None],
    [[]],
    [{}],
    {"id": None},
]
NASTY += [2**31, 2**53, 2**63, -(2**63), 2**64 - 1, 10**12, -62_135_596_800]
NASTY += ["1970-01-01T00:00:00Z", "9" * 400, "\u0000"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "data", "next", "page", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)
VALUES = st.sampled_from(NASTY) | JSON


class Server:
    """Answers each route with its body, the last page to whoever goes on, and counts the requests."""

    def __init__(self, mocker: Mocker, bodies: dict[str, Any]) -> None:
        self.requests = 0
        self.hung = False
        paths = [contract.path for contract in CONTRACTS.values()]
        besides = [path for contract in CONTRACTS.values() for _, path in contract.besides]
        for path in [path for path in paths + besides if "{id}" in path]:
            others = re.compile(URL + path.partition("{id}")[0])
            mocker.get(others, status_code=404, json=builders.error_list("not_found"))
        mocker.post(re.compile(f"{URL}export/cancel/"), status_code=404, json=builders.error_list("not_found"))
        for route, body in bodies.items():
            method = "POST" if route.endswith(("search", "export/content/data")) else "GET"
            mocker.register_uri(method, f"{URL}{route}", content=self.answer(body))

    def answer(self, body: Any) -> Any:
        asked = 0

        def respond(request: "Request", answer: "Context") -> Any:
            nonlocal asked
            asked += 1
            self.requests += 1
            if self.hung:
                raise SystemExit
            last = LAST_PAGES.get(request.path.strip("/"))
            ends = asked > PATIENCE or (asked > 1 and request.qs.keys() & {"page", "scroll_param", "starting_after"})
            given = last if last and ends else body
            return given if isinstance(given, bytes) else json.dumps(given).encode()

        return respond


class Outcome:
    """A read in a thread of its own: its rows, its error, or neither where it hangs."""

    def __init__(self, stream: IntercomStream) -> None:
        self.rows: list[Json] = []
        self.error: BaseException | None = None
        self._stream = stream
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self._thread.join(SECONDS)
        self.hangs = self._thread.is_alive()

    def _read(self) -> None:
        try:
            builders.read(self._stream, records=self.rows)
        except BaseException as error:
            self.error = error


@cache
def schema(kind: type[IntercomStream]) -> dict[str, Any]:
    return dict(kind(builders.context()).get_json_schema())


@pytest.fixture
def _schemas_are_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading them takes most of the time of a small read."""
    for kind in STREAMS:
        loaded = schema(kind)
        monkeypatch.setattr(kind, "get_json_schema", lambda self, loaded=loaded: loaded)


@pytest.mark.usefixtures("now", "_schemas_are_loaded_once")
@pytest.mark.parametrize("kind", STREAMS, ids=lambda kind: kind.__name__)
@settings(
    max_examples=tries(EXAMPLES), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_any_value_in_any_place_gives_rows_a_counted_skip_or_a_clear_error(
    kind: type[IntercomStream], data: st.DataObject
) -> None:
    stream = kind(builders.context())
    route, place = data.draw(st.sampled_from(all_places(stream.name)), label="place")
    value = data.draw(VALUES, label="value")
    given_pages = pages(stream.name)
    bodies = {**given_pages.bodies, route: replaced(given_pages.bodies[route], place, value)}
    with Mocker() as mocker:
        server = Server(mocker, bodies)
        outcome = Outcome(stream)
        server.hung = outcome.hangs
    assert not outcome.hangs
    assert server.requests < 1000
    if outcome.error is not None:
        assert isinstance(outcome.error, AirbyteTracedException), outcome.error
        assert outcome.error.message
        assert outcome.error.message.endswith(".")
        return
    validator, printed = Strict(schema(kind)), [orjson.loads(orjson.dumps(row)) for row in outcome.rows]
    assert [error.message for row in printed for error in validator.iter_errors(row)] == []
    assert_nothing_lost_in_silence(stream, outcome.rows, route, place)


def assert_nothing_lost_in_silence(stream: IntercomStream, rows: list[Json], route: str, place: Place) -> None:
    """A row less than there are is counted, unless its time says that it belongs elsewhere or it is in no list."""
    given_pages = pages(stream.name)
    rows_route, rows_place = given_pages.rows
    depth = len(rows_place)
    if route != rows_route or place[:depth] != rows_place or len(place) <= depth or place[-1] == stream.cursor_field:
        return
    expected = given_pages.bodies[rows_route]
    for key in rows_place:
        expected = expected[key]
    expected = expected if isinstance(expected, list) else [expected]
    skipped = sum(stream.context.reports.count(stream.name, what) for what in SKIPS)
    assert len(rows) >= len(expected) or skipped > 0
