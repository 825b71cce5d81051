"""Rows that are kept beside their parents: of a list's objects copies of examples, and those of companies."""

from collections.abc import Callable
from copy import deepcopy
from itertools import count
from typing import Any

import orjson

from intercom_sandbox import compact
from intercom_sandbox.data.examples import example_rows
from intercom_sandbox.data.generator import Generator
from intercom_sandbox.data.templates import template

Object = dict[str, Any]
_FIRST = 95
"""The first number of an id: as text the ids are in another order than as numbers."""
_FIRST_NOTE = 70_000_000


class ExampleRows:
    """Copies of the rows in the example of a kind, each with an id of its own and that of its parent.

    Every fourth parent has none, and the third one a page and three more.

    :param names_parent: the field of a row, if it has one, that is its parent's id
    :param page: rows of a page, where there are pages
    """

    def __init__(self, kind: str, names_parent: str, page: int) -> None:
        self._rows = example_rows(kind)
        self._names_parent = names_parent
        self._page = page
        self._ids = count(_FIRST)
        self._parents = count()

    def first(self, parent: Object) -> list[bytes]:
        """Those of a parent, oldest first."""
        number = next(self._parents)
        many = self._page + 3 if number == 2 else number % 4
        return [compact.dumps(self.make(parent, parent["created_at"] + index)) for index in range(many)]

    def make(self, parent: Object, at: int) -> Object:
        """One more, made at that second."""
        number = next(self._ids)
        row = deepcopy(self._rows[number % len(self._rows)]) | {"id": str(number)}
        own = {self._names_parent: parent["id"], "created_at": at, "updated_at": at}
        return row | {name: value for name, value in own.items() if name in row}


def copies(kind: str, names_parent: str = "", page: int = 0) -> Callable[[Generator], ExampleRows]:
    """What makes them, see above."""
    return lambda generator: ExampleRows(kind, names_parent, page)


class CompanyNotes:
    """Makes notes about companies; companies without a list of their own have some, too."""

    def __init__(self, generator: Generator) -> None:
        self._authors = generator.cast.admins[: len(generator.cast.people)]
        self._ids = count(_FIRST_NOTE)
        self._companies = count()

    def first(self, company: Object) -> list[bytes]:
        """Of most companies none."""
        number = next(self._companies)
        many = number // 7 % 3 if number % 7 == 0 else int(number % 7 == 5)
        return [compact.dumps(self.make(company, company["updated_at"])) for _ in range(many)]

    def make(self, company: Object, at: int) -> Object:
        """A note written at that second; every seventh has no author any more."""
        note_id = next(self._ids)
        note = template("note") | {
            "id": str(note_id),
            "created_at": at,
            "company": {"type": "company", "id": company["id"]},
            "author": self._authors[note_id % len(self._authors)] if note_id % 7 else None,
            "body": "<p>Réglé.</p>",
        }
        del note["contact"]
        return note


def list_company_notes(company: Object, notes: list[bytes]) -> None:
    """The company's own list holds them, or references to them; some companies have no list (API notes 14)."""
    listed = company.get("notes", {})
    if "data" in listed:
        ids = [orjson.loads(note)["id"] for note in notes]
        listed |= {"data": [{"type": "note", "id": each, "url": f"/notes/{each}"} for each in ids]}
        listed |= {"total_count": len(ids)}
    elif "notes" in listed:
        listed["notes"] = [orjson.loads(note) for note in notes]


class CompanySegments:
    """Puts companies into segments: those that a company carries, and more."""

    def __init__(self, generator: Generator) -> None:
        of_companies = generator.cast.company_segments
        self._segments = [each for each in generator.cast.segments if each["id"] in of_companies]
        self._companies = count()
        self._made = count()

    def first(self, company: Object) -> list[bytes]:
        """None to all of the segments of companies; every other row tells no count."""
        number = next(self._companies)
        many = max(len(company["segments"]["segments"]), number % 3)
        rows = [template("segment") | each for each in self._segments[:many]]
        for row in rows[number % 2 :]:
            row.pop("count", None)
        return [compact.dumps(row) for row in rows]

    def make(self, company: Object, at: int) -> Object:
        """A segment that was made at that second."""
        segment_id = f"{at & 0xFFFFFFFF:08x}1bb69f9f{next(self._made):08x}"
        return template("segment") | {"id": segment_id, "created_at": at, "updated_at": at}


def article_statistics(article: Object) -> list[Object]:
    """The statistics of an article, by either name of a number; of each ninth one they are empty (API notes 3.10)."""
    number = int(article["id"])
    if number % 9 == 8:
        return [{}]
    row: Object = {
        "type": "article_statistics",
        "views": number * 3,
        "conversions" if number % 2 else "conversations": number % 4,
        "reactions": number % 5,
        "happy_reaction_percentage": 62.5 if number % 5 else 0,
        "neutral_reaction_percentage": 25 if number % 5 else 0,
        "sad_reaction_percentage": 12.5 if number % 5 else 0,
    }
    if number % 3:
        row |= {"fin_involvements": number, "fin_resolutions": number // 2, "fin_resolution_rate": 37.5}
    return [row]
