"""What `make audit` says of vulnerabilities, and with which exit code it ends."""

from scripts import audit, lock
from scripts.audit import Finding

FOUND = Finding("requests", "2.34.2", ("PYSEC-1", "CVE-1"), ("3.0", "2.40"))
LEFT_OUT = Finding("nltk", "3.9.4", ("CVE-2",), ())
ACCEPTED = Finding("xmltodict", "0.14.2", ("PYSEC-3", *audit.ACCEPTED), ("1.0",))


def test_a_vulnerability_of_the_image_is_named_with_its_end_and_fails() -> None:
    code, lines = audit.report([FOUND], {})
    assert code == 1
    assert lines[0] == "Found: requests 2.34.2: PYSEC-1, CVE-1, fixed in 3.0 and 2.40"
    assert lines[1].startswith("Vulnerabilities found in the image: 1; ")


def test_a_lock_without_known_vulnerabilities_passes() -> None:
    assert audit.report([], {}) == (0, ["No known vulnerabilities in the image."])


def test_one_that_the_image_leaves_out_is_told_and_fails_nothing() -> None:
    assert audit.report([LEFT_OUT], {"nltk": "3.9.4"}) == (
        0,
        [
            "Not in the image, and never loaded after pip install: nltk 3.9.4: CVE-2, not fixed yet",
            "No known vulnerabilities in the image.",
        ],
    )


def test_one_that_is_accepted_is_told_with_its_reason_and_fails_nothing() -> None:
    code, lines = audit.report([ACCEPTED], {})
    assert code == 0
    assert lines[0].startswith("Accepted: xmltodict 0.14.2: PYSEC-3, CVE-2025-9375, fixed in 1.0; it lies in ")
    assert audit.report([ACCEPTED, FOUND, FOUND], {})[0] == 1


def test_the_lock_has_one_version_of_each_package_for_the_image_or_left_out() -> None:
    image, left_out = lock.of_the_image(), lock.left_out()
    assert image["cffi"] >= "2"
    assert left_out["numpy"] > "2.5"
    assert not image.keys() & left_out.keys()
    assert "colorama" not in {**image, **left_out}, "which is for Windows"
    assert "unidecode" in left_out
