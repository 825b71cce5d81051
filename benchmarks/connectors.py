"""The two connectors: how to call each, and which of its streams hold what."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from benchmarks import peer
from benchmarks.environments import ROOT, make
from benchmarks.workspace import START_DATE
from intercom_sandbox.client import Sandbox
from unit_tests.contracts import CONTRACTS

Key = tuple[str, ...]

KEYS: Final[Mapping[str, Key]] = {name: contract.key for name, contract in CONTRACTS.items()}
"""The fields that identify a row, by stream, named as in the sandbox."""


class Failure(Exception):  # noqa: N818
    """A connector has failed; the message is its own."""


@dataclass
class Connector:
    """A connector's command line, and how it is sent to a sandbox.

    `streams` maps its own names to those of `KEYS` where they differ. `options` are more of its config than both have.
    `catalog` is what it discovers, `shared` are the names in `KEYS` of what the other one has, too.
    """

    name: str
    command: Sequence[str]
    streams: Mapping[str, str]
    options: Mapping[str, str] = field(default_factory=dict)
    catalog: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()

    def aim(self, sandbox: Sandbox) -> tuple[dict[str, Any], dict[str, str]]:
        """The config and the environment with which it reads a sandbox."""
        config = {"access_token": sandbox.access_token, "start_date": START_DATE, **self.options}
        return config, _environment() | sandbox.environment

    def discover(self, directory: Path) -> None:
        """Ask the connector for its catalog.

        :raises Failure: when it ends with another exit code than 0
        """
        config = directory / "config.json"
        config.write_bytes(orjson.dumps({"access_token": "none", "start_date": START_DATE, **self.options}))
        command = [*self.command, "discover", "--config", str(config)]
        done = subprocess.run(command, capture_output=True, env=_environment())  # noqa: S603
        if done.returncode:
            raise Failure(
                f"{self.name} discovers nothing: {(done.stderr or done.stdout).decode(errors='replace')[-500:]}"
            )
        lines = map(orjson.loads, done.stdout.splitlines())
        found = [message["catalog"] for message in lines if message["type"] == "CATALOG"]
        self.catalog = {stream["name"]: stream for stream in found[0]["streams"]}

    def own_names(self, *truths: str) -> list[str]:
        """Its names of these streams of `KEYS`; without arguments of all that it shares with the other one."""
        wanted = truths or self.shared
        return [name for name in self.catalog if self.truth_of(name) in wanted]

    def all_truths(self) -> frozenset[str]:
        """The names in `KEYS` of all that it reads."""
        return frozenset(map(self.truth_of, self.catalog)) & KEYS.keys()

    def truth_of(self, name: str) -> str:
        """The name in `KEYS` of one of its streams."""
        return self.streams.get(name, name)


class Official(Connector):
    """The official connector, whose base URL and certificates are part of its code."""

    def aim(self, sandbox: Sandbox) -> tuple[dict[str, Any], dict[str, str]]:
        """As for any connector, once its installed code names the sandbox and trusts it."""
        peer.point_at(sandbox)
        return super().aim(sandbox)


def connectors(directory: Path) -> tuple[Connector, Connector]:
    """The official connector and ours, ready to run; makes their environments unless they are there already.

    Ours runs as in its image: the code of this tree, with the packages that it requires and none of those that only
    its development needs (one of which, boto3, the CDK would load).
    """
    attributes = {"contact_attributes": "data_attributes", "company_attributes": "data_attributes"}
    theirs = Official(f"official {peer.VERSION}", peer.install(), attributes)
    environment = make("ours", sys.executable, ROOT / "requirements.txt")
    ours = Connector(
        "ours", [str(environment / "bin" / "python"), str(ROOT / "main.py")], {}, {"time_format": "date-time"}
    )
    for connector in (theirs, ours):
        connector.discover(directory)
    theirs.shared = ours.shared = theirs.all_truths() & ours.all_truths()
    return theirs, ours


def _environment() -> dict[str, str]:
    """Without proxies, which the sandbox is not behind, and without Python's own: both packages have one name."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.startswith("PYTHON")
    }
