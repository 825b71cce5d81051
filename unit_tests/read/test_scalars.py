"""Single values become the type that is declared where nothing is lost, and are refused elsewhere."""

from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.read import scalars

SAME = object()
REFUSED = object()
ANY_JSON = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def outcome(convert: Any, value: Any) -> Any:
    try:
        return convert(value)
    except ValueError:
        return REFUSED


def check(convert: Any, value: Any, expected: Any) -> None:
    got, wanted = outcome(convert, value), value if expected is SAME else expected
    assert (type(got), got) == (type(wanted), wanted)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", SAME),
        ("5.0", SAME),
        (5, "5"),
        (5.0, "5"),
        (1.5, "1.5"),
        (2**64, str(2**64)),
        (1e300, "1e+300"),
        (True, "true"),
        (False, "false"),
        (inf, REFUSED),
        (nan, REFUSED),
        ({}, REFUSED),
        ([], REFUSED),
    ],
)
def test_text_is_what_json_writes(value: Any, expected: Any) -> None:
    check(scalars.text, value, expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0042", SAME),
        (0, "0"),
        (215474207061545, "215474207061545"),
        (2**70, str(2**70)),
        (5.0, "5"),
        (1.5, REFUSED),
        (1e30, REFUSED),
        (True, REFUSED),
        (inf, REFUSED),
        ({}, REFUSED),
    ],
)
def test_ids_are_text_or_whole_numbers_and_never_true_or_false(value: Any, expected: Any) -> None:
    check(scalars.identifier, value, expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, SAME),
        (-(2**63), SAME),
        (2**63 - 1, SAME),
        (2**63, REFUSED),
        (-(2**63) - 1, REFUSED),
        (5.0, 5),
        (-0.0, 0),
        (5.5, REFUSED),
        (1e19, REFUSED),
        ("5", 5),
        (" -5 ", -5),
        ("5.0", 5),
        ("5.5", REFUSED),
        ("1_000", REFUSED),
        ("٣", REFUSED),
        ("", REFUSED),
        ("9" * 5000, REFUSED),
        (str(2**63), REFUSED),
        (True, REFUSED),
        (nan, REFUSED),
        ([1], REFUSED),
    ],
)
def test_integers_have_64_bits_and_no_fraction(value: Any, expected: Any) -> None:
    check(scalars.integer, value, expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, SAME),
        (5.5, SAME),
        ("5", 5),
        ("5.5", 5.5),
        ("-1.5e3", -1500.0),
        ("1e999", REFUSED),
        ("nan", REFUSED),
        ("five", REFUSED),
        (inf, REFUSED),
        (2**64, REFUSED),
        (False, REFUSED),
        ({}, REFUSED),
    ],
)
def test_numbers_are_finite(value: Any, expected: Any) -> None:
    check(scalars.number, value, expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, SAME),
        ("true", True),
        ("False", False),
        (1, True),
        (0, False),
        (2, REFUSED),
        (1.0, REFUSED),
        ("yes", REFUSED),
        ("", REFUSED),
        ([], REFUSED),
    ],
)
def test_booleans_are_words_or_one_and_zero(value: Any, expected: Any) -> None:
    check(scalars.boolean, value, expected)


SECOND = 1_750_849_077  # 2025-06-25T10:57:57Z


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (SECOND, SAME),
        (1, SAME),
        (9_999_999_999, SAME),
        (SECOND * 1000 + 123, SECOND),
        (float(SECOND), SECOND),
        (SECOND + 0.5, SECOND),
        (str(SECOND), SECOND),
        (f"{SECOND}123", SECOND),
        ("2025-06-25T10:57:57Z", SECOND),
        ("2025-06-25T12:57:57.123+02:00", SECOND),
        ("2025-06-25 10:57:57 UTC", SECOND),
        ("2025-06-25", 1_750_809_600),
        (-157_766_400, SAME),  # 1965: when a customer of a bank signed up
        ("1965-01-01T00:00:00Z", -157_766_400),
    ],
)
def test_times_are_seconds_whatever_they_come_as(value: Any, expected: Any) -> None:
    check(scalars.second, value, expected)


@pytest.mark.parametrize(
    "value", [0, 0.0, "0", -1, -62_135_596_800, -62_135_596_800_000, "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"]
)
def test_intercoms_never_is_no_time(value: Any) -> None:
    check(scalars.second, value, None)


@pytest.mark.parametrize("value", ["", "soon", True, 2**63, -(2**63), inf, nan, {}, [SECOND], "9" * 400])
def test_what_is_no_time_is_refused(value: Any) -> None:
    check(scalars.second, value, REFUSED)


@given(ANY_JSON)
def test_whatever_comes_is_converted_once_and_for_all_or_refused(value: Any) -> None:
    for convert in (scalars.text, scalars.identifier, scalars.integer, scalars.number, scalars.boolean, scalars.second):
        converted = outcome(convert, value)
        if converted is not REFUSED and converted is not None:
            check(convert, converted, SAME)
