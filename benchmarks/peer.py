r"""The official connector, in an environment of its own.

Its requirements are locked in `peer-requirements.txt`, which was made with

    echo airbyte-source-intercom==0.8.3 | uv pip compile --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate - -o benchmarks/peer-requirements.txt

Its base URL and the API versions that it asks for are written in the manifest inside its package, and cannot be
configured; nor can the certificates that it trusts, since its CDK leaves REQUESTS_CA_BUNDLE unread. `point_at` replaces
these and nothing else, so that it runs the code that its users run.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from benchmarks.environments import DIRECTORY, make
from intercom_sandbox.client import Sandbox

PACKAGE: Final = "airbyte-source-intercom"
VERSION: Final = "0.8.3"
PYTHON: Final = "3.11"
"""The newest Python that its CDK (below 5) supports."""

REQUIREMENTS: Final = Path(__file__).with_name("peer-requirements.txt")

_NAME: Final = "peer"
_ORIGINAL: Final = DIRECTORY / _NAME / "manifest.yaml"
_PACKAGES: Final = DIRECTORY / _NAME / "lib" / f"python{PYTHON}" / "site-packages"
_MANIFEST: Final = _PACKAGES / "source_intercom" / "manifest.yaml"
_TRUSTED: Final = _PACKAGES / "certifi" / "cacert.pem"

_URL: Final = "https://api.intercom.io/"
_VERSION_EDITS: Final[Mapping[str, str]] = {
    """Intercom-Version: "'2.10'\"""": """Intercom-Version: "'2.11'\"""",
    'Intercom-Version: "2.9"': 'Intercom-Version: "2.11"',
}
"""The sandbox serves versions from 2.11 on; the official connector asks for 2.10, and for 2.9 in conversations."""


def install() -> list[str]:
    """The command that runs the official connector; makes its environment unless it is there already."""
    directory = make(_NAME, PYTHON, REQUIREMENTS)
    if not _ORIGINAL.exists():
        _ORIGINAL.write_bytes(_MANIFEST.read_bytes())
    return [str(directory / "bin" / "source-intercom")]


def point_at(sandbox: Sandbox) -> None:
    """Let the installed connector send its requests to a sandbox, and trust its certificates."""
    if sandbox.certificates:
        _TRUSTED.write_bytes(Path(sandbox.certificates).read_bytes())
    text = _ORIGINAL.read_text()
    for old, new in {_URL: f"{sandbox.url}/", **_VERSION_EDITS}.items():
        if text.count(old) != 1:
            raise RuntimeError(f"The manifest of {PACKAGE} {VERSION} has not one {old!r}.")
        text = text.replace(old, new)
    changed = _ORIGINAL.with_suffix(".changed")
    changed.write_text(text)
    changed.replace(_MANIFEST)
