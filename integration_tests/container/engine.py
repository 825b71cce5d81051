"""The Docker engine that the tests use: the one that answers, or, in CI, one that lives as long as they do."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from integration_tests.machine import install, run, succeeds

PACKAGES = {"docker": "docker.io", "dockerd": "docker.io", "mmdebstrap": "mmdebstrap", "ip": "iproute2"}
"""The commands that an engine of our own and its base image need, each with the Debian package that has it."""

BRIDGE = "docker0"
"""The network interface that an engine makes, and leaves behind."""

NO_ENGINE = "No Docker engine answers, so the image is not tested here."
UNREACHABLE = "Containers of this Docker engine cannot reach a server on this machine, so the image is not tested here."


def docker(*arguments: str, content: bytes | None = None) -> str:
    """What a docker command prints on stdout; its errors are shown if it fails.

    :param content: what it reads from stdin
    """
    done = subprocess.run(["docker", *arguments], input=content, capture_output=True)
    assert done.returncode == 0, f"docker {' '.join(arguments)}\n{done.stdout.decode()}\n{done.stderr.decode()}"
    return done.stdout.decode()


@contextmanager
def engine() -> Iterator[bool]:
    """Makes sure that `docker` works meanwhile; true if the engine is one of our own.

    A missing engine skips the test, except in CI, where one is started, or fails the test if that is not possible.
    """
    if _answers():
        yield False
    elif os.environ.get("CI"):
        with _own_engine():
            yield True
    else:
        pytest.skip(NO_ENGINE)


def host_addresses(image: str) -> tuple[str, str]:
    """Where a server on this machine has to listen for containers, and the name by which they reach it.

    :param image: any image with `cat`
    """
    if docker("info", "--format", "{{.OperatingSystem}}").strip() == "Docker Desktop":
        return "127.0.0.1", "host.docker.internal"
    routes = docker("run", "--rm", "--entrypoint=cat", image, "/proc/net/route")
    gateway = _gateway(routes)
    if not _is_ours(gateway):
        assert not os.environ.get("CI"), UNREACHABLE
        pytest.skip(UNREACHABLE)
    return gateway, gateway


def _gateway(routes: str) -> str:
    """The gateway of the default route, from the kernel's table: hexadecimal, in the byte order of the machine."""
    rows = (line.split() for line in routes.splitlines()[1:])
    (gateway,) = (row[2] for row in rows if row[1] == "00000000")
    return socket.inet_ntoa(int(gateway, 16).to_bytes(4, sys.byteorder))


def _answers() -> bool:
    return shutil.which("docker") is not None and succeeds(["docker", "info"])


def _is_ours(address: str) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


@contextmanager
def _own_engine() -> Iterator[None]:
    """A dockerd on a private socket, with all its files in memory: disks are what slows it down."""
    assert sys.platform == "linux", "An engine of our own needs Linux."
    assert os.geteuid() == 0, "An engine of our own needs root."
    install(PACKAGES)
    with ExitStack() as stack:
        directory = Path(tempfile.mkdtemp(prefix="docker-"))
        stack.callback(directory.rmdir)
        run("mount", "-t", "tmpfs", "-o", "size=8g,mode=711", "tmpfs", str(directory))
        stack.callback(run, "umount", "--recursive", str(directory))
        if not Path("/sys/class/net", BRIDGE).exists():
            stack.callback(succeeds, ["ip", "link", "delete", BRIDGE])
        environment = stack.enter_context(pytest.MonkeyPatch.context())
        environment.setenv("DOCKER_HOST", f"unix://{directory}/sock")
        with (directory / "log").open("wb") as log:
            process = subprocess.Popen(_dockerd(directory), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        stack.callback(_end, process)
        for _ in range(240):
            if process.poll() is not None or _answers():
                break
            time.sleep(0.25)
        assert _answers(), (directory / "log").read_text(errors="replace")
        yield


def _dockerd(directory: Path) -> list[str]:
    return [
        "dockerd",
        f"--host=unix://{directory}/sock",
        f"--data-root={directory}/data",
        f"--exec-root={directory}/exec",
        f"--pidfile={directory}/pid",
        "--iptables=false",
        "--ip6tables=false",
        "--ip-forward=false",
    ]


def _end(process: subprocess.Popen[bytes]) -> None:
    if _answers() and (containers := docker("ps", "--all", "--quiet").split()):
        docker("rm", "--force", *containers)
    process.terminate()
    process.wait()
