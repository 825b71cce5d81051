"""What some tests need of the machine that they run on: Debian packages, and commands as root."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence


def install(packages: Mapping[str, str]) -> None:
    """Installs, on Debian, what is missing of some commands, each with the package that has it."""
    missing = sorted({package for command, package in packages.items() if not shutil.which(command)})
    if missing:
        run("apt-get", "update", "-qq", "-o", "DPkg::Lock::Timeout=300")
        options = ("-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300")
        run("apt-get", "install", *options, *missing)


def run(*command: str) -> str:
    """What a command prints on stdout and stderr, which is shown if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    printed = done.stdout.decode(errors="replace")
    assert done.returncode == 0, f"{' '.join(command)}\n{printed}"
    return printed


def succeeds(command: Sequence[str]) -> bool:
    """Whether a command ends with exit code 0."""
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
