import pytest
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.context import StreamContext
from source_intercom.streams.workspace import Admins, DataAttributes, Segments, Tags, Teams
from unit_tests.builders import URL, example, ids, read


@pytest.mark.parametrize(
    ("kind", "name", "key", "parameters"),
    [
        (Admins, "admins", "admins", "display_avatar=true"),
        (Teams, "teams", "teams", ""),
        (Tags, "tags", "data", ""),
    ],
)
def test_a_small_collection_is_one_request(
    kind: type[IntercomStream], name: str, key: str, parameters: str, context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.get(f"{URL}{name}", json=example(name))
    assert len(read(kind(context))) == len(example(name)[key])
    assert [request.query for request in asked.request_history] == [parameters]


def test_the_fin_bot_is_an_admin_like_the_others(context: StreamContext, requests_mock: Mocker) -> None:
    bot = {"type": "admin", "id": "5", "name": "Fin", "email": "operator+abc@intercom.io"}
    requests_mock.get(f"{URL}admins", json={"admins": [*example("admins")["admins"], bot]})
    assert ids(read(Admins(context))) == ["991267466", "5"]


def test_dedup_collapses_tags_of_the_same_name(context: StreamContext, requests_mock: Mocker) -> None:
    tags = [{"type": "tag", "id": number, "name": "vip"} for number in ("1", "2")]
    requests_mock.get(f"{URL}tags", json={"data": tags})
    assert read(Tags(context)) == tags


def test_dedup_collapses_teams_of_the_same_name(context: StreamContext, requests_mock: Mocker) -> None:
    teams = [{"type": "team", "id": number, "name": "support"} for number in ("1", "2")]
    requests_mock.get(f"{URL}teams", json={"teams": teams})
    assert read(Teams(context)) == teams


def test_segments_of_people_and_of_companies_come_each_once(context: StreamContext, requests_mock: Mocker) -> None:
    people, companies = {"id": "p", "person_type": "user", "count": 3}, {"id": "c", "person_type": "company"}
    requests_mock.get(f"{URL}segments?include_count=true", json={"segments": [people]})
    requests_mock.get(f"{URL}segments?include_count=true&type=company", json={"segments": [companies, people]})
    assert read(Segments(context)) == [people, companies]
    assert context.reports.count("segments", report.REPEATED) == 1


def test_segments_are_asked_for_in_two_walks(context: StreamContext, requests_mock: Mocker) -> None:
    asked = requests_mock.get(f"{URL}segments", json=example("segments"))
    read(Segments(context))
    assert [request.qs for request in asked.request_history] == [
        {"include_count": ["true"]},
        {"include_count": ["true"], "type": ["company"]},
    ]


def test_data_attributes_are_asked_for_by_model_and_without_the_archived_ones(
    context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.get(f"{URL}data_attributes", json=example("data_attributes"))
    read(DataAttributes(context))
    assert [request.qs for request in asked.request_history] == [{"model": ["contact"]}, {"model": ["company"]}]


def test_dedup_collapses_data_attributes_of_the_same_name(context: StreamContext, requests_mock: Mocker) -> None:
    def attribute(model: str, name: str, full_name: str) -> dict[str, str]:
        return {"type": "data_attribute", "model": model, "name": name, "full_name": full_name}

    contact = [attribute("contact", "name", "name"), attribute("contact", "id", "id")]
    company = [
        attribute("company", "name", "name"),
        attribute("company", "name", "plan.name"),
        attribute("company", "id", "plan.id"),
    ]
    requests_mock.get(f"{URL}data_attributes?model=contact", json={"data": contact})
    requests_mock.get(f"{URL}data_attributes?model=company", json={"data": company})
    assert read(DataAttributes(context)) == contact + company


def test_standard_attributes_have_no_id_and_custom_ones_a_text(context: StreamContext, requests_mock: Mocker) -> None:
    standard = {"model": "contact", "full_name": "email", "custom": False}
    custom = {"model": "contact", "full_name": "custom_attributes.x", "custom": True, "id": 34, "admin_id": 7}
    requests_mock.get(f"{URL}data_attributes?model=contact", json={"data": [standard, custom]})
    requests_mock.get(f"{URL}data_attributes?model=company", json={"data": []})
    assert read(DataAttributes(context)) == [standard, {**custom, "id": "34", "admin_id": "7"}]
