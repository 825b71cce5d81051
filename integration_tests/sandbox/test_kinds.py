"""What follows from the row of each kind: what a complete reader gets is the truth, and each path needs its scope."""

from typing import Any

import pytest

from integration_tests.sandbox.api import EVERYTHING, Api, Object, error
from intercom_sandbox.client import Sandbox
from intercom_sandbox.cursored import Cursored
from intercom_sandbox.kind import Derived, Inside, Kind, Links, Path
from intercom_sandbox.kinds import KINDS, SCOPES
from intercom_sandbox.moments import second_of
from intercom_sandbox.pages import Next, Numbered
from intercom_sandbox.shapes import Listed, Scrolled, Searched, Single, Whole, WholeOfParent, WithRow

SETTINGS = {"contacts": 120, "companies": 20, "conversations": 60, "parts": 200, "tickets": 40, "activity_logs": 330}
RANGE = {"/admins/activity_logs": {"created_at_after": 1}}
"""The parameters that a path asks for."""
PATHS = [(kind, path) for kind in KINDS.values() for path in kind.paths]


NUMBERED = [
    pytest.param(kind, path, path.shape, id=kind.name) for kind, path in PATHS if isinstance(path.shape, Numbered)
]


CURSORED = [
    pytest.param(kind, path, path.shape, id=kind.name) for kind, path in PATHS if isinstance(path.shape, Cursored)
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
    found = []
    for parent in api.sandbox.truth(kind.nested.parent):
        of_parent = kind.nested.of_parent(parent)
        found += [row | of_parent for row in rows(api, path, shape, parent["id"], **parameters)]
    return found


def numbers_of(body: Object) -> Object:
    """Where a page's number is told."""
    numbers: Object = body.get("pages", body)
    return numbers


def by_key(kind: Kind, items: list[Object]) -> dict[str, Object]:
    keyed = {kind.id_of(item): item for item in items}
    assert len(keyed) == len(items)
    return keyed


@pytest.mark.parametrize(
    ("kind", "path", "shape"),
    [
        pytest.param(kind, path, path.shape, id=kind.name)
        for kind, path in PATHS
        if isinstance(path.shape, Numbered) and not isinstance(kind.nested, Links)
    ],
)
@pytest.mark.parametrize("per_page", [None, 7])
def test_numbered_pages_deliver_the_truth(
    api: Api, kind: Kind, path: Path, shape: Numbered, per_page: int | None
) -> None:
    truth = by_key(kind, api.sandbox.truth(kind.name))
    assert truth
    assert by_key(kind, whole(api, kind, path, shape, per_page=per_page)) == truth


@pytest.mark.parametrize(
    ("kind", "path", "shape"),
    [
        pytest.param(kind, path, path.shape, id=path.path)
        for kind, path in PATHS
        if isinstance(path.shape, Whole) and path.shape.choose is None
    ],
)
def test_whole_lists_deliver_the_truth(api: Api, kind: Kind, path: Path, shape: Whole) -> None:
    body = api.get(path.path, params=dict.fromkeys(path.flags, "true")).json()
    assert body == {"type": shape.envelope, shape.key: api.sandbox.truth(kind.name)}


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, id=kind.name) for kind, path in PATHS if isinstance(path.shape, Searched)]
)
def test_searches_deliver_the_truth(api: Api, kind: Kind) -> None:
    assert by_key(kind, api.found(kind.name, EVERYTHING)) == by_key(kind, api.sandbox.truth(kind.name))


@pytest.mark.parametrize(
    ("kind", "path", "shape"),
    [pytest.param(kind, path, path.shape, id=kind.name) for kind, path in PATHS if isinstance(path.shape, Listed)],
)
def test_lists_with_a_cursor_deliver_the_truth(api: Api, kind: Kind, path: Path, shape: Listed) -> None:
    found: list[Object] = []
    cursor, key = "", shape.found.searchable.key
    for _ in api.sandbox.truth(kind.name):
        parameters = dict.fromkeys(path.flags, "true") | {"starting_after": cursor}
        page = api.get(path.path, params=parameters).json()
        found += page[key]
        if "next" not in page["pages"]:
            break
        cursor = page["pages"]["next"]["starting_after"]
    truth = api.sandbox.truth(kind.name)
    asked_for = set(path.flags.values())
    shown = [{name: row[name] for name in row if name in asked_for or name not in kind.optional} for row in truth]
    assert by_key(kind, found) == by_key(kind, shown)


@pytest.mark.parametrize(("kind", "path", "shape"), CURSORED)
@pytest.mark.parametrize("per_page", [None, 7, 10_000])
def test_pages_with_cursors_deliver_the_truth_last_updated_first(
    api: Api, kind: Kind, path: Path, shape: Cursored, per_page: int | None
) -> None:
    size = min(per_page or shape.per_page, shape.most)
    pages = list(api.cursored(path.path, per_page=per_page))
    assert {page["pages"]["per_page"] for page in pages} == {size}
    assert [len(page["data"]) for page in pages[:-1]] == [size] * (len(pages) - 1)
    found = [row for page in pages for row in page["data"]]
    assert by_key(kind, found) == by_key(kind, api.sandbox.truth(kind.name))
    seconds = [second_of(row["updated_at"]) for row in found]
    assert seconds == sorted(seconds, reverse=True)
    assert pages[-1]["pages"]["next"] is None


