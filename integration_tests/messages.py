"""What a run of the connector printed, message by message."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from airbyte_cdk.models import AirbyteMessageSerializer

Record = dict[str, Any]

PAYLOADS = {
    "CATALOG": "catalog",
    "CONNECTION_STATUS": "connectionStatus",
    "CONTROL": "control",
    "LOG": "log",
    "RECORD": "record",
    "SPEC": "spec",
    "STATE": "state",
    "TRACE": "trace",
}


_SINGULAR = re.compile(r"\b(answer|attribute|conversation|export|part|record|request|restart|row|ticket|type|value)\b")
_COMMA = re.compile(r", (?=\d)")


@dataclass(frozen=True)
class State:
    """A state message: the stream, its state, and how many messages were printed before it."""

    stream: str
    value: Mapping[str, Any]
    position: int


@dataclass(frozen=True)
class Failure:
    """An error trace; `stream` is empty where it names none."""

    stream: str
    kind: str
    message: str


class Run:
    """A finished run of the connector. Every line that it printed is a valid Airbyte message, else it is an error.

    `peak_memory` is the largest resident memory seen, in bytes; 0 if the process ended before it was looked at.
    """

    def __init__(self, exit_code: int, stdout: bytes, stderr: bytes, peak_memory: int) -> None:
        self.exit_code = exit_code
        self.stdout = stdout
        self.stderr = stderr
        self.peak_memory = peak_memory
        self.messages = [_message(line) for line in stdout.splitlines()]

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        """The payloads of all messages of a type, in order."""
        return self._payloads[kind]

    @cached_property
    def _payloads(self) -> Mapping[str, list[dict[str, Any]]]:
        payloads = defaultdict[str, list[dict[str, Any]]](list)
        for message in self.messages:
            payloads[message["type"]].append(message[PAYLOADS[message["type"]]])
        return payloads

    @cached_property
    def records(self) -> Mapping[str, list[Record]]:
        """The records of each stream, in order; an empty list for a stream without any."""
        records = defaultdict[str, list[Record]](list)
        for record in self.of_type("RECORD"):
            records[record["stream"]].append(record["data"])
        return records

    @cached_property
    def states(self) -> list[State]:
        """All state messages in order."""
        return [
            State(payload["stream"]["stream_descriptor"]["name"], payload["stream"]["stream_state"], position)
            for position, message in enumerate(self.messages)
            if message["type"] == "STATE" and (payload := message["state"])
        ]

    def states_of(self, stream: str) -> list[State]:
        """The states of one stream in order."""
        return [state for state in self.states if state.stream == stream]

    @cached_property
    def final_states(self) -> dict[str, Mapping[str, Any]]:
        """The last state of each stream: what the platform hands to the next sync."""
        return {state.stream: state.value for state in self.states}

    def records_before(self, state: State) -> list[Record]:
        """The records of the state's stream that were printed before it."""
        return self.records[state.stream][: bisect_left(self._positions[state.stream], state.position)]

    @cached_property
    def _positions(self) -> Mapping[str, list[int]]:
        """How many messages came before each record of each stream."""
        positions = defaultdict[str, list[int]](list)
        for position, message in enumerate(self.messages):
            if message["type"] == "RECORD":
                positions[message["record"]["stream"]].append(position)
        return positions

    @cached_property
    def failures(self) -> list[Failure]:
        """The error traces in order."""
        return [
            Failure(
                (trace["error"].get("stream_descriptor") or {}).get("name", ""),
                trace["error"]["failure_type"],
                trace["error"]["message"],
            )
            for trace in self.of_type("TRACE")
            if trace["type"] == "ERROR"
        ]

    @cached_property
    def failed_streams(self) -> dict[str, Failure]:
        """The last error of each stream that has one."""
        return {failure.stream: failure for failure in self.failures if failure.stream}

    @cached_property
    def statuses(self) -> dict[str, list[str]]:
        """The statuses of each stream in order."""
        statuses = defaultdict[str, list[str]](list)
        for trace in self.of_type("TRACE"):
            if trace["type"] == "STREAM_STATUS":
                status = trace["stream_status"]
                statuses[status["stream_descriptor"]["name"]].append(status["status"])
        return dict(statuses)

    @property
    def estimates(self) -> dict[str, int]:
        """The estimated rows of each stream that has an estimate."""
        traces = (trace["estimate"] for trace in self.of_type("TRACE") if trace["type"] == "ESTIMATE")
        return {estimate["name"]: estimate["row_estimate"] for estimate in traces}

    @cached_property
    def logs(self) -> list[str]:
        """The texts of all log messages in order."""
        return [log["message"] for log in self.of_type("LOG")]

    @property
    def warnings(self) -> list[str]:
        """The texts of the warnings among them."""
        return [log["message"] for log in self.of_type("LOG") if log["level"] == "WARN"]

    @cached_property
    def reports(self) -> dict[str, str]:
        """What the log says at the end about each stream that was read."""
        lines = (line.partition(": ") for line in self.logs if re.search(" records? emitted, ", line))
        return {stream: report for stream, _, report in lines}

    @cached_property
    def counted(self) -> dict[str, Counter[str]]:
        """The numbers in them, `{what: how often}` of each stream, in the plural."""
        return {stream: _counts(report) for stream, report in self.reports.items()}

    @property
    def status(self) -> tuple[str, str]:
        """What a check found: SUCCEEDED or FAILED, and why."""
        (status,) = self.of_type("CONNECTION_STATUS")
        return status["status"], status.get("message") or ""

    @property
    def failure(self) -> Failure:
        """The one error of a run that has just one."""
        (failure,) = self.failures
        return failure


def _counts(report: str) -> Counter[str]:
    """Of a sentence such as "60 expected, 60 records emitted, 1 request; complete after 2.1 s"."""
    counts = (each.partition(" ") for each in _COMMA.split(report.partition("; ")[0]))
    return Counter({_plural(what) if number == "1" else what: int(number) for number, _, what in counts})


def _plural(what: str) -> str:
    return _SINGULAR.sub(r"\1s", what, count=1)


def _message(line: bytes) -> dict[str, Any]:
    try:
        message: dict[str, Any] = orjson.loads(line)
        AirbyteMessageSerializer.load(message)
        assert message.get(PAYLOADS[message["type"]]), "no payload"
    except Exception as error:
        raise AssertionError(f"Not an Airbyte message: {line!r} ({error})") from None
    return message
