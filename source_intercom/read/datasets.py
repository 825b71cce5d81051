"""The datasets of the reporting export: what a workspace can be told of itself, and their columns (API notes 10.2)."""

import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from source_intercom.api.bodies import Body
from source_intercom.api.shapes import as_objects
from source_intercom.read.columns import MOST_LETTERS, snake

PREFIX: Final = "report_"
"""What the names of the streams begin with."""


_TEXTS: Final = ("id", "name", "description", "default_time_attribute_id")


class Attribute(NamedTuple):
    """An attribute: its id, which another one may have, too, the id by which it is asked for, and its name."""

    id: str
    qualified_id: str
    name: str


class Dataset(NamedTuple):
    """A dataset.

    `time_id`  the simple id of the attribute whose time the range of an export is of
    """

    id: str
    name: str
    description: str
    time_id: str
    attributes: Sequence[Attribute]

    @property
    def columns(self) -> Mapping[str, Attribute]:
        """The attributes, by the names of their columns.

        These come from the qualified ids, each by itself, so that no attribute that comes or goes renames another;
        where two would be called alike, each has a number at its end that follows from its qualified id.
        """
        plain = {each.qualified_id: snake(each.qualified_id)[:MOST_LETTERS] for each in self.attributes}
        often = Counter(plain.values())
        return {_column(plain[each.qualified_id], often, each): each for each in self.attributes}

    @property
    def key(self) -> str | None:
        """The column that tells its rows apart: only of a dataset that has a row for each of what it is called after.

        `conversation` has a row for each `conversation_id`, `conversation_state` several.
        """
        own = {"id", f"{self.id}_id", f"{self.id.removesuffix('s')}_id"}
        return self._only(own)

    @property
    def time(self) -> str | None:
        """The column whose time the range of an export is of."""
        return self._only({self.time_id})

    def _only(self, ids: Collection[str]) -> str | None:
        found = [column for column, each in self.columns.items() if each.id in ids or each.qualified_id in ids]
        return found[0] if len(found) == 1 else None


def datasets_in(body: Body) -> dict[str, Dataset]:
    """The datasets that a list has, by the names of their streams; of two with one name the first."""
    found: dict[str, Dataset] = {}
    for each in as_objects(body.get("data")):
        attributes = list(dict.fromkeys(_attributes(each)))
        if each.get("id") and attributes:
            id_, name, words, time = (str(each.get(field) or "") for field in _TEXTS)
            dataset = Dataset(id_, name, words, time, attributes)
            found.setdefault(PREFIX + snake(dataset.id), dataset)
    return found


def places(header: Sequence[str], columns: Mapping[str, Attribute]) -> list[str | None]:
    """The column that each field of a row is for, None where that cannot be told.

    A header has simple ids, in the order in which the attributes were asked for, and one of them may be there twice. In
    one that is not as asked for, only a name that belongs to a single attribute tells anything.
    """
    asked = list(columns.items())
    if len(header) == len(asked) and all(_names(name, each) for name, (_, each) in zip(header, asked, strict=True)):
        return list(columns)
    found: list[str | None] = []
    for name in header:
        named = [column for column, each in asked if _names(name, each)]
        found.append(named[0] if len(named) == 1 and header.count(name) == 1 else None)
    return found


def schema_of(dataset: Dataset) -> dict[str, Any]:
    """The JSON schema of its rows: Intercom tells no types, so that all is text, as it comes."""
    key = [dataset.key] if dataset.key else []
    required = list(dict.fromkeys([*key, *([dataset.time] if key and dataset.time else [])]))
    properties = {
        column: {
            "type": "string" if column in key else ["null", "string"],
            "description": f"{each.name or each.id}, `{each.qualified_id}`.",
        }
        for column, each in dataset.columns.items()
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "description": ": ".join(filter(None, ("One row of " + (dataset.name or dataset.id), dataset.description))),
        "type": "object",
        "x-primary-key": key,
        "required": required,
        "additionalProperties": True,
        "properties": properties,
    }


def _attributes(dataset: Mapping[str, Any]) -> Iterator[Attribute]:
    for each in as_objects(dataset.get("attributes")):
        qualified = each.get("qualified_id") or each.get("id")
        if qualified:
            yield Attribute(str(each.get("id") or qualified), str(qualified), str(each.get("name") or ""))


def _column(plain: str, often: Mapping[str, int], attribute: Attribute) -> str:
    if plain and often[plain] == 1:
        return plain
    ending = f"_{zlib.crc32(attribute.qualified_id.encode()):08x}"
    return (plain[: MOST_LETTERS - len(ending)] + ending).strip("_")


def _names(header: str, attribute: Attribute) -> bool:
    return header in (attribute.id, attribute.qualified_id)
