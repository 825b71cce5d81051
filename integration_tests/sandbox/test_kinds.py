"""What follows from the row of each kind: paging to the end, scopes by path, settings, faults."""

from collections import Counter
from typing import Any

import pytest

from integration_tests.sandbox.api import EVERYTHING, Api, Object, both, error
from intercom_sandbox.kind import Inside, Kind, Path
from intercom_sandbox.kinds import KINDS
from intercom_sandbox.pages import Next, Numbered
from intercom_sandbox.scopes import SCOPES

SETTINGS = {"contacts": 120, "companies": 20, "conversations": 60, "parts": 200, "tickets": 40, "activity_logs": 330}
RANGE = {"/admins/activity_logs": {"created_at_after": 1}}
"""The parameters that a path asks for."""
PATHS = [(kind, path) for kind in KINDS.values() for path in kind.paths]


NUMBERED = [
    pytest.param(kind, path, path.shape, id=kind.name) for kind, path in PATHS if isinstance(path.shape, Numbered)
]


def of_path(paths: list[tuple[Kind, Path]]) -> list[Any]:
    return [pytest.param(kind, path, id=path.path) for kind, path in paths]


def rows(api: Api, path: Path, shape: Numbered, item_id: str, **parameters: Any) -> list[Object]:
    """All rows of one list."""
    return api.numbered(path.path.format(id=item_id), shape.key, **RANGE.get(path.path, {}), **parameters)


def whole(api: Api, kind: Kind, path: Path, shape: Numbered, **parameters: Any) -> list[Object]:
    """All rows of a kind; those of parents with what the truth says of the parent."""
    if kind.nested is None:
        return rows(api, path, shape, "", **parameters)
    prefix, found = kind.nested.prefix, []
    for parent in api.sandbox.truth(kind.nested.parent):
        of_parent = {f"{prefix}_id": parent["id"], f"{prefix}_updated_at": parent["updated_at"]}
        found += [row | of_parent for row in rows(api, path, shape, parent["id"], **parameters)]
    return found


def by_key(kind: Kind, items: list[Object]) -> dict[str, Object]:
    keyed = {kind.id_of(item): item for item in items}
    assert len(keyed) == len(items)
    return keyed


@pytest.mark.parametrize(("kind", "path", "shape"), NUMBERED)
@pytest.mark.parametrize("per_page", [None, 7])
def test_numbered_pages_deliver_the_truth(
    api: Api, kind: Kind, path: Path, shape: Numbered, per_page: int | None
) -> None:
    truth = by_key(kind, api.sandbox.truth(kind.name))
    assert truth
    assert by_key(kind, whole(api, kind, path, shape, per_page=per_page)) == truth


@pytest.mark.parametrize(("kind", "path", "shape"), NUMBERED)
def test_numbered_pages_say_what_comes_next_in_the_way_of_their_shape(
    api: Api, kind: Kind, path: Path, shape: Numbered
) -> None:
    if kind.nested:
        parent = api.sandbox.truth(kind.nested.parent)[0]["id"]
        api.sandbox.mutate("create", object=kind.name, parents=[parent] * 4)
        address = path.path.format(id=parent)
    else:
        address = path.path
    parameters = {**RANGE.get(path.path, {}), "per_page": 3}
    body = api.get(address, params=parameters).json()
    last = api.get(address, params={**parameters, "page": body["pages"]["total_pages"]}).json()["pages"]
    assert (body["pages"]["page"], len(body[shape.key])) == (1, 3)
    if shape.next is Next.NUMBERS:
        assert "next" not in body["pages"]
    else:
        following = api.get(body["pages"]["next"].removeprefix(api.sandbox.url)).json()
        assert following["pages"]["page"] == 2
        assert following[shape.key] == api.get(address, params={**parameters, "page": 2}).json()[shape.key]
    assert last.get("next") is None
    assert ("next" in last) is (shape.next is Next.URL_OR_NULL)


@pytest.mark.parametrize(("kind", "path", "shape"), NUMBERED)
def test_page_sizes_over_the_maximum_are_clamped(api: Api, kind: Kind, path: Path, shape: Numbered) -> None:
    parent = api.sandbox.truth(kind.nested.parent)[0]["id"] if kind.nested else ""
    answer = api.get(path.path.format(id=parent), params={**RANGE.get(path.path, {}), "per_page": 10_000})
    assert answer.json()["pages"]["per_page"] == shape.most


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if isinstance(kind.nested, Inside)], ids=lambda kind: kind.name
)
def test_rows_inside_of_their_parents_are_the_truth(api: Api, kind: Kind) -> None:
    assert isinstance(kind.nested, Inside)
    found = []
    for parent in api.found(kind.nested.parent, EVERYTHING):
        inside: Any = parent
        for name in kind.nested.path:
            inside = inside[name]
        prefix = kind.nested.prefix
        of_parent = {f"{prefix}_id": parent["id"], f"{prefix}_updated_at": parent["updated_at"]}
        found += [row | of_parent for row in inside]
    truth = by_key(kind, api.sandbox.truth(kind.name))
    assert truth
    assert by_key(kind, found) == truth


