"""Rows as their schema declares them, whatever comes: what cannot be is left out or becomes null, counted."""

import logging
from collections.abc import Callable, Mapping, Sequence
from copy import copy, deepcopy
from typing import Any

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.bodies import Body, records_in
from source_intercom.api.sentences import BAD_BODY
from source_intercom.api.shapes import as_object, value_at
from source_intercom.read.coercion import row_coercion

Record = dict[str, Any]

Count = Callable[[str, int], None]
"""Counts something, so often, for the report at the end of the read."""


class Rows:
    """Makes the rows of one stream fit its schema.

    A field of the key that is in an object of the row is taken out of it: `teammate_id` is the `id` of `teammate`. So
    are custom attributes that have columns of their own (read/columns.py).

    :param name: the stream, in the log
    """

    def __init__(self, schema: Mapping[str, Any], name: str, count: Count, logger: logging.Logger) -> None:
        self.key: Sequence[str] = schema["x-primary-key"]
        self._taken_out = [(name, *name.rsplit("_", 1)) for name in self.key if _is_in_object(name, schema)]
        properties = schema["properties"]
        self._columns = [(name, node["x-attribute"]) for name, node in properties.items() if "x-attribute" in node]
        self._coerce = row_coercion(schema, self._note_misfit)
        self._name = name
        self._count = count
        self._logger = logger
        self._misfits = set[str]()
        self._inherited: Mapping[str, Any] = {}

    def inheriting(self, fields: Mapping[str, Any]) -> "Rows":
        """The same for rows that get these fields of their parent's."""
        rows = copy(self)
        rows._inherited = fields
        return rows

    def of(self, body: Body, records_key: str) -> list[Record]:
        """The rows of a page's body; its own list, unless something is left out.

        :raises AirbyteTracedException: a transient error where the body has no list of records
        """
        return self.fit(listed_in(body, records_key))

    def fit(self, rows: list[Any]) -> list[Record]:
        """The rows, each changed in place; those that are no objects or have no key are left out, and counted."""
        if self._inherited or self._taken_out:
            for row in rows:
                if isinstance(row, dict):
                    row.update(self._inherited)
                    for name, holder, field in self._taken_out:
                        row.setdefault(name, as_object(row.get(holder)).get(field))
        for row in rows if self._columns else ():
            if isinstance(row, dict):
                # copies, as what does not fit its column stays in the object
                row.update({name: deepcopy(value_at(row, path)) for name, path in self._columns})
        fitting = [row for row in rows if isinstance(row, dict) and self._coerce(row)]
        if len(fitting) == len(rows):
            return rows
        self._note_keyless(len(rows) - len(fitting))
        return fitting

    def key_of(self, row: Record) -> tuple[Any, ...]:
        """The values of the row's primary key."""
        return tuple(row.get(name) for name in self.key)

    def _note_misfit(self, path: str) -> None:
        self._count(report.MISFITS, 1)
        if path not in self._misfits:
            self._misfits.add(path)
            self._logger.warning(
                "%s: Intercom sends values in %s that do not fit its type; they become null.", self._name, path
            )

    def _note_keyless(self, number: int) -> None:
        self._count(report.KEYLESS, number)
        self._logger.warning(
            "%s: skipped rows that Intercom sent without %s, %d in one answer.",
            self._name,
            " and ".join(self.key),
            number,
        )


def listed_in(body: Body, records_key: str) -> list[Any]:
    """What a page's body lists.

    :raises AirbyteTracedException: a transient error where it has no list
    """
    listed = records_in(body, records_key)
    if listed is None:
        raise AirbyteTracedException(BAD_BODY, BAD_BODY, FailureType.transient_error)
    return listed


def _is_in_object(name: str, schema: Mapping[str, Any]) -> bool:
    holder, _, field = name.rpartition("_")
    return field in schema["properties"].get(holder, {}).get("properties", {})
