"""Notes about contacts: a list of each contact, of which the contact itself shows ten."""

from integration_tests.sandbox.api import Api, error

SETTINGS = {"contacts": 120, "companies": 5, "conversations": 0, "tickets": 0}


def test_notes_of_a_contact_need_another_scope_than_contacts(api: Api) -> None:
    contact = api.sandbox.truth("contacts")[0]["id"]
    api.sandbox.configure(without_scope=["read_users_companies"])
    assert api.get(f"/contacts/{contact}/notes").status_code == 200
    assert api.get("/contacts").status_code == 401


def test_a_contact_that_is_not_there_has_no_notes(api: Api) -> None:
    assert error(api.get("/contacts/nobody/notes")) == (404, "not_found")


def test_notes_name_their_contact_and_come_newest_first(api: Api) -> None:
    contact = next(each for each in api.sandbox.truth("contacts") if each["notes"]["has_more"])
    page = api.get(f"/contacts/{contact['id']}/notes").json()
    assert {note["contact"]["id"] for note in page["data"]} == {contact["id"]}
    assert {note["type"] for note in page["data"]} == {"note"}
    moments = [note["created_at"] for note in page["data"]]
    assert moments == sorted(moments, reverse=True)
    assert len(moments) == page["total_count"] == contact["notes"]["total_count"] > 10
    assert {note["id"] for note in contact["notes"]["data"]} < {note["id"] for note in page["data"]}


def test_notes_have_authors_and_a_few_have_lost_them(api: Api) -> None:
    authors = [note["author"] for note in api.sandbox.truth("contact_notes")]
    assert {author and author["type"] for author in authors} == {"admin", None}


def test_a_contact_shows_ten_of_its_notes_and_how_many_there_are(api: Api) -> None:
    contact = next(each for each in api.sandbox.truth("contacts") if not each["notes"]["data"])
    api.sandbox.mutate("create", object="contact_notes", parents=[contact["id"]] * 61)
    (shown,) = (each["notes"] for each in api.sandbox.truth("contacts") if each["id"] == contact["id"])
    assert (len(shown["data"]), shown["total_count"], shown["has_more"]) == (10, 61, True)
    path = f"/contacts/{contact['id']}/notes"
    first, second = (api.get(path, params={"page": number}).json() for number in (1, 2))
    assert (len(first["data"]), len(second["data"])) == (50, 11)
    assert first["pages"]["next"] == f"{api.sandbox.url}{path}?per_page=50&page=2"
    assert second["pages"]["next"] is None


def test_the_notes_of_a_merged_contact_are_gone(api: Api) -> None:
    noted = [each["id"] for each in api.sandbox.truth("contacts") if each["notes"]["data"]][:2]
    api.sandbox.mutate("merge_contacts", pairs=[noted])
    of = {note["contact_id"] for note in api.sandbox.truth("contact_notes")}
    assert noted[0] not in of
    assert noted[1] in of
    answer = api.get(f"/contacts/{noted[0]}/notes")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (410, "contact_merged")
