"""The licences of the packages in the image."""

from collections.abc import Mapping, Sequence
from importlib.metadata import metadata
from typing import Final

from scripts import lock, sbom
from scripts.pages.catalogue import Stream
from scripts.pages.tables import table

OTHERWISE: Final[Mapping[str, str]] = {"cffi": "MIT-0", "cryptography": "Apache-2.0 OR BSD-3-Clause"}
"""The licences of packages that are older where PyAirbyte is installed than in the image."""


def of_the_image(catalogue: Sequence[Stream]) -> str:
    """Each licence, as the packages declare it, and who has it."""
    packages: dict[str, list[str]] = {}
    for name in sorted(lock.of_the_image()):
        packages.setdefault(OTHERWISE.get(name) or declared(name), []).append(name)
    return table(["licence", "packages"], [[licence, ", ".join(packages[licence])] for licence in sorted(packages)])


def declared(package: str) -> str:
    """The licences that an installed package declares."""
    return ", ".join(sbom.licences(metadata(package).json))
