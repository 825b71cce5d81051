"""A Debian of another release in a directory, with nothing but make and its own Python.

It reaches package registries as this machine does: with its settings, its proxies and its certificates.
"""

import os
import platform
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Final

import pytest

from integration_tests.checkout import checkout
from integration_tests.machine import install, run

PACKAGES: Final = {"mmdebstrap": "mmdebstrap", "unshare": "util-linux"}
"""The commands that make and enter a chroot, each with the Debian package that has it."""

NO_CHROOT: Final = "A chroot needs root and Debian's mmdebstrap, so other Debian releases are not tested here."

CERTIFICATES: Final = "/etc/ssl/certs/ca-certificates.crt"
"""Where the chroot has the authorities that this machine trusts."""

CARRIED: Final = re.compile(
    r"(pip|uv)_(default_|extra_)?index(_url)?|uv_index_strategy|pip_trusted_host|uv_insecure_host|pip_proxy"
    r"|(https?|all|no)_proxy",
    re.IGNORECASE,
)
"""The variables that say where package registries are and how to reach them."""

PIP_SETTINGS: Final = ("index-url", "extra-index-url", "trusted-host", "proxy")
"""The same in pip's files, which may hold more that is only true on this machine."""

ENTER: Final = 'mount -t proc proc "$0/proc" && mount -t tmpfs tmpfs "$0/dev/shm" && exec chroot "$0" "$@"'
"""Within namespaces of its own: what is mounted, and every process that is left, goes when the command ends."""


class Chroot:
    """The directory, with a checkout of the project in `/source-intercom`."""

    def __init__(self, directory: Path, release: str) -> None:
        self._directory = directory
        self._registries = {**_registries(), **dict.fromkeys(("SSL_CERT_FILE", "PIP_CERT"), CERTIFICATES)}
        run("mmdebstrap", "--quiet", "--variant=apt", *_OPTIONS, release, str(directory), *_mirror())
        (directory / "etc/ssl/certs").mkdir(parents=True, exist_ok=True)
        shutil.copy(_authorities(), directory / CERTIFICATES.strip("/"))
        for name in ("/etc/resolv.conf", "/etc/hosts", "/etc/uv/uv.toml"):
            if Path(name).exists():
                (directory / name.strip("/")).parent.mkdir(exist_ok=True)
                shutil.copy(name, directory / name.strip("/"))
        checkout(directory)

    def make(self, target: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`make` of a target in the checkout; what it prints is in one stream."""
        command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", ENTER, str(self._directory)]
        return subprocess.run(
            [*command, "make", "--directory=/source-intercom", target],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", **self._registries, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def chroot(directory: Path, release: str) -> Iterator[Chroot]:
    """A chroot while it is needed. Where none can be made the test is skipped, except in CI, where it fails."""
    if os.environ.get("CI"):
        assert os.geteuid() == 0, NO_CHROOT
        install(PACKAGES)
    elif os.geteuid() != 0 or not all(map(shutil.which, PACKAGES)):
        pytest.skip(NO_CHROOT)
    directory.mkdir()
    run("mount", "-t", "tmpfs", "-o", "size=4g,mode=755", "tmpfs", str(directory))  # disks are what slows it down
    try:
        yield Chroot(directory, release)
    finally:
        run("umount", str(directory))


_OPTIONS: Final = ("--include=make,python3-venv", '--aptopt=Acquire::Languages "none"', "--dpkgopt=force-unsafe-io")


def _mirror() -> list[str]:
    """Where this machine has its own packages from; nothing where it is no Debian."""
    system = platform.freedesktop_os_release()
    if system["ID"] != "debian":
        return []
    targets = run("apt-get", "indextargets", "--format", "$(RELEASE) $(REPO_URI)", "Created-By: Packages")
    found = dict(line.split(maxsplit=1) for line in targets.splitlines())
    return [found[system["VERSION_CODENAME"]]]


def _authorities() -> Path:
    """The file of the certificate authorities that this machine trusts."""
    named = (os.environ.get(name) for name in ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE"))
    candidates = (*named, ssl.get_default_verify_paths().cafile, CERTIFICATES)
    return next(Path(name) for name in candidates if name and Path(name).is_file())


def _registries() -> dict[str, str]:
    files = ConfigParser(interpolation=None)
    home = Path.home()
    files.read(["/etc/xdg/pip/pip.conf", "/etc/pip.conf", home / ".pip/pip.conf", home / ".config/pip/pip.conf"])
    settings = dict(files["global"]) if files.has_section("global") else {}
    from_files = {f"PIP_{name.upper().replace('-', '_')}": settings[name] for name in PIP_SETTINGS if name in settings}
    return from_files | {name: value for name, value in os.environ.items() if CARRIED.fullmatch(name)}
