"""Tickets with their parts (API notes 3.4)."""

from random import Random
from typing import Any

from intercom_sandbox.data import words
from intercom_sandbox.data.cast import Cast
from intercom_sandbox.data.messages import attachments
from intercom_sandbox.data.parts import TRANSLATIONS
from intercom_sandbox.data.plot import some
from intercom_sandbox.data.templates import template

Object = dict[str, Any]
_STATES = ("submitted", "in_progress", "waiting_on_customer", "resolved")
_PLACES = (0, 3, 1, 3, 2, 3, 1, 3, 0, 3)
_CATEGORIES = ("Back-office", "Customer", "Tracker")
_FILE = {"type": "upload", "name": "a.png", "url": "https://downloads.example/i/o/a.png", "content_type": "image/png"}
_FIRST_PART = 185


def state(number: int) -> Object:
    """The state of the ticket with that number; half of them are resolved."""
    return _state(_PLACES[number % len(_PLACES)])


def _state(place: int) -> Object:
    """The ticket state object of 2.12 and later."""
    category = _STATES[place]
    label = category.replace("_", " ").capitalize()
    return {
        "type": "ticket_state",
        "id": str(8577 + place),
        "category": category,
        "internal_label": label,
        "external_label": label,
    }


def linked(number: int, own_id: str) -> Object:
    """The links of every seventh conversation or ticket: to a conversation, and to a ticket with its category.

    Half of those tickets are conversations too, under the same id.
    """
    links: list[Object] = []
    if number % 7 == 0:
        links = [
            {"type": "conversation", "id": str(7000 + number), "category": None},
            {"type": "ticket", "id": f"{own_id}0", "category": _CATEGORIES[number % 3]},
        ]
    if number % 14 == 0:
        links.append({"type": "conversation", "id": f"{own_id}0", "category": None})
    return {"type": "list", "data": links, "total_count": len(links), "has_more": False}


