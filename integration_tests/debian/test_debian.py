"""Debian 13, whose own Python is 3.13, on which PyAirbyte cannot be installed."""

from collections.abc import Iterator

import pytest

from integration_tests.debian.chroot import Chroot, chroot
from integration_tests.test_demo import SIZES
from unit_tests.examples import VARIABLE

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroot]:
    yield from chroot(tmp_path_factory.mktemp("debian") / "trixie", "trixie")


def test_the_demo_needs_nothing_but_make_and_python_3_13(debian: Chroot) -> None:
    done = debian.make("demo", DEMO=f"{' '.join(SIZES)} --without-dashboard")
    assert done.returncode == 0, done.stdout
    assert "PyAirbyte    is not used, as it runs on no Python newer than 3.12" in done.stdout
    assert "Compared" in done.stdout


def test_all_unit_tests_pass_on_python_3_13(debian: Chroot) -> None:
    done = debian.make("unit", CI="true", **{VARIABLE: "0.1"})  # what is wrong on another Python shows in few
    assert done.returncode == 0, done.stdout
    assert "Python 3.13." in done.stdout
    assert " passed" in done.stdout
