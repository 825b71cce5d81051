"""Fields that an answer has only when the query string asks for them, and workspaces that refuse to give them."""

from typing import Any

import pytest

from integration_tests.sandbox.api import EVERYTHING, Api, error

SETTINGS = {"contacts": 60, "conversations": 60, "companies": 5, "parts": 60, "tickets": 5}
FLAGS = [
    ("contacts", "include_merge_history", "merge_history"),
    ("conversations", "include_monitors", "monitor_evaluations"),
    ("conversations", "include_scorecards", "scorecards"),
]


def found(api: Api, kind: str, **parameters: str) -> list[dict[str, Any]]:
    response = api.post(f"/{kind}/search", {"query": EVERYTHING, "pagination": {"per_page": 150}}, params=parameters)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["data" if kind == "contacts" else kind]
    return items


@pytest.mark.parametrize(("kind", "flag", "field"), FLAGS)
def test_a_field_comes_only_with_its_flag(api: Api, kind: str, flag: str, field: str) -> None:
    assert not any(field in item for item in found(api, kind))
    assert not any(field in item for item in found(api, kind, **{flag: "false"}))
    assert any(item.get(field) for item in found(api, kind, **{flag: "true"}))


def test_flags_bring_their_own_fields_only(api: Api) -> None:
    assert not any("scorecards" in item for item in found(api, "conversations", include_monitors="true"))
    both = found(api, "conversations", include_monitors="true", include_scorecards="true")
    assert all("scorecards" in item and "monitor_evaluations" in item for item in both)


def test_only_users_have_a_merge_history(api: Api) -> None:
    contacts = found(api, "contacts", include_merge_history="true")
    assert {contact["role"] for contact in contacts if "merge_history" in contact} == {"user"}


def test_lists_of_contacts_know_the_flag_and_lists_of_conversations_do_not(api: Api) -> None:
    contacts = api.get("/contacts?include_merge_history=true").json()["data"]
    assert any("merge_history" in contact for contact in contacts)
    conversations = api.get("/conversations?include_monitors=true&include_scorecards=true").json()["conversations"]
    assert not any("scorecards" in each or "monitor_evaluations" in each for each in conversations)


def test_admins_have_avatars_only_when_asked(api: Api) -> None:
    assert not any("avatar" in admin for admin in api.get("/admins").json()["admins"])
    assert any(admin["avatar"] for admin in api.get("/admins?display_avatar=true").json()["admins"])


def test_a_merge_is_remembered_by_the_user_that_remains(api: Api) -> None:
    contacts = api.sandbox.truth("contacts")
    user = next(each for each in contacts if each["role"] == "user" and not each["merge_history"])
    lead = next(each for each in contacts if each["role"] == "lead")
    api.sandbox.mutate("merge_contacts", pairs=[(lead["id"], user["id"])], at=1900000000)
    (merged,) = [each for each in found(api, "contacts", include_merge_history="true") if each["id"] == user["id"]]
    entry = {"type": "merge_history", "source_contact_id": lead["id"], "source_contact_role": "lead"}
    assert merged["merge_history"] == [entry | {"merged_at": 1900000000}]


@pytest.mark.parametrize(
    ("refusal", "answer"), [("forbidden", (403, "forbidden")), ("invalid", (400, "parameter_invalid"))]
)
@pytest.mark.parametrize(("kind", "flag"), [(kind, flag) for kind, flag, _ in FLAGS])
def test_a_refused_flag_is_refused_and_nothing_else(
    api: Api, kind: str, flag: str, refusal: str, answer: tuple[int, str]
) -> None:
    api.sandbox.configure(refused_parameter=[flag], parameter_refusal=refusal)
    assert error(api.post(f"/{kind}/search", {"query": EVERYTHING}, params={flag: "true"})) == answer
    assert found(api, kind)
    others = {other: "true" for of, other, _ in FLAGS if of == kind and other != flag}
    assert found(api, kind, **others)
