"""Syncs of a small workspace, and what reads their output."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from airbyte_cdk.models import AirbyteStateMessage, FailureType, SyncMode, Type
from airbyte_cdk.test.entrypoint_wrapper import EntrypointOutput
from airbyte_cdk.test.entrypoint_wrapper import read as run_read
from airbyte_cdk.test.models.scenario import ExpectedOutcome
from requests_mock import Mocker

from source_intercom.source import SourceIntercom
from unit_tests.answers import child_answer, only_page, own_rows, row_of, rows_for, with_nested, with_own_key
from unit_tests.builders import NOW, URL, Json, SearchServer, catalog, config, me
from unit_tests.contracts import CONTRACTS, Contract, Way
from unit_tests.own_ways import OWN_WAYS

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

FULL, INCREMENTAL = SyncMode.full_refresh, SyncMode.incremental

PER_PARENT = 2
"""Rows that belong to each row of a parent stream."""


class Workspace:
    """A workspace with a little of everything, served as the contracts say.

    :param size: rows of each stream with a cursor of its own; the last one is a hundred seconds old
    :param step: seconds between them

    `times`     the seconds of the rows with a cursor
    `rows`      what a whole read brings, by stream, as Intercom sends it, with the field that names the parent
    `searches`  the servers of the streams that are searched
    `answers`   what is answered about single rows of parents, by path
    """

    def __init__(self, mocker: Mocker, size: int = 12, step: int = 500) -> None:
        self.mocker = mocker
        self.times = [NOW - 100 - step * (size - 1 - number) for number in range(size)]
        self.rows: dict[str, list[Json]]
        self.answers: dict[str, Json]
        self.rows, self.answers = json.loads(_described(tuple(self.times)))
        self.searches: dict[str, SearchServer] = {}
        mocker.get(f"{URL}me", json=me("Europe/London"))
        for name in list(self.rows):
            self._serve(CONTRACTS[name])
        for name, own in OWN_WAYS.items():
            self.rows[name] = own.rows(self)

    @property
    def conversations(self) -> dict[str, Json]:
        """What is answered about each conversation, by its id."""
        split = {path: path.split("/") for path in self.answers}
        return {each[1]: self.answers[path] for path, each in split.items() if each[0] == "conversations" == each[-2]}

    def keys(self, stream: str) -> set[tuple[str, ...]]:
        """The primary keys of a stream's rows."""
        return keys_of(stream, self.rows[stream])

    def _serve(self, contract: Contract) -> None:
        rows, url = self.rows[contract.name], f"{URL}{contract.path}"
        match contract.way:
            case Way.SEARCH:
                (key,) = contract.records
                self.searches[contract.name] = SearchServer(key, rows)
                self.mocker.post(url, json=self.searches[contract.name])
            case Way.CHILD if contract.parent:
                for parent in self.rows[contract.parent.stream]:
                    path = contract.path.format(id=parent["id"])
                    self.mocker.get(f"{URL}{path}", json=self.answers[path])
            case Way.FEED:
                self.mocker.get(url, json=_feed(contract, rows))
            case Way.SCROLL | Way.PAGES | Way.CURSORS | Way.WHOLE:
                self.mocker.register_uri(contract.method, url, json=_list(contract, rows))


@cache
def _described(times: tuple[int, ...]) -> str:
    """A workspace's `rows` and `answers`, as contracts describe them; as JSON, since tests change what they get."""
    rows: dict[str, list[Json]] = {}
    answers: dict[str, Json] = {}
    for contract in CONTRACTS.values():
        if contract.way is not Way.OWN:
            rows[contract.name] = _made(contract, times, rows)
        if contract.way is Way.CHILD and contract.parent:
            for parent in rows[contract.parent.stream]:
                answers[contract.path.format(id=parent["id"])] = child_answer(contract, parent, PER_PARENT)
    return json.dumps([rows, answers])


