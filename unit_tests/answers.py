"""Rows and answers of every stream, made from its contract and from the examples of Intercom's answers."""

import copy
from collections.abc import Sequence
from datetime import datetime
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


def placed(body: Json, keys: Sequence[str], value: Any) -> Json:
    """The body with this value in the place to which keys lead; if that is a list, a count beside it is its own.

    Of a list the first goes where a single object was.
    """
    first, *rest = keys
    if rest:
        return {**body, first: placed(body.get(first) or {}, rest, value)}
    if isinstance(value, list) and isinstance(body.get(first), dict):
        return {**body, first: value[0]}
    counted = isinstance(value, list) and isinstance(body.get("total_count"), int)
    return {**body, **({"total_count": len(value)} if counted else {}), first: value}


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
    parent = contract.parent if contract.way is not Way.OWN else None
    given: Json = {parent.field: "1"} if parent else {}
    if parent and parent.above:
        given[parent.above] = "1"
    if parent and contract.cursor:
        given[contract.cursor] = 1
    return [{**with_own_key(contract, row, number), **given} for number, row in enumerate(own_rows(contract))]


def with_own_key(contract: Contract, row: Json, number: int) -> Json:
    """The row with the fields of its key that Intercom does not send as such.

    :param number: its place among those of its parent
    """
    made = dict(row)
    for field in contract.key:
        holder, _, name = field.rpartition("_")
        if field == "index":
            made[field] = number
        elif isinstance(row.get(holder), dict):
            made[field] = str(row[holder][name])
        elif field == "timestamp":
            made[field] = int(datetime.fromisoformat(row[field]).timestamp())
    return made


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

    Their ids begin with its, and are numbers where it is one. They have as many rows of every stream that is nested in
    them.
    """
    first = str(parent["id"])
    is_only = contract.parent is not None and contract.key == (contract.parent.field,)
    rows = []
    for index in range(1 if is_only else count):
        row = copy.deepcopy(own_rows(contract)[0])
        if contract.told_apart_by:
            name = f"{first}{index:03}"
            row = placed(row, contract.told_apart_by, int(name) if first.isdecimal() else name)
        rows.append(with_nested(contract, row, count))
    return rows


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
        whole = whole_conversation(int(parent["id"]), parent["updated_at"], count)
        return placed(whole, contract.records, rows_for(contract, parent, count))
    return only_page(contract, rows_for(contract, parent, count))
