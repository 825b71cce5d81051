"""Links of contacts: ten of a list are shown, and all are listed as what they lead to."""

from typing import Any

import pytest

from integration_tests.sandbox.api import Api, Object, error
from intercom_sandbox.kind import Links
from intercom_sandbox.kinds import KINDS

SETTINGS = {"contacts": 300, "companies": 90, "conversations": 0, "tickets": 0}
NAMES = [name for name, kind in KINDS.items() if isinstance(kind.nested, Links)]


def lists_of(name: str) -> list[str]:
    """The lists of a contact in which the links of a kind are."""
    nested = KINDS[name].nested
    assert isinstance(nested, Links)
    return list(nested.lists)


def listed(api: Api, name: str, contact: Object) -> list[Object]:
    """All that a contact is linked to, as the API lists it."""
    path = KINDS[name].paths[0].path.format(id=contact["id"])
    if name == "contact_companies":
        return api.numbered(path, per_page=7)
    body = api.get(path).json()
    assert body.keys() == {"type", "data"}
    rows: list[Object] = body["data"]
    return rows


def links_of(api: Api, name: str, contact: Object) -> list[Object]:
    return [row for row in api.sandbox.truth(name) if row["contact_id"] == contact["id"]]


def changed(api: Api, contact: Object) -> Object:
    """The contact as it is now."""
    found: Object = next(each for each in api.sandbox.truth("contacts") if each["id"] == contact["id"])
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_contact_shows_ten_links_of_a_list_and_all_are_listed(api: Api, name: str) -> None:
    many = few = 0
    rows = api.sandbox.truth(name)
    for contact in api.sandbox.truth("contacts"):
        truth = {row["id"]: row for row in rows if row["contact_id"] == contact["id"]}
        lists = [contact[each] for each in lists_of(name)]
        shown = [link for each in lists for link in each["data"]]
        if any(each["has_more"] for each in lists):
            many += 1
            assert max(len(each["data"]) for each in lists) == 10 < len(truth)
            assert {link["id"] for link in shown} < truth.keys()
            assert {row["id"] for row in listed(api, name, contact)} == truth.keys()
        elif shown and few < 5:
            few += 1
            assert {link["id"] for link in shown} == truth.keys()
            assert {row["id"] for row in listed(api, name, contact)} == truth.keys()
    assert many
    assert few


def test_what_is_listed_are_the_other_objects_themselves(api: Api) -> None:
    contact = next(each for each in api.sandbox.truth("contacts") if each["companies"]["data"])
    companies = {each["id"]: each for each in api.sandbox.truth("companies")}
    for row in listed(api, "contact_companies", contact):
        assert row == companies[row["id"]]
    contact = next(each for each in api.sandbox.truth("contacts") if each["tags"]["data"])
    names = {each["id"]: each["name"] for each in api.sandbox.truth("tags")}
    for row in listed(api, "contact_tags", contact):
        assert (row["name"], row.keys() >= {"applied_at", "applied_by"}) == (names[row["id"]], True)


def test_the_consent_of_a_subscription_follows_from_its_type(api: Api) -> None:
    consents = {"opt_in": "opted_in", "opt_out": "opted_out"}
    seen = set()
    for contact in api.sandbox.truth("contacts")[:60]:
        told = {row["id"]: row["consent"] for row in links_of(api, "contact_subscriptions", contact)}
        assert {
            row["id"]: consents[row["consent_type"]] for row in listed(api, "contact_subscriptions", contact)
        } == told
        seen |= set(told.values())
    assert seen == {"opted_in", "opted_out"}


@pytest.mark.parametrize("name", NAMES)
def test_links_come_and_go(api: Api, name: str) -> None:
    contact = next(each for each in api.sandbox.truth("contacts") if not links_of(api, name, each))
    added = api.sandbox.mutate("create", object=name, parents=[contact["id"]] * 12, at=1900000000)
    assert len(set(added)) == 12
    assert {f"{contact['id']}:{row['id']}" for row in links_of(api, name, contact)} == set(added)
    now = changed(api, contact)
    assert now["updated_at"] == 1900000000
    assert now[lists_of(name)[0]]["has_more"]
    api.sandbox.mutate("delete", object=name, ids=added[:11], at=1900000001)
    now = changed(api, contact)
    assert now["updated_at"] == 1900000001
    assert sum(len(now[each]["data"]) for each in lists_of(name)) == 1
    assert not any(now[each]["has_more"] for each in lists_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_contact_that_has_everything_gets_no_other_link(api: Api, name: str) -> None:
    contact = api.sandbox.truth("contacts")[0]
    with pytest.raises(RuntimeError, match="400"):
        api.sandbox.mutate("create", object=name, parents=[contact["id"]] * 150)


@pytest.mark.parametrize("name", NAMES)
def test_the_links_of_a_contact_that_is_gone_are_gone(api: Api, name: str) -> None:
    source, target, deleted = (each["id"] for each in api.sandbox.truth("contacts")[:3])
    api.sandbox.mutate("merge_contacts", pairs=[(source, target)])
    api.sandbox.mutate("delete", object="contacts", ids=[deleted])
    path = KINDS[name].paths[0].path
    expected: Any = {source: (410, "contact_merged"), deleted: (404, "not_found")}
    assert {each: error(api.get(path.format(id=each))) for each in expected} == expected
    assert not {row["contact_id"] for row in api.sandbox.truth(name)} & {source, deleted}


def test_a_company_that_is_deleted_stays_with_its_contacts(api: Api) -> None:
    contact = next(each for each in api.sandbox.truth("contacts") if each["companies"]["has_more"])
    gone = contact["companies"]["data"][0]["id"]
    api.sandbox.mutate("delete", object="companies", ids=[gone])
    assert gone in {row["id"] for row in listed(api, "contact_companies", contact)}
    assert gone in {row["id"] for row in links_of(api, "contact_companies", contact)}


def test_merges_are_remembered_by_users(api: Api) -> None:
    contacts = {each["id"]: each for each in api.sandbox.truth("contacts")}
    merges = api.sandbox.truth("contact_merges")
    assert len({row["source_contact_id"] for row in merges}) == len(merges) > 20
    assert {contacts[row["contact_id"]]["role"] for row in merges} == {"user"}
    lead = next(each for each in contacts.values() if each["role"] == "lead")
    api.sandbox.mutate("create", object="contact_merges", parents=[lead["id"]], at=1900000000)
    assert changed(api, lead)["role"] == "user"
