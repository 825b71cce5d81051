"""Validation as strict as destinations are."""

from math import isfinite
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.validators import extend

_CHECKER = Draft7Validator.TYPE_CHECKER.redefine_many(
    {
        "integer": lambda _, value: type(value) is int and -(2**63) <= value < 2**63,
        "number": lambda _, value: type(value) is int or (type(value) is float and isfinite(value)),
    }
)

Strict: Any = extend(Draft7Validator, type_checker=_CHECKER)  # type: ignore[no-untyped-call]
"""A whole number has no fraction and 64 bits, a number is finite."""
