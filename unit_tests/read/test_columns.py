"""Columns for custom attributes: what they are called, of which type they are, and what a catalog says of them."""

from itertools import count
from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.read.columns import MOST_LETTERS, Attribute, columns_of, configured
from source_intercom.read.times import with_text

LONG = "how long may it be " * 10


def columns(*names: str, taken: tuple[str, ...] = ()) -> list[str]:
    """The columns of text attributes with these names, whose ids count from 1."""
    numbers = count(1)
    attributes = [Attribute(name, "string", str(next(numbers)), is_archived=False) for name in names]
    return list(columns_of(attributes, "custom_attributes", taken))


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Plan", "custom_plan"),
        ("plan: tier", "custom_plan_tier"),
        ("planTier", "custom_plan_tier"),
        ("HTTP code", "custom_http_code"),
        ("__default_title_", "custom_default_title"),
        ("Größe in €", "custom_große_in".replace("ß", "")),
        ("2nd", "custom_2nd"),
        ("赤", "custom_1"),
        ("?!", "custom_1"),
        (LONG, "custom_how_long_may_it_be_how_long_may_it_be_how_long_may_it_be"),
    ],
)
def test_a_column_has_the_name_of_its_attribute_in_snake_case(name: str, column: str) -> None:
    assert columns(name) == [column]
    assert len(column) <= MOST_LETTERS


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Plan", "plan", "other"), ["custom_plan_1", "custom_plan_2", "custom_other"]),
        (("a b", "a-b", "a b 1"), ["custom_a_b_1_1", "custom_a_b_2", "custom_a_b_1"]),
        (("赤", "青", "1"), ["custom_1_1", "custom_2", "custom_1"]),
        ((LONG, f"{LONG}!"), [f"custom_{LONG[:53].replace(' ', '_')}{end}" for end in ("_1", "_2")]),
    ],
)
def test_names_that_are_too_much_alike_end_in_their_ids(names: tuple[str, ...], expected: list[str]) -> None:
    assert columns(*names) == expected


def test_a_column_that_the_stream_has_anyway_is_no_attributes() -> None:
    taken = ("id", "name", "custom_attributes")
    assert columns("attributes", "name", taken=taken) == ["custom_attributes_1", "custom_name"]


@given(st.lists(st.text(alphabet="aAbé赤 _1!", min_size=1, max_size=80), unique=True, max_size=30))
def test_every_attribute_has_a_column_of_its_own_whatever_it_is_called(names: list[str]) -> None:
    found = columns(*names, taken=("custom_a",))
    assert len({*found}) == len(names)
    assert "custom_a" not in found
    assert all(len(column) <= MOST_LETTERS and column == column.lower() for column in found)


def test_attributes_in_use_come_before_archived_ones_and_older_ones_first() -> None:
    attributes = [
        Attribute("old", "string", "3", is_archived=True),
        Attribute("late", "string", "10", is_archived=False),
        Attribute("early", "string", "9", is_archived=False),
    ]
    assert list(columns_of(attributes, "custom_attributes", ())) == ["custom_early", "custom_late", "custom_old"]


@pytest.mark.parametrize(
    ("data_types", "kind"),
    [
        (("string",), "string"),
        (("list",), "string"),
        (("datetime",), "string"),
        (("unheard of",), "string"),
        (("integer",), "integer"),
        (("date",), "integer"),
        (("float",), "number"),
        (("decimal",), "number"),
        (("boolean",), "boolean"),
        (("relationship",), "object"),
        (("files",), "array"),
        (("list", "string"), "string"),
        (("float", "decimal"), "number"),
        (("integer", "date"), "string"),
        (("integer", "list"), "string"),
        (("boolean", "integer", "files"), "string"),
    ],
)
def test_a_column_has_the_type_of_the_attributes_of_its_name(data_types: tuple[str, ...], kind: str) -> None:
    attributes = [Attribute("x", each, str(n), is_archived=False) for n, each in enumerate(data_types)]
    (column,) = columns_of(attributes, "ticket_attributes", ()).values()
    assert column["type"] == ["null", kind]
    assert bool(column.get("x-time")) == (data_types == ("date",))
    assert column["x-attribute"] == ["ticket_attributes", "x"]
    assert "“x”" in column["description"]


@pytest.mark.parametrize("as_text", [True, False])
def test_a_catalog_says_what_was_discovered(as_text: bool) -> None:
    types = ("string", "integer", "float", "boolean", "date", "relationship", "files")
    attributes = [Attribute(each, each, str(n), is_archived=False) for n, each in enumerate(types)]
    found = columns_of(attributes, "custom_attributes", ())
    schema = {"properties": {"id": {"type": "string"}, **found}}
    catalog = with_text(schema) if as_text else schema
    said = configured("contacts", catalog["properties"])
    assert {name: {**node, "description": ""} for name, node in said.items()} == {
        name: {**node, "description": ""} for name, node in found.items()
    }


@pytest.mark.parametrize(
    "column",
    [
        {"type": ["null", "string"], "x-attribute": "Plan"},
        {"type": ["null", "string"], "x-attribute": ["custom_attributes"]},
        {"type": ["null", "string"], "x-attribute": ["custom_attributes", 5]},
        {"type": ["null", "text"], "x-attribute": ["custom_attributes", "Plan"]},
        {"type": ["string", "integer"], "x-attribute": ["custom_attributes", "Plan"]},
        {"type": 5, "x-attribute": ["custom_attributes", "Plan"]},
        {"x-attribute": ["custom_attributes", "Plan"]},
    ],
)
def test_a_column_that_cannot_be_filled_is_a_config_error(column: dict[str, Any]) -> None:
    with pytest.raises(AirbyteTracedException, match="column custom_plan of contacts cannot be filled") as raised:
        configured("contacts", {"custom_plan": column})
    assert raised.value.failure_type == FailureType.config_error


def test_all_other_columns_of_a_catalog_are_left_alone() -> None:
    assert configured("contacts", {"id": {"type": "string"}, "custom_attributes": {"type": "object"}, "x": True}) == {}
