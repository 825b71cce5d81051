"""Links of contacts to tags, companies and subscription types (API notes 3.1)."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from intercom_sandbox import compact
from intercom_sandbox.data import words
from intercom_sandbox.data.generator import Generator
from intercom_sandbox.data.subscriptions import TYPES, subscription
from intercom_sandbox.data.templates import template
from intercom_sandbox.kind import INLINE, Links, of_parent

if TYPE_CHECKING:
    from intercom_sandbox.workspace import Workspace

Object = dict[str, Any]


class ContactLinks:
    """Makes links of contacts; ``ids`` are those of the objects to which the links of a list may lead, by its name."""

    def __init__(self, type_: str, path: str, lists: Mapping[str, Object], ids: Callable[[str], Sequence[str]]) -> None:
        self._type = type_
        self._path = path
        self._lists = lists
        self._ids = ids

    def first(self, contact: Object) -> list[bytes]:
        """Those that its builder gave it, of which it has all so far."""
        return [compact.dumps(link | own) for name, own in self._lists.items() for link in contact[name]["data"]]

    def make(self, contact: Object, at: int) -> Object:
        """A link that a contact, which shows all that it has, has not yet. ``ValueError`` when it has them all."""
        for name, own in self._lists.items():
            present = {link["id"] for link in contact[name]["data"]}
            new = next((each for each in self._ids(name) if each not in present), None)
            if new is not None:
                return {"type": self._type, "id": new, "url": f"/{self._path}/{new}", **own}
        raise ValueError(f"Contact {contact['id']} has all {self._path}")


def _links(
    type_: str,
    path: str,
    lists: Mapping[str, Object],
    ids: Callable[[Generator, str], Sequence[str]],
    whole: Callable[["Workspace", Object], Object],
) -> Links:
    """Links of contacts; ``ids`` are those of the objects to which the links of a list may lead, by its name."""

    def settle(contact: Object, rows: list[bytes]) -> None:
        links = [orjson.loads(row) for row in rows]
        for name in lists:
            contact[name] |= _shown(nested.of_list(name, links), is_wrong=words.number_of(contact["id"]) % 7 == 3)

    nested = Links(
        "contacts",
        of_parent("contact"),
        lambda generator: ContactLinks(type_, path, lists, partial(ids, generator)),
        settle=settle,
        lists=lists,
        whole=whole,
    )
    return nested


def _shown(links: list[Object], *, is_wrong: bool) -> Object:
    """What a contact shows of a list: ten links, whether there are more, and a count that may be wrong."""
    shown = [{key: link[key] for key in ("type", "id", "url")} for link in links[:INLINE]]
    has_more = len(links) > INLINE
    wrong = len(shown) if has_more else len(shown) + 2
    return {"data": shown, "total_count": wrong if is_wrong else len(links), "has_more": has_more}


def _tag(workspace: "Workspace", link: Object) -> Object:
    """A tag as it is applied to a contact; it stays there when the workspace deletes it."""
    record = workspace.collections["tags"].get(link["id"])
    tag = record.parse() if record else template("tag") | {"id": link["id"]}
    by = {"type": "admin", "id": workspace.generator.cast.people[0]["id"]}
    return tag | {"type": link["type"], "applied_at": 1663597223, "applied_by": by}


def _company(workspace: "Workspace", link: Object) -> Object:
    """A company; a contact keeps the link when it is deleted."""
    record = workspace.collections["companies"].get(link["id"])
    return (record.parse() if record else template("company")) | {"id": link["id"], "type": link["type"]}


def _subscription(workspace: "Workspace", link: Object) -> Object:
    return subscription(link["id"]) | {"type": link["type"]}


TAGS = _links("tag", "tags", {"tags": {}}, lambda generator, name: [tag["id"] for tag in generator.cast.tags], _tag)
COMPANIES = _links(
    "company", "companies", {"companies": {}}, lambda generator, name: generator.references["companies"], _company
)
SUBSCRIPTIONS = _links(
    "subscription",
    "subscriptions",
    {
        "opted_out_subscription_types": {"consent": "opted_out"},
        "opted_in_subscription_types": {"consent": "opted_in"},
    },
    lambda generator, name: TYPES[name],
    _subscription,
)
