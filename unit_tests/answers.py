"""Rows and answers of every stream, made from its contract and from the examples of Intercom's answers."""

import copy
from collections.abc import Sequence
from typing import Any

from unit_tests.builders import Json, example, whole_conversation
from unit_tests.contracts import CONTRACTS, Contract, Way
from unit_tests.own_ways import OWN_WAYS


def found_at(body: Json, keys: Sequence[str]) -> list[Json]:
    """The list to which keys lead, also of the one row that is there by itself; empty where there is none."""
    value: Any = body
    for key in keys:
        value = (value or {}).get(key)
    return [value] if isinstance(value, dict) else list(value or [])


def placed(body: Json, keys: Sequence[str], rows: list[Json]) -> Json:
    """The body with these rows, or the one, in the place to which keys lead; a count beside them is theirs."""
    first, *rest = keys
    if rest:
        return {**body, first: placed(body.get(first) or {}, rest, rows)}
    if isinstance(body.get(first), dict):
        return {**body, first: rows[0]}
    count = {"total_count": len(rows)} if isinstance(body.get("total_count"), int) else {}
    return {**body, **count, first: rows}


def objects(contract: Contract) -> list[Json]:
    """What the examples of a stream's answers hold, lists first, with fields that are no columns, too."""
    if contract.way is Way.OWN:
        return OWN_WAYS[contract.name].examples()
    if contract.way is Way.NESTED and contract.parent:
        wholes = objects(CONTRACTS[contract.parent.stream])
        entries = [entry for whole in wholes for entry in found_at(whole, contract.records)]
        return [{contract.entry: entry} for entry in entries] if contract.entry else entries
    return found_at(example(contract.answer), contract.records) + [example(name) for name in (contract.single,) if name]


def own_rows(contract: Contract) -> list[Json]:
    """The example rows of a stream as its lists hold them: without what only an answer about a single one has."""
    return [{name: row[name] for name in row if name not in contract.without} for row in objects(contract)]


def example_rows(contract: Contract) -> list[Json]:
    """The example rows of a stream as it emits them: with the fields that name their parent and its time."""
    given: Json = {contract.parent.field: "1"} if contract.parent and contract.way is not Way.OWN else {}
    if contract.parent and contract.cursor:
        given[contract.cursor] = 1
    return [{**row, **given} for row in own_rows(contract)]


def row_of(contract: Contract, number: int, second: int | None = None) -> Json:
    """A row with an id of its own, as Intercom sends it; `second` is when it was updated, or its cursor's value."""
    row = {**copy.deepcopy(own_rows(contract)[0]), contract.key[-1]: str(number)}
    if second is not None and not contract.parent:
        row[contract.cursor or "updated_at"] = second
    return row


def with_nested(contract: Contract, row: Json, each: int) -> Json:
    """A row with so many rows of every stream that is nested in it, or mentioned there: then there may be more."""
    for inner in CONTRACTS.values():
        place = inner.records if inner.way is Way.NESTED else inner.mentioned
        if place and inner.parent and inner.parent.stream == contract.name:
            rows = rows_for(inner, row, each)
            row = placed(row, place, [one[inner.entry] for one in rows] if inner.entry else rows)
            holder = row[place[0]]
            if inner.mentioned and "has_more" in holder:
                holder["has_more"] = True
    return row


def rows_for(contract: Contract, parent: Json, count: int) -> list[Json]:
    """Rows that belong to a row of the parent stream, one where the parent's id is their key.

    Their ids begin with its, and are numbers where it is one.
    """
    name, first = contract.key[-1], str(parent["id"])
    if contract.parent and name == contract.parent.field:
        return [row_of(contract, 0)]
    ids = [f"{first}{index:03}" for index in range(count)]
    return [{**row_of(contract, 0), name: int(each) if first.isdecimal() else each} for each in ids]


def only_page(contract: Contract, rows: list[Json], page: int = 1, total: int | None = None) -> Json:
    """The answer that holds these rows, and says that no others come after them.

    :param page: its number, where the list has numbered pages
    :param total: how many rows there are on all pages, if that is not how many there are on this one
    """
    body = placed(example(contract.answer), contract.records, rows)
    if total is not None and isinstance(body.get("total_count"), int):
        body["total_count"] = total
    if body.get("pages"):
        body["pages"] = {**body["pages"], "page": page, "total_pages": page}
        body["pages"].pop("next", None)
    return body


def child_answer(contract: Contract, parent: Json, count: int) -> Json:
    """What is answered about a row of the parent stream: so many rows that belong to it."""
    if contract.name == "conversation_parts":  # its answers are the conversations, whose statistics count their parts
        return whole_conversation(int(parent["id"]), parent["updated_at"], count)
    return only_page(contract, rows_for(contract, parent, count))
