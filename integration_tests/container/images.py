"""The images that the tests use: the connector's, the one that it is compared with, and a base for both."""

import subprocess

from integration_tests.connector import ROOT
from integration_tests.container.engine import docker

IMAGE = "source-intercom:tested"
PLAIN = "source-intercom:plain"
STANDIN = "connector-base:stand-in"

ORIGIN = {"source": "https://example.com/source-intercom", "revision": "0123456789012345678901234567890123456789"}
"""What the image is built from, as its labels shall say."""

PLAIN_DOCKERFILE = """\
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
COPY requirements.txt /requirements.txt
RUN python -m pip install --no-cache-dir --no-compile --no-deps --require-hashes -r /requirements.txt \\
    && rm /requirements.txt
"""
"""The base with nothing but the locked CDK. Not even compiled: it is there sooner, and to be no larger is harder."""

_TAKE_CERTIFICATES = (
    'cp /usr/local/share/ca-certificates/*.crt "$1/usr/local/share/ca-certificates/" 2>/dev/null || :; '
    'chroot "$1" update-ca-certificates >/dev/null 2>&1; '
    'printf "[global]\\ncert = /etc/ssl/certs/ca-certificates.crt\\n" >"$1/etc/pip.conf"'
)
"""This machine may reach the package index through a proxy with a certificate of its own."""


def make_standin() -> str:
    """A base image from Debian's packages, with Airbyte's Python (3.13) and layout: python and pip in /usr/local."""
    bootstrap = [
        "mmdebstrap",
        "--quiet",
        "--variant=essential",
        "--include=python3-venv,ca-certificates",
        '--aptopt=Acquire::Languages "none"',
        "--dpkgopt=force-unsafe-io",
        f"--customize-hook={_TAKE_CERTIFICATES}",
        '--customize-hook=chroot "$1" python3 -m venv /usr/local',
        "trixie",
        "-",
    ]
    path = "ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
    with subprocess.Popen(bootstrap, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        load = ["docker", "import", "--change", path, "--change", "ENV LANG=C.UTF-8", "-", STANDIN]
        subprocess.run(load, stdin=process.stdout, stdout=subprocess.DEVNULL, check=True)
    assert process.returncode == 0, "no stand-in for the base image"
    return STANDIN


def build_connector(*options: str) -> str:
    """The connector's image, from the unchanged Dockerfile."""
    origin = [f"--build-arg={name.upper()}={value}" for name, value in ORIGIN.items()]
    docker("build", *options, *origin, "--tag", IMAGE, str(ROOT))
    return IMAGE


def build_plain(*options: str) -> str:
    """The image to compare it with."""
    docker("build", *options, "--tag", PLAIN, "--file", "-", str(ROOT), content=PLAIN_DOCKERFILE.encode())
    return PLAIN


def build_with(image: str, tag: str, **environment: str) -> str:
    """An image with environment variables on top of it: the standard tests run it without any option."""
    lines = [f"FROM {image}", *(f"ENV {name}={value}" for name, value in environment.items())]
    docker("build", "--tag", tag, "-", content="\n".join(lines).encode())
    return tag


def size_of(image: str) -> int:
    """Bytes of all its layers."""
    return int(docker("image", "inspect", "--format", "{{.Size}}", image))
