import pytest
from airbyte_cdk.sources.streams.http import HttpStream

from source_intercom.streams import STREAMS
from source_intercom.streams.base import IntercomStream
from unit_tests.builders import context

# Stream: method, path below the API's URL, key of the records, cursor field, primary key, permission.
PEOPLE = "Read and list users and companies"
TABLE: dict[str, tuple[str, str, str, str | None, list[str], str]] = {
    "contacts": ("POST", "contacts/search", "data", "updated_at", ["id"], PEOPLE),
    "conversations": ("POST", "conversations/search", "conversations", "updated_at", ["id"], "Read conversations"),
    "conversation_parts": (
        "GET",
        "conversations/7",
        "conversation_parts",
        "conversation_updated_at",
        ["id"],
        "Read conversations",
    ),
    "tickets": ("POST", "tickets/search", "tickets", "updated_at", ["id"], "Read tickets"),
    "companies": ("GET", "companies/scroll", "data", None, ["id"], PEOPLE),
    "admins": ("GET", "admins", "admins", None, ["id"], "Read admins"),
    "teams": ("GET", "teams", "teams", None, ["id"], "Read admins"),
    "tags": ("GET", "tags", "data", None, ["id"], "Read tags"),
    "segments": ("GET", "segments", "segments", None, ["id"], PEOPLE),
    "data_attributes": ("GET", "data_attributes", "data", None, ["model", "full_name"], PEOPLE),
    "articles": ("GET", "articles", "data", None, ["id"], "Read articles"),
}


@pytest.fixture(scope="module")
def streams() -> dict[str, IntercomStream]:
    shared = context()
    return {stream.name: stream for stream in (kind(shared) for kind in STREAMS)}


def test_there_are_eleven_streams(streams: dict[str, IntercomStream]) -> None:
    assert list(streams) == list(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_each_stream_is_a_row_of_the_table(name: str, streams: dict[str, IntercomStream]) -> None:
    method, path, records_key, cursor_field, primary_key, permission = TABLE[name]
    stream = streams[name]
    assert stream.http_method == method
    assert stream.path(stream_slice={"id": "7"}) == path
    assert stream.records_key == records_key
    assert (stream.cursor_field or None) == cursor_field
    assert stream.primary_key == primary_key
    assert stream.permission == permission


@pytest.mark.parametrize("name", TABLE)
def test_each_schema_has_its_stream_and_its_description(name: str, streams: dict[str, IntercomStream]) -> None:
    schema = streams[name].get_json_schema()
    assert schema["additionalProperties"] is True
    assert schema["description"]


@pytest.mark.parametrize("name", TABLE)
def test_streams_are_asked_at_intercom(name: str, streams: dict[str, IntercomStream]) -> None:
    assert isinstance(streams[name], HttpStream)
    assert streams[name].url_base == "https://api.intercom.io/"


@pytest.mark.parametrize("name", TABLE)
def test_nothing_is_cached(name: str, streams: dict[str, IntercomStream]) -> None:
    assert not streams[name].use_cache


def test_only_200_companies_because_the_list_is_capped(streams: dict[str, IntercomStream]) -> None:
    assert not any("companies/list" in stream.path(stream_slice={"id": "7"}) for stream in streams.values())
