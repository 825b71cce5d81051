"""Virtual environments of their own for the two connectors, so that each runs with what it requires and no more."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
DIRECTORY: Final = ROOT / ".cache" / "benchmarks"


def make(name: str, python: str, requirements: Path) -> Path:
    """The environment of that name with the packages of a locked requirements file; made unless it is there already.

    :param python: a version, or the path of an interpreter
    """
    directory = DIRECTORY / name
    mark = directory / ".made-from"
    locked = hashlib.sha256(python.encode() + requirements.read_bytes()).hexdigest()
    with _one_at_a_time(name):
        if not mark.exists() or mark.read_text() != locked:
            _uv("venv", "--clear", "--python", python, str(directory))
            # copies, since uv's links lead into its cache and a file of the official connector is changed
            install = ("pip", "sync", "--require-hashes", "--link-mode=copy", "--compile-bytecode")
            _uv(*install, "--python", str(directory), str(requirements))
            mark.write_text(locked)
    return directory


@contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    """Tests in several processes may want the same environment."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    with (DIRECTORY / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _uv(*arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    command = [str(Path(sys.executable).with_name("uv")), "--quiet", *arguments]
    subprocess.run(command, check=True, env=environment)  # noqa: S603
