from typing import Any
from urllib.parse import parse_qsl

import pytest
from requests_mock import Mocker

from unit_tests.answers import own_rows, placed
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


def test_away_status_reasons_may_come_without_the_object_around_them(requests_mock: Mocker) -> None:
    rows = own_rows(CONTRACTS["away_status_reasons"])
    requests_mock.get(f"{URL}away_status_reasons", json=rows)
    found = records(sync("away_status_reasons"), "away_status_reasons")
    assert keys_of("away_status_reasons", found) == keys_of("away_status_reasons", rows)


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


def team(number: int, admin_ids: Any, levels: Any = None) -> Json:
    return {"type": "team", "id": str(number), "admin_ids": admin_ids, "admin_priority_level": levels}


def test_the_admins_of_a_team_have_the_level_that_lists_them(requests_mock: Mocker) -> None:
    levels = {"primary_admin_ids": [1, "2"], "secondary_admin_ids": [3]}
    answer(requests_mock, "teams", [team(7, [4, 3, 2, "1"], levels)])
    rows = records(sync("team_admins"), "team_admins")
    assert {row["team_id"] for row in rows} == {"7"}
    assert [(row["admin_id"], row.get("priority_level")) for row in rows] == [
        ("4", None),
        ("3", "secondary"),
        ("2", "primary"),
        ("1", "primary"),
    ]


@pytest.mark.parametrize("levels", [None, {}, [], {"primary_admin_ids": None}, {"primary_admin_ids": {"1": 1}}])
def test_a_team_without_levels_gives_its_admins_none(levels: Any, requests_mock: Mocker) -> None:
    answer(requests_mock, "teams", [team(7, [1], levels), team(8, [1]), team(9, None), {"id": "10"}])
    output = sync("teams", "team_admins")
    assert records(output, "team_admins") == [{"team_id": number, "admin_id": "1"} for number in ("7", "8")]
    assert len(records(output, "teams")) == 4


def test_an_admin_whose_id_cannot_be_read_is_skipped_and_counted(requests_mock: Mocker) -> None:
    answer(requests_mock, "teams", [team(7, [1, None, {"id": 2}])])
    output = sync("team_admins")
    assert [row["admin_id"] for row in records(output, "team_admins")] == ["1"]
    assert any("skipped rows that Intercom sent without team_id and admin_id, 2" in line for line in logs(output))