def _made(contract: Contract, times: Sequence[int], rows: Mapping[str, list[Json]]) -> list[Json]:
    if contract.parent:
        return [
            {**with_own_key(contract, row, number), contract.parent.field: parent["id"]}
            for parent in rows[contract.parent.stream]
            for number, row in enumerate(rows_for(contract, parent, PER_PARENT))
        ]
    if contract.cursor:
        made = [row_of(contract, number, second) for number, second in enumerate(times)]
    elif contract.way is Way.SCROLL:
        made = [row_of(contract, number) for number in (1, 2)]
    else:
        made = own_rows(contract)
    return [with_nested(contract, row, PER_PARENT) for row in made]


def _list(contract: Contract, rows: list[Json]) -> Callable[["Request", "Context"], Json]:
    """A list's only page: the rows between the bounds of a request that names some; of a scroll, only the first."""

    def answer(request: "Request", context: "Context") -> Json:
        def bound(name: str, default: int) -> int:
            return int(request.qs.get(name, [default])[0])

        if "scroll_param" in request.qs:
            return only_page(contract, [])
        after = max(bound(f"{contract.cursor}_after", 0), bound("updated_since", 0))
        before = bound(f"{contract.cursor}_before", 2 * NOW)
        return only_page(contract, [row for row in rows if after <= row.get(contract.cursor or "", after) <= before])

    return answer


def _feed(contract: Contract, rows: list[Json]) -> Callable[["Request", "Context"], Json]:
    """A feed of few rows: those behind the place that a request names, and the place behind them."""

    def answer(request: "Request", context: "Context") -> Json:
        after = request.qs.get("starting_after", [None])[0]
        behind = next((number for number, row in enumerate(rows, 1) if row["id"] == after), 0)
        following = {"starting_after": rows[-1]["id"]} if rows else None
        page = only_page(contract, rows[behind:])
        return {**page, "pages": {**page["pages"], "next": following}}

    return answer


def keys_of(stream: str, rows: Iterable[Mapping[str, Any]]) -> set[tuple[str, ...]]:
    """The primary keys of rows; ids are text."""
    return {tuple(str(row[field]) for field in CONTRACTS[stream].key) for row in rows}


def sync(
    *names: str,
    mode: SyncMode = FULL,
    state: list[AirbyteStateMessage] | None = None,
    fails: bool = False,
    **changes: Any,
) -> EntrypointOutput:
    """One sync, in this process."""
    outcome = ExpectedOutcome.EXPECT_EXCEPTION if fails else ExpectedOutcome.EXPECT_SUCCESS
    output = run_read(SourceIntercom(), config(**changes), catalog(*names, mode=mode), state, expected_outcome=outcome)
    assert bool(output.errors) == fails, output.get_formatted_error_message()
    return output


def records(output: EntrypointOutput, stream: str) -> list[Json]:
    found = [message.record for message in output.records if message.record]
    return [dict(record.data) for record in found if record.stream == stream]


def logs(output: EntrypointOutput) -> list[str]:
    return [message.log.message for message in output.logs if message.log]


def states(output: EntrypointOutput, stream: str) -> list[Json]:
    return [state for _, name, state in positions(output) if name == stream]


def positions(output: EntrypointOutput) -> Iterator[tuple[int, str, Json]]:
    """Where state messages stand among all messages, with their streams and states."""
    for index, message in enumerate(output.get_message_iterator()):
        if message.type == Type.STATE and message.state and message.state.stream:
            state = message.state.stream
            yield index, state.stream_descriptor.name, json.loads(json.dumps(state.stream_state.__dict__))


def told(output: EntrypointOutput, stream: str) -> list[tuple[str, FailureType | None]]:
    """The errors of a stream."""
    errors = [message.trace.error for message in output.errors if message.trace and message.trace.error]
    return [
        (one.message, one.failure_type)
        for one in errors
        if one.stream_descriptor and one.stream_descriptor.name == stream
    ]