class Tickets:
    """Makes tickets; keys of parts that are unset are absent, number attributes are strings (API notes 3.4)."""

    def __init__(self, seed: int, cast: Cast, texts: words.Texts, contacts: list[Object]) -> None:
        self._rng = Random(f"{seed}:tickets")
        self._cast = cast
        self._texts = texts
        self._contacts = contacts
        self._next_part = _FIRST_PART
        self._template = template("ticket")
        self._part_template = template("ticket_part")
        self._types = [self._ticket_type(number) for number in range(len(_CATEGORIES))]

    def make(self, number: int, created_at: int, updated_at: int, ticket_id: str) -> Object:
        """The ticket with that number; ``ticket_id`` is its API id, which it shares with a conversation that is one."""
        rng, teams = self._rng, self._cast.teams
        ticket_type = self._types[number % len(self._types)]
        attributes: Object = {"Grade": number % 5 if number % len(_CATEGORIES) else "good", "Amount": str(number)}
        attributes |= {"_default_title_": words.title(rng), "_default_description_": None}
        ticket_state = state(number)
        contacts = [self._contacts[some(rng, len(self._contacts))]] if self._contacts else []
        states = self._states(1 + number % 5, ticket_state["category"])
        parts = self._parts(1 + number % 5, created_at, updated_at, states, contacts)
        resolved = ticket_state["category"] == "resolved"
        return {
            **self._template,
            "id": ticket_id,
            "ticket_id": str(number + 1),
            "ticket_attributes": attributes if number % 2 else attributes | {"Due at": updated_at, "Files": [_FILE]},
            "ticket_state": ticket_state,
            "ticket_type": ticket_type,
            "category": ticket_type["category"],
            "contacts": {"type": "contact.list", "contacts": [*contacts, *self._others(number, contacts)]},
            "admin_assignee_id": int(self._person()["id"]) if number % 3 or resolved else 0,
            "team_assignee_id": int(teams[some(rng, len(teams))]["id"]) if number % 2 and teams else 0,
            "created_at": created_at,
            "updated_at": updated_at,
            "open": not resolved,
            "ticket_parts": {"type": "ticket_part.list", "ticket_parts": parts, "total_count": len(parts)},
            "linked_objects": linked(number, ticket_id),
            "is_shared": number % 3 == 1,
            "previous_ticket_state_id": _state(_STATES.index(states[-2]))["id"] if states[-1] != states[-2] else None,
            **({"snoozed_until": updated_at + 86400} if number % 8 == 4 else {}),
        }

    def _others(self, number: int, contacts: list[Object]) -> list[Object]:
        """A second contact, of every fourth ticket."""
        return [each for each in self._contacts[:1] if number % 4 == 1 and each not in contacts]

    def _states(self, count: int, outcome: str) -> list[str]:
        """The states through which a ticket of so many parts comes to its outcome; at least two, perhaps the same."""
        between = ["in_progress"] if count > 2 and outcome in ("waiting_on_customer", "resolved") else []
        return ["submitted", *between, outcome]

    def _parts(self, count: int, first: int, last: int, states: list[str], contacts: list[Object]) -> list[Object]:
        """The parts of a ticket: by the hours of the team, the last one at ``last``; they lead to its state."""
        staff = self._cast.calendar.staff
        readings = staff.reading(first), staff.reading(last)
        moments = sorted(min(last, max(first, staff.moment(self._rng.uniform(*readings)))) for _ in range(count - 1))
        return [
            self._part(n, moment, (states[1], states[-1]) if n else (states[0], states[1]), contacts)
            for n, moment in enumerate([*moments, last])
        ]

    def _part(self, number: int, moment: int, change: tuple[str, str], contacts: list[Object]) -> Object:
        """The part with that number in its ticket: a change of the state, a comment, another, a note, an event."""
        part: Object = {**self._part_template, "id": str(self._next_part), "created_at": moment, "updated_at": moment}
        self._next_part += 1
        part["author"] = self._cast.bot if number == 2 else self._person()
        part["previous_ticket_state"], part["ticket_state"] = change
        if number in (1, 3, 4):
            del part["ticket_state"], part["previous_ticket_state"]
        if number == 1:
            part |= {"part_type": "comment", "body": self._texts.draw(self._rng, "admin")}
            part |= {"attachments": attachments(moment), "external_id": f"jira:{moment}"}
            part |= {"app_package_code": "test-integration", "translations": TRANSLATIONS if moment % 2 else None}
            if contacts and moment % 3 == 0:
                part |= {"body": self._texts.draw(self._rng, "contact"), "translations": None}
                part["author"] = self._cast.contact_author(contacts[0]) | {"type": "user"}
        elif number == 3:
            part |= {"part_type": "note", "body": self._texts.draw(self._rng, "note")}
        elif number == 4:
            part |= self._event(moment)
        return part

    def _person(self) -> Object:
        return self._cast.people[some(self._rng, len(self._cast.people))]

    def _event(self, moment: int) -> Object:
        """An assignment, or the change of an attribute: of one value, or of a list."""
        if moment % 3 == 0:
            assignee = {"type": "admin", "id": self._cast.people[moment % len(self._cast.people)]["id"]}
            return {"part_type": "assignment", "assigned_to": assignee}
        value = {"id": "7", "label": "high"} if moment % 3 == 1 else {"id": [1, 2], "label": ["a &amp; b", "ç"]}
        attribute = {"type": "attribute", "id": "220", "label": "Progress"}
        changed = {"attribute": attribute, "value": {"type": "value", **value}}
        return {"part_type": "ticket_attribute_updated_by_admin", "updated_attribute_data": changed}

    def _ticket_type(self, number: int) -> Object:
        example = template("ticket_type")
        attributes = [
            attribute | {"workspace_id": self._cast.workspace_id, "ticket_type_id": 100 + number}
            for attribute in example["ticket_type_attributes"]["data"]
        ]
        attributes[-1]["input_options"] = {"multiline": True}
        return example | {
            "id": str(100 + number),
            "name": f"Type {number} &amp; co",
            "workspace_id": self._cast.workspace_id,
            "category": _CATEGORIES[number],
            "ticket_type_attributes": {"type": "list", "data": attributes},
            "ticket_states": {"type": "list", "data": [_state(each) for each in range(len(_STATES))]},
        }


def vary_ticket_type(item: Object, number: int) -> None:
    """Adds the attributes of which tickets have values: one is archived, and one is of two data types."""
    kinds = {"Amount": "decimal", "Due at": "datetime", "Files": "files", "Grade": "integer" if number % 2 else "list"}
    attribute = {**template("ticket_type")["ticket_type_attributes"]["data"][0], "description": None}
    item["ticket_type_attributes"]["data"] += [
        attribute | {"name": name, "data_type": kind, "archived": name == "Due at"} for name, kind in kinds.items()
    ]
