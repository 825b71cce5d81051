"""Companies (API notes 5)."""

from random import Random
from typing import Any

from intercom_sandbox.data import phrases
from intercom_sandbox.data.cast import Cast
from intercom_sandbox.data.templates import template

Object = dict[str, Any]


class Companies:
    """Makes companies; keys that are unset are absent, as on the wire."""

    def __init__(self, seed: int, cast: Cast) -> None:
        self._rng = Random(f"{seed}:companies")
        self._cast = cast
        self._template = template("company") | {"app_id": cast.workspace_id}

    def make(self, number: int, created_at: int, updated_at: int) -> Object:
        """The company with that number; every ninth has the name of another one."""
        rng = self._rng
        company: Object = {
            **self._template,
            "id": f"{created_at & 0xFFFFFFFF:08x}2cc7a0a0{number:08x}",
            "company_id": f"remote/{number}",
            "name": "Acme" if number % 9 == 8 else _name(number),
            "created_at": created_at,
            "updated_at": updated_at,
            "monthly_spend": number * 12.5 if number % 6 == 5 else number,
            "session_count": int(rng.lognormvariate(4, 1.5)),
            "user_count": int(rng.lognormvariate(1.5, 1.2)),
            "tags": {"type": "tag.list", "tags": rng.sample(self._cast.tags, min(number % 3, len(self._cast.tags)))},
            "segments": {"type": "segment.list", "segments": self._segments(number)},
            "plan": {"type": "plan", "id": str(number % 4), "name": "Pro &amp; more"} if number % 2 else {},
            "custom_attributes": {}
            if number % 3
            else {"The One Ring": "réel", "Paid Subscriber": True, "seats used": 7},
        }
        del company["remote_created_at"]
        if number % 4:
            company |= {"remote_created_at": created_at - 86400, "last_request_at": updated_at}
        if number % 5 == 0:
            industry = phrases.INDUSTRIES[number // 5 % len(phrases.INDUSTRIES)]
            company |= {"size": 4 + number * 9, "website": "https://example.com", "industry": industry}
            company["undocumented"] = None
        if number % 7 < 4:
            company["notes"] = _list_of_notes(company["id"], number)
        return company

    def _segments(self, number: int) -> list[Object]:
        segments = [each for each in self._cast.segments if each["id"] in self._cast.company_segments]
        return [{"type": "segment", "id": each["id"]} if number % 4 == 1 else each for each in segments[: number % 2]]


def _list_of_notes(company_id: str, number: int) -> Object:
    """A list that takes the notes themselves, or references to them: both have been seen (API notes 14)."""
    if number % 2:
        return {
            "type": "list",
            "data": [],
            "url": f"/companies/{company_id}/notes",
            "total_count": 0,
            "has_more": False,
        }
    return {"type": "note.list", "notes": []}


def _name(number: int) -> str:
    endings = phrases.COMPANY_ENDINGS
    return f"{phrases.COMPANIES[number % len(phrases.COMPANIES)]} {endings[number // 7 % len(endings)]}"