def answer(api: Api, kind: Kind, path: Path) -> Any:
    """What a path answers about something that is there."""
    of = kind.nested.parent if kind.nested else kind.name
    address = path.path.format(id=api.sandbox.truth(of)[0]["id"]) if "{" in path.path else path.path
    if path.method == "POST":
        return api.post(address, {"query": EVERYTHING})
    return api.get(address, params=RANGE.get(path.path))


@pytest.mark.parametrize(("kind", "path"), of_path(PATHS))
def test_each_path_needs_its_scope(api: Api, kind: Kind, path: Path) -> None:
    api.sandbox.configure(without_scope=[path.scope.id])
    refusal = (403, "forbidden") if path.scope.told else (401, "token_unauthorized")
    assert error(answer(api, kind, path)) == refusal


@pytest.mark.parametrize(("kind", "path"), of_path(PATHS))
def test_no_path_needs_another_scope(api: Api, kind: Kind, path: Path) -> None:
    api.sandbox.configure(without_scope=[scope.id for scope in SCOPES if scope != path.scope])
    assert answer(api, kind, path).status_code == 200


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


def test_collections_have_no_type_and_articles_lie_in_them(api: Api) -> None:
    collections = api.sandbox.truth("collections")
    assert not any("type" in each for each in collections)
    ids = {int(each["id"]) for each in collections}
    assert {parent for article in api.sandbox.truth("articles") for parent in article["parent_ids"]} <= ids
    assert {each["parent_id"] for each in collections} <= {str(each) for each in ids} | {None}


def test_activity_logs_come_newest_first_under_their_own_key(api: Api) -> None:
    page = api.get("/admins/activity_logs?created_at_after=1&per_page=250").json()
    moments = [log["created_at"] for log in page["activity_logs"]]
    assert (page["type"], len(moments), "total_count" in page) == ("activity_log.list", 250, False)
    assert moments == sorted(moments, reverse=True)
    assert Counter(moments).most_common(1)[0][1] > 100


@pytest.mark.parametrize(("bounds", "included"), [("strict", False), ("inclusive", True)])
def test_whether_the_bounds_of_activity_logs_are_included_can_be_chosen(api: Api, bounds: str, included: bool) -> None:
    api.sandbox.configure(bounds=bounds)
    moments = sorted({log["created_at"] for log in api.sandbox.truth("activity_logs")})
    low, inside, high = moments[3:6]
    found = api.numbered(
        "/admins/activity_logs", "activity_logs", created_at_after=low, created_at_before=high, per_page=250
    )
    assert {log["created_at"] for log in found} == ({low, inside, high} if included else {inside})


def test_activity_logs_need_a_beginning(api: Api) -> None:
    assert error(api.get("/admins/activity_logs")) == (404, "parameter_not_found")
    assert error(api.get("/admins/activity_logs?created_at_after=yesterday")) == (400, "parameter_invalid")


def test_long_ranges_of_activity_logs_can_be_an_internal_error(api: Api) -> None:
    api.sandbox.configure(activity_log_days=7)
    long, short = (
        f"/admins/activity_logs?created_at_after=1718000000&created_at_before={end}"
        for end in (1718000000 + 7 * 86400 + 1, 1718000000 + 7 * 86400)
    )
    assert (
        error(api.get(long))
        == error(api.get("/admins/activity_logs?created_at_after=1718000000"))
        == (
            500,
            "server_error",
        )
    )
    assert api.get(short).status_code == 200


def test_faults_take_requests_of_new_paths_too(api: Api) -> None:
    api.sandbox.faults([{"path": "^/help_center/collections$", "times": 1, "action": {"status": 503}}])
    assert [api.get("/help_center/collections").status_code for _ in range(2)] == [503, 200]


def test_nested_rows_can_be_searched_by_what_their_parents_say(api: Api) -> None:
    tagged = {row["conversation_id"] for row in api.sandbox.truth("conversation_tags")}
    tag = api.sandbox.truth("conversation_tags")[0]["id"]
    query = both(EVERYTHING, {"field": "tag_ids", "operator": "=", "value": tag})
    assert api.ids("conversations", query) <= tagged
