import re

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http import HttpStream

from source_intercom.streams import STREAMS
from source_intercom.streams.base import IntercomStream
from unit_tests.builders import URL, context, error_list
from unit_tests.contracts import CONTRACTS, lineage
from unit_tests.contracts import STREAMS as NAMES
from unit_tests.syncs import Workspace, records, sync, told

ID = "(?:[0-9]+|test_object|order|job[0-9]+)"
"""What names an object in a path; of custom objects that is their type, which requests-mock has in lower case."""


@pytest.fixture(scope="module")
def streams() -> dict[str, IntercomStream]:
    shared = context()
    return {stream.name: stream for stream in (kind(shared) for kind in STREAMS)}


def test_the_catalogue_has_a_stream_for_each_contract_in_its_order(streams: dict[str, IntercomStream]) -> None:
    assert list(streams) == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_stream_asks_for_what_its_contract_names_and_for_what_it_belongs_to(name: str, workspace: Workspace) -> None:
    """The rows are at the place that the contract names, too: no answer has them elsewhere."""
    output = sync(name)
    asked = {
        (request.method, re.sub(rf"/{ID}(?=/|$)", "/{id}", request.path.strip("/")))
        for request in workspace.mocker.request_history
    }
    told = [CONTRACTS[each] for each in lineage(name)]
    named = {(contract.method, contract.path) for contract in told}.union(*(contract.besides for contract in told))
    assert asked - {("GET", "me")} == named
    assert len(records(output, name)) == len(workspace.keys(name)) > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_stream_that_may_not_be_read_fails_with_the_name_of_the_permission(name: str, workspace: Workspace) -> None:
    contract = CONTRACTS[name]
    refused = re.compile(URL + contract.path.replace("{id}", ID) + r"(\?|$)", re.IGNORECASE)
    workspace.mocker.register_uri(contract.method, refused, status_code=401, json=error_list("token_unauthorized"))
    ((message, failure),) = told(sync(name, fails=True), name)
    assert contract.lacking in message
    assert failure == FailureType.config_error


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_has_its_stream_and_its_description(name: str, streams: dict[str, IntercomStream]) -> None:
    schema = streams[name].get_json_schema()
    assert schema["additionalProperties"] is True
    assert schema["description"]


@pytest.mark.parametrize("name", NAMES)
def test_streams_are_asked_at_intercom(name: str, streams: dict[str, IntercomStream]) -> None:
    assert isinstance(streams[name], HttpStream)
    assert streams[name].url_base == "https://api.intercom.io/"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cached(name: str, streams: dict[str, IntercomStream]) -> None:
    assert not streams[name].use_cache


def test_no_stream_asks_for_the_list_of_companies_which_is_capped(workspace: Workspace) -> None:
    """Intercom ends it after some thousands; a sync that used it brought 200 companies."""
    sync(*NAMES)
    assert not [request.path for request in workspace.mocker.request_history if "companies/list" in request.path]
