from urllib.parse import parse_qsl

import pytest
from requests_mock import Mocker

from unit_tests.answers import placed
from unit_tests.builders import URL, Json
from unit_tests.contracts import CONTRACTS, Way, by_way
from unit_tests.syncs import Workspace, keys_of, logs, records, sync


def answer(mocker: Mocker, name: str, rows: list[Json], query: str = "") -> None:
    """A whole list is answered with these rows."""
    contract = CONTRACTS[name]
    mocker.get(f"{URL}{contract.path}{query}", json=placed({}, contract.records, rows))


@pytest.mark.parametrize("name", by_way(Way.WHOLE))
def test_a_whole_list_is_asked_for_once_with_each_of_its_parameters(name: str, workspace: Workspace) -> None:
    output, contract = sync(name), CONTRACTS[name]
    asked = [(request.path.strip("/"), dict(parse_qsl(request.query))) for request in workspace.mocker.request_history]
    assert asked == [(contract.path, parameters) for parameters in contract.parameters]
    assert keys_of(name, records(output, name)) == workspace.keys(name)


@pytest.mark.parametrize("name", [name for name in by_way(Way.WHOLE) if CONTRACTS[name].key == ("id",)])
def test_rows_that_differ_in_nothing_but_their_ids_all_come(name: str, requests_mock: Mocker) -> None:
    """With the name as the key, as elsewhere, deduplication left one of them."""
    rows = [{"id": number, "name": "vip"} for number in ("1", "2")]
    answer(requests_mock, name, rows)
    assert records(sync(name), name) == rows


def test_the_fin_bot_is_an_admin_like_the_others(requests_mock: Mocker) -> None:
    person = {"type": "admin", "id": "991267466", "name": "Ciaran7 Lee", "email": "admin7@email.com"}
    bot = {"type": "admin", "id": "5", "name": "Fin", "email": "operator+abc@intercom.io"}
    answer(requests_mock, "admins", [person, bot])
    assert records(sync("admins"), "admins") == [person, bot]


def test_segments_of_people_and_of_companies_come_each_once(requests_mock: Mocker) -> None:
    person, company = {"id": "p", "person_type": "user", "count": 3}, {"id": "c", "person_type": "company"}
    answer(requests_mock, "segments", [person], "?include_count=true")
    answer(requests_mock, "segments", [company, person], "?include_count=true&type=company")
    output = sync("segments")
    assert records(output, "segments") == [person, company]
    assert any(line.startswith("segments: ") and "1 met again and not emitted twice" in line for line in logs(output))


def attributes(mocker: Mocker, contact: list[Json], company: list[Json]) -> list[Json]:
    """The rows that are read where contacts and companies have these attributes."""
    answer(mocker, "data_attributes", contact, "?model=contact")
    answer(mocker, "data_attributes", company, "?model=company")
    return records(sync("data_attributes"), "data_attributes")


def test_attributes_that_share_a_name_are_told_apart_by_model_and_full_name(requests_mock: Mocker) -> None:
    def attribute(model: str, name: str, full_name: str) -> Json:
        return {"type": "data_attribute", "model": model, "name": name, "full_name": full_name}

    contact = [attribute("contact", "name", "name"), attribute("contact", "id", "id")]
    company = [
        attribute("company", "name", "name"),
        attribute("company", "name", "plan.name"),
        attribute("company", "id", "plan.id"),
    ]
    assert attributes(requests_mock, contact, company) == contact + company


def test_standard_attributes_have_no_id_and_custom_ones_a_text(requests_mock: Mocker) -> None:
    standard = {"model": "contact", "full_name": "email", "custom": False}
    custom = {"model": "contact", "full_name": "custom_attributes.x", "custom": True, "id": 34, "admin_id": 7}
    assert attributes(requests_mock, [standard, custom], []) == [standard, {**custom, "id": "34", "admin_id": "7"}]
