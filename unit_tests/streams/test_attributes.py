"""Columns for custom attributes in the streams that have them."""

from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom.read.columns import MOST_COLUMNS
from source_intercom.streams.attributes import PLACES, columns_in_workspace
from source_intercom.streams.contacts import Contacts
from source_intercom.streams.context import StreamContext, schema_of
from unit_tests.builders import URL, Json, context, error_list


def listed(*attributes: Json) -> Json:
    return {"type": "list", "data": list(attributes)}


def attribute(number: int, name: str, data_type: str = "string", **more: Any) -> Json:
    return {"id": number, "name": name, "data_type": data_type, "archived": False, **more}


def of_model(model: str, *attributes: Json) -> Json:
    own = {"model": model, "custom": True}
    return listed(*({**own, "full_name": f"custom_attributes.{each['name']}", **each} for each in attributes))


@pytest.fixture
def wanting() -> StreamContext:
    return context(custom_attribute_columns=True)


@pytest.fixture
def workspace(requests_mock: Mocker) -> Mocker:
    """One attribute of each model, and two of the types of tickets."""
    standard = {"id": None, "model": "contact", "name": "email", "full_name": "email", "data_type": "string"}
    contacts = of_model("contact", attribute(5, "Plan"), {**standard, "custom": False})
    requests_mock.get(f"{URL}data_attributes?model=contact&include_archived=true", json=contacts)
    companies = of_model("company", attribute(6, "Seats", "integer"))
    requests_mock.get(f"{URL}data_attributes?model=company&include_archived=true", json=companies)
    conversations = listed(attribute(7, "Language", "list", archived=True))
    requests_mock.get(f"{URL}conversations/attributes?include_archived=true", json=conversations)
    types = [
        {"id": str(n), "ticket_type_attributes": listed(attribute(n, "Grade", each), attribute(9, "_default_title_"))}
        for n, each in enumerate(("integer", "list"))
    ]
    requests_mock.get(f"{URL}ticket_types", json=listed(*types))
    return requests_mock


def test_columns_are_those_of_the_attributes_that_the_workspace_has(workspace: Mocker, wanting: StreamContext) -> None:
    found = columns_in_workspace(wanting)
    assert {stream: {name: each["type"][1] for name, each in columns.items()} for stream, columns in found.items()} == {
        "contacts": {"custom_plan": "string"},
        "companies": {"custom_seats": "integer"},
        "conversations": {"custom_language": "string"},
        "tickets": {"custom_grade": "string", "custom_default_title": "string"},
    }
    assert found["tickets"]["custom_grade"]["x-attribute"] == ["ticket_attributes", "Grade"]


def test_attributes_are_in_a_field_that_the_stream_has() -> None:
    for kind, place in PLACES.items():
        assert place.holder in schema_of(kind(context()).name)["properties"]


def test_no_more_columns_are_declared_than_tables_can_have(
    workspace: Mocker, wanting: StreamContext, caplog: pytest.LogCaptureFixture
) -> None:
    many = [attribute(n, f"a{n}") for n in range(MOST_COLUMNS + 5)]
    workspace.get(f"{URL}data_attributes?model=contact", json=of_model("contact", *many))
    found = columns_in_workspace(wanting)["contacts"]
    assert len(found) == MOST_COLUMNS
    assert f"contacts: of {len(many)} custom attributes only {MOST_COLUMNS} get columns" in caplog.text


@pytest.mark.parametrize("path", ["data_attributes", "conversations/attributes", "ticket_types"])
def test_columns_that_cannot_be_told_are_an_error(workspace: Mocker, wanting: StreamContext, path: str) -> None:
    workspace.get(f"{URL}{path}", status_code=403, json=error_list("forbidden", "no scope"))
    with pytest.raises(AirbyteTracedException, match=r"custom attributes \w+ have cannot be told") as raised:
        columns_in_workspace(wanting)
    assert raised.value.failure_type == FailureType.config_error


def test_rows_have_their_attributes_in_columns_and_in_the_object() -> None:
    held = {"Plan": 5, "Seats": "7", "Files": [{"a": 1}, "b"], "Since": "2024-01-31", "Odd": [1], "New": True}
    kinds = {"Plan": "string", "Seats": "integer", "Files": "array", "Odd": "string", "Absent": "boolean"}
    columns: dict[str, Any] = {
        f"custom_{name.lower()}": {"type": ["null", kind], "x-attribute": ["custom_attributes", name]}
        for name, kind in kinds.items()
    }
    columns["custom_files"]["items"] = {"type": ["null", "object"]}
    columns["custom_since"] = {
        "type": ["null", "integer"],
        "x-time": True,
        "x-attribute": ["custom_attributes", "Since"],
    }
    own = context()
    stream = Contacts(StreamContext(own.config, own.api, own.messages, columns={"contacts": columns}))
    (row,) = stream.rows.fit([{"id": "1", "updated_at": 5, "custom_attributes": held}])
    assert {name: value for name, value in row.items() if name.startswith("custom_") and name in columns} == {
        "custom_plan": "5",
        "custom_seats": 7,
        "custom_files": [{"a": 1}, None],
        "custom_since": 1_706_659_200,
        "custom_odd": None,
        "custom_absent": None,
    }
    assert row["custom_attributes"] == held == {**held, "Files": [{"a": 1}, "b"]}
