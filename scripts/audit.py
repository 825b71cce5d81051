"""`python -m scripts.audit`: whether vulnerabilities of the locked packages are known to the database of osv.dev.

The exit code is 0 if none of the image's packages has one, 1 if one has, and 2 if the database gave no answer.
PIP_AUDIT_OSV_URL names another database.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from scripts import lock

ACCEPTED: Final[Mapping[str, str]] = {
    "CVE-2025-9375": "it lies in how xmltodict writes XML, which nothing here does; the CDK wants it below 0.15"
}
"""Vulnerabilities that no newer lock helps against, each with why it does no harm."""

OPTIONS: Final = ("--no-deps", "--disable-pip", "--strict", "--progress-spinner=off", "--desc=off", "--format=json")


class NoAnswerError(Exception):
    """The database gave no answer; its text is why."""


@dataclass(frozen=True)
class Finding:
    """A vulnerability of a locked package; it has several names."""

    package: str
    version: str
    names: tuple[str, ...]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        """As one line."""
        fix = f"fixed in {' and '.join(self.fixed_in)}" if self.fixed_in else "not fixed yet"
        return f"{self.package} {self.version}: {', '.join(self.names)}, {fix}"


def findings(packages: Mapping[str, str]) -> list[Finding]:
    """What the database knows about packages.

    :param packages: the version of each
    :raises NoAnswerError: if it does not answer for all of them
    """
    with TemporaryDirectory() as directory:
        wanted = Path(directory, "packages.txt")
        wanted.write_text("\n".join(f"{name}=={version}" for name, version in packages.items()), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "pip_audit",
            "--vulnerability-service=osv",
            f"--requirement={wanted}",
            *OPTIONS,
        ]
        done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
    if not done.stdout:
        raise NoAnswerError(done.stderr.strip().rpartition("\n")[2])
    audited: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    return [
        Finding(each["name"], each["version"], (found["id"], *found["aliases"]), tuple(found["fix_versions"]))
        for each in audited
        for found in each["vulns"]
    ]


def report(found: Sequence[Finding], left_out: Mapping[str, str]) -> tuple[int, list[str]]:
    """The exit code, and what is said.

    :param left_out: the packages that the image leaves out, whose vulnerabilities are told and fail nothing
    """
    bad, lines = 0, []
    for finding in found:
        if finding.package in left_out:
            lines.append(f"Not in the image, and never loaded after pip install: {finding}")
        elif reasons := [ACCEPTED[name] for name in finding.names if name in ACCEPTED]:
            lines.append(f"Accepted: {finding}; {reasons[0]}")
        else:
            bad += 1
            lines.append(f"Found: {finding}")
    lines.append(
        f"Vulnerabilities found in the image: {bad}; raise the versions in pyproject.toml, then make lock."
        if bad
        else "No known vulnerabilities in the image."
    )
    return (1 if bad else 0), lines


def main() -> None:
    """Ask, print the answer, and exit."""
    left_out = lock.left_out()
    try:
        code, lines = report(findings({**lock.of_the_image(), **left_out}), left_out)
    except NoAnswerError as error:
        code, lines = 2, [f"The advisory database gave no answer, so nothing was audited: {error}"]
    print("\n".join(lines))  # noqa: T201
    sys.exit(code)


if __name__ == "__main__":
    main()
