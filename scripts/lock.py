"""The packages of the lock: those that the image has, and those that it leaves out."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

ROOT: Final = Path(__file__).resolve().parents[1]

IMAGE: Final[Mapping[str, str]] = {
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "python_full_version": "3.13.0",
    "python_version": "3.13",
    "sys_platform": "linux",
}
"""Where the lock's markers hold: the Python of Airbyte's base image."""


def of_the_image() -> dict[str, str]:
    """The version of each package that is installed in the image."""
    names = _left_out()
    return {name: version for name, version in _locked() if name not in names}


def left_out() -> dict[str, str]:
    """The version of each package that the image leaves out, and `pip install` brings."""
    names = _left_out()
    return {name: version for name, version in _locked() if name in names}


def _locked() -> Iterator[tuple[str, str]]:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for line in re.findall(r"^(\w.*?) \\$", lock, re.MULTILINE):
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(IMAGE):
            (pin,) = requirement.specifier
            yield requirement.name, pin.version


def _left_out() -> set[str]:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    (names,) = re.findall(r'^ARG LEFT_OUT="(.*?)"$', dockerfile, re.MULTILINE | re.DOTALL)
    return set(names.replace("\\\n", "").split("|"))
