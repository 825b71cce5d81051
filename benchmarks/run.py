"""Runs one connector against the sandbox, and measures it."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from resource import struct_rusage
from typing import IO, Any, Final

import orjson
import psutil

from benchmarks.connectors import KEYS, Connector, Failure
from intercom_sandbox.client import Sandbox

SAMPLE_SECONDS: Final = 0.02

Identity = tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """What a read took and what it gave. Durations are in seconds, memory is in bytes.

    `cpu` is user and system time of the connector's process, `memory` its largest resident set seen, `sandbox_cpu` the
    processor time that the sandbox spent meanwhile. `rows` are the keys of the distinct rows by stream of `KEYS`,
    `records` counts all messages.
    """

    wall: float
    cpu: float
    memory: int
    sandbox_cpu: float
    requests: int
    refused: int
    records: int
    rows: Mapping[str, set[Identity]]
    states: Mapping[str, Any]

    def missing(self, sandbox: Sandbox) -> dict[str, int]:
        """How many rows that the workspace holds did not come, by stream of `KEYS` that the read was about."""
        return {name: len(identities(name, sandbox.truth(name)) - rows) for name, rows in self.rows.items()}


def identities(truth: str, records: Sequence[Mapping[str, Any]]) -> set[Identity]:
    """The keys of some rows."""
    return {tuple(str(record.get(name)) for name in KEYS[truth]) for record in records}


def read(
    connector: Connector,
    sandbox: Sandbox,
    directory: Path,
    streams: Sequence[str],
    states: Mapping[str, Any] | None = None,
) -> Run:
    """Read some streams, named as the connector names them, going on from states if there are any.

    The connector writes to a file, which is looked at when it has ended, so that nothing competes with it. Of the
    states it gets those of incremental streams back: Airbyte keeps no others from one sync to the next.

    :raises Failure: when it ends with another exit code than 0
    """
    output = directory / "output.jsonl"
    before, sandbox_cpu = sandbox.requests(), _cpu(sandbox.pid)
    with output.open("wb") as file:
        began = time.monotonic()
        process = _launch(connector, sandbox, directory, streams, states, file)
        usage, memory = _wait(process)
        wall = time.monotonic() - began
    if process.returncode:
        raise Failure(f"{connector.name} ended with exit code {process.returncode}: {_last_error(output)}")
    after = sandbox.requests()
    records, rows, last_states = _parse(connector, output, streams)
    return Run(
        wall=wall,
        cpu=usage.ru_utime + usage.ru_stime,
        memory=memory,
        sandbox_cpu=_cpu(sandbox.pid) - sandbox_cpu,
        requests=after["total"] - before["total"],
        refused=after["rate_limited"] - before["rate_limited"],
        records=records,
        rows=rows,
        states=last_states,
    )


def first_record(connector: Connector, sandbox: Sandbox, directory: Path, streams: Sequence[str]) -> float:
    """Seconds from the start of the process to its first record on stdout."""
    began = time.monotonic()
    process = _launch(connector, sandbox, directory, streams, None, subprocess.PIPE)
    try:
        for line in process.stdout or ():
            if b'"RECORD"' in line[:100]:
                return time.monotonic() - began
    finally:
        process.kill()
        process.communicate()
    raise Failure(f"{connector.name} gave no record.")


@contextmanager
def sandbox_share(sandbox: Sandbox) -> Iterator[list[float]]:
    """Around some work: afterwards the list holds the sandbox's CPU seconds and the wall seconds."""
    measured: list[float] = []
    cpu, began = _cpu(sandbox.pid), time.monotonic()
    yield measured
    measured += [_cpu(sandbox.pid) - cpu, time.monotonic() - began]


def _launch(
    connector: Connector,
    sandbox: Sandbox,
    directory: Path,
    streams: Sequence[str],
    states: Mapping[str, Any] | None,
    output: int | IO[bytes],
) -> subprocess.Popen[bytes]:
    config, environment = connector.aim(sandbox)
    catalog = [_configured(connector.catalog[name]) for name in streams]
    inputs: dict[str, object] = {"config": config, "catalog": {"streams": catalog}}
    if states is not None:
        incremental = [each["stream"]["name"] for each in catalog if each["sync_mode"] == "incremental"]
        inputs["state"] = [states[name] for name in incremental if name in states]
    command = [*connector.command, "read"]
    for name, value in inputs.items():
        path = directory / f"{name}.json"
        path.write_bytes(orjson.dumps(value))
        command += [f"--{name}", str(path)]
    return subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL, env=environment)  # noqa: S603


def _wait(process: subprocess.Popen[bytes]) -> tuple[struct_rusage, int]:
    """What a process has used when it has ended, and its largest resident set, in bytes.

    The system's own number for that is no less than what this process took when it started the other.
    """
    watched, memory = psutil.Process(process.pid), 0
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage, memory
        memory = max(memory, watched.memory_info().rss)
        time.sleep(SAMPLE_SECONDS)


def _configured(stream: Mapping[str, Any]) -> dict[str, Any]:
    """A stream of the configured catalog; incremental where the connector can, as most users have it."""
    mode = "incremental" if "incremental" in stream["supported_sync_modes"] else "full_refresh"
    return {"stream": stream, "sync_mode": mode, "destination_sync_mode": "append"}


def _parse(
    connector: Connector, output: Path, streams: Sequence[str]
) -> tuple[int, dict[str, set[Identity]], dict[str, Any]]:
    count = 0
    states: dict[str, Any] = {}
    rows: dict[str, set[Identity]] = {truth: set() for name in streams if (truth := connector.truth_of(name)) in KEYS}
    with output.open("rb") as lines:
        for line in lines:
            message = orjson.loads(line)
            if message["type"] == "RECORD":
                count += 1
                truth = connector.truth_of(message["record"]["stream"])
                if truth in KEYS:
                    rows[truth] |= identities(truth, [message["record"]["data"]])
            elif message["type"] == "STATE":
                states[message["state"]["stream"]["stream_descriptor"]["name"]] = message["state"]
    return count, rows, states


def _last_error(output: Path) -> str:
    lines = [
        line
        for line in output.read_bytes().splitlines()
        if line.startswith(b'{"type":"TRACE"') and b'"error":{' in line
    ]
    return str(orjson.loads(lines[-1])["trace"]["error"]["message"]) if lines else "it said nothing"


def _cpu(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system
