import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom.streams.base import IntercomStream
from source_intercom.streams.context import StreamContext
from source_intercom.streams.deletions import ContactActivities, InactiveContacts
from unit_tests.builders import URL, Json, error_list, example, ids, read

INACTIVE = f"{URL}contacts/deleted"


def inactive(numbers: list[int], page: int, last: int, total: int | None) -> Json:
    """A page of inactive contacts."""
    rows = [{**example("inactive_contacts")["data"][0], "id": str(number)} for number in numbers]
    count = {} if total is None else {"total_count": total}
    return {"type": "list", "data": rows, **count, "pages": {"type": "pages", "page": page, "total_pages": last}}


def test_inactive_contacts_are_asked_for_in_the_largest_pages_and_in_the_version_that_has_them(
    context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.get(INACTIVE, [{"json": inactive([1, 2], 1, 2, 3)}, {"json": inactive([3], 2, 2, 3)}])
    assert ids(read(InactiveContacts(context))) == ["1", "2", "3"]
    assert [request.qs for request in asked.request_history] == [
        {"per_page": ["150"]},
        {"per_page": ["150"], "page": ["2"]},
    ]
    assert {request.headers["Intercom-Version"] for request in asked.request_history} == {"2.17"}


@pytest.mark.parametrize("total", [4, None])
def test_an_inactive_contact_that_fell_between_two_pages_is_met_by_another_reading(
    total: int | None, context: StreamContext, requests_mock: Mocker
) -> None:
    readings = [[1, 2], [4]], [[3, 1], [2, 4]], [[1, 2], [3, 4]]
    pages = [inactive(page, number, 2, total) for reading in readings for number, page in enumerate(reading, 1)]
    requests_mock.get(INACTIVE, [{"json": page} for page in pages])
    assert sorted(ids(read(InactiveContacts(context)))) == ["1", "2", "3", "4"]


@pytest.mark.parametrize("kind", [ContactActivities, InactiveContacts])
def test_a_workspace_without_the_newer_version_is_told_in_one_sentence(
    kind: type[IntercomStream], context: StreamContext, requests_mock: Mocker
) -> None:
    words = "Requested resource is not available in current API version."
    requests_mock.get(f"{URL}{kind.endpoint}", status_code=400, json=error_list("intercom_version_invalid", words))
    for state in (None, {}, {"starting_after": "17.a"}):
        with pytest.raises(AirbyteTracedException, match="version of its API that the stream needs") as raised:
            read(kind(context), state)
        assert raised.value.failure_type == FailureType.config_error