def test_counts_are_the_sizes_of_the_truth(sandbox: Sandbox) -> None:
    counts = sandbox.counts()
    assert counts == {stream: len(sandbox.truth(stream)) for stream in KINDS}
    assert all(counts.values())


def test_an_unknown_stream_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(RuntimeError, match="404"):
        sandbox.truth("widgets")


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
    assert ("pages" in body) is (shape.next is not Next.TOP_LEVEL)
    numbers = numbers_of(body)
    last = numbers_of(api.get(address, params={**parameters, "page": numbers["total_pages"]}).json())
    assert (numbers["page"], len(body[shape.key])) == (1, 3)
    if shape.next in (Next.NUMBERS, Next.TOP_LEVEL):
        assert "next" not in numbers
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
    assert numbers_of(answer.json())["per_page"] == shape.most


def read_whole(api: Api, kind: Kind) -> list[Object]:
    """All objects of a kind, by the first of its paths."""
    path = kind.paths[0]
    match path.shape:
        case Searched():
            return api.found(kind.name, EVERYTHING)
        case Scrolled():
            return api.scroll()
        case Numbered(key=key):
            return api.numbered(path.path, key)
        case Whole(key=key):
            items: list[Object] = api.get(path.path).json()[key]
            return items
        case _:
            raise TypeError(f"nothing is inside of {kind.name}")


def parents_of(api: Api, kind: Kind) -> list[Object]:
    """The objects inside of which rows are; of those that are rows themselves the truth, which is tested by itself."""
    return read_whole(api, kind) if kind.nested is None else api.sandbox.truth(kind.name)


def rows_inside(where: Inside | Derived, parent: Object) -> list[Object]:
    """The rows that are to be seen in a parent."""
    if isinstance(where, Derived):
        return where.rows(parent)
    inside: Any = parent
    for name in where.path:
        inside = inside.get(name, [])
    return list(inside)


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if isinstance(kind.nested, Inside | Derived)], ids=lambda kind: kind.name
)
def test_rows_inside_of_their_parents_are_the_truth(api: Api, kind: Kind) -> None:
    where = kind.nested
    assert isinstance(where, Inside | Derived)
    parents = parents_of(api, KINDS[where.parent])
    found = [row | where.of_parent(parent) for parent in parents for row in rows_inside(where, parent)]
    truth = by_key(kind, api.sandbox.truth(kind.name))
    assert truth
    assert by_key(kind, found) == truth


@pytest.mark.parametrize(
    ("kind", "path"),
    [pytest.param(kind, path, id=kind.name) for kind, path in PATHS if isinstance(path.shape, WholeOfParent | WithRow)],
)
def test_rows_that_are_asked_for_parent_by_parent_are_the_truth(api: Api, kind: Kind, path: Path) -> None:
    where, shape = kind.nested, path.shape
    assert where
    assert isinstance(shape, WholeOfParent | WithRow)
    found = []
    for parent in api.sandbox.truth(where.parent):
        told = api.get(path.path.format(id=parent["id"])).json()[shape.key]
        found += [row | where.of_parent(parent) for row in (told if isinstance(shape, WholeOfParent) else [told or {}])]
    assert found
    assert by_key(kind, found) == by_key(kind, api.sandbox.truth(kind.name))


@pytest.mark.parametrize(
    ("kind", "path"),
    of_path([(kind, path) for kind, path in PATHS if isinstance(path.shape, Single | WholeOfParent | WithRow)]),
)
def test_what_belongs_to_nothing_that_is_there_is_not_found(api: Api, kind: Kind, path: Path) -> None:
    assert api.get(path.path.format(id="7")).status_code == 404


def answer(api: Api, kind: Kind, path: Path) -> Any:
    """What a path answers about something that is there."""
    of = kind.nested.parent if kind.nested else kind.name
    field = "type" if kind.name == "custom_object_instances" else "id"
    address = path.path.format(id=api.sandbox.truth(of)[0][field]) if "{" in path.path else path.path
    if path.path == "/calls/search":
        return api.post(address, {"conversation_ids": ["1"]})
    if path.path == "/events":
        return api.get(address, params={"type": "user", "intercom_user_id": api.sandbox.truth(of)[0]["id"]})
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


def test_faults_take_requests_of_new_paths_too(api: Api) -> None:
    api.sandbox.faults([{"path": "^/help_center/collections$", "times": 1, "action": {"status": 503}}])
    assert [api.get("/help_center/collections").status_code for _ in range(2)] == [503, 200]
