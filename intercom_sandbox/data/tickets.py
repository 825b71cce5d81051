"""Tickets with their parts (API notes 3.4)."""

from random import Random
from typing import Any

from intercom_sandbox.data import words
from intercom_sandbox.data.cast import Cast
from intercom_sandbox.data.messages import attachment
from intercom_sandbox.data.parts import TRANSLATIONS
from intercom_sandbox.data.templates import template

Object = dict[str, Any]
_STATES = ("submitted", "in_progress", "waiting_on_customer", "resolved")
_CATEGORIES = ("Back-office", "Customer", "Tracker")
_FIRST_PART = 185


def state(number: int) -> Object:
    """The ticket state object of 2.12 and later."""
    category = _STATES[number % 4]
    label = category.replace("_", " ").capitalize()
    return {
        "type": "ticket_state",
        "id": str(8577 + number % 4),
        "category": category,
        "internal_label": label,
        "external_label": label,
    }


def linked(number: int, own_id: str) -> Object:
    """The links of every seventh conversation or ticket: to a conversation, and to a ticket with its category."""
    links: list[Object] = []
    if number % 7 == 0:
        links = [
            {"type": "conversation", "id": str(7000 + number), "category": None},
            {"type": "ticket", "id": f"{own_id}0", "category": _CATEGORIES[number % 3]},
        ]
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
        rng = self._rng
        ticket_type = self._types[number % len(self._types)]
        attributes = {"_default_title_": words.title(rng), "_default_description_": None, "Amount": str(number)}
        parts = [self._part(n, rng.randint(created_at, updated_at)) for n in range(1 + number % 5)]
        parts.sort(key=lambda part: int(part["created_at"]))
        return {
            **self._template,
            "id": ticket_id,
            "ticket_id": str(number + 1),
            "ticket_attributes": attributes if number % 2 else attributes | {"Due at": updated_at, "Files": []},
            "ticket_state": state(number),
            "ticket_type": ticket_type,
            "category": ticket_type["category"],
            "contacts": {"type": "contact.list", "contacts": rng.choices(self._contacts, k=bool(self._contacts))},
            "admin_assignee_id": int(rng.choice(self._cast.people)["id"]) if number % 3 else 0,
            "team_assignee_id": int(rng.choice(self._cast.teams)["id"]) if number % 2 and self._cast.teams else 0,
            "created_at": created_at,
            "updated_at": updated_at,
            "open": number % 4 != 3,
            "ticket_parts": {"type": "ticket_part.list", "ticket_parts": parts, "total_count": len(parts)},
            "linked_objects": linked(number, ticket_id),
            "is_shared": number % 3 == 1,
            "previous_ticket_state_id": str(8577 + number % 3) if number % 4 else None,
            **({"snoozed_until": updated_at + 86400} if number % 8 == 1 else {}),
        }

    def _part(self, number: int, moment: int) -> Object:
        part: Object = {**self._part_template, "id": str(self._next_part), "created_at": moment, "updated_at": moment}
        self._next_part += 1
        part["author"] = self._cast.bot if number == 2 else self._rng.choice(self._cast.people)
        if number in (1, 3, 4):
            del part["ticket_state"], part["previous_ticket_state"]
        if number == 1:
            part |= {"part_type": "comment", "body": self._texts.draw(self._rng), "attachments": [attachment(moment)]}
            part |= {"external_id": f"jira:{moment}", "app_package_code": "test-integration"}
            part |= {"translations": TRANSLATIONS if moment % 2 else None}
        elif number == 3:
            part |= {"part_type": "note", "body": self._texts.draw(self._rng)}
        elif number == 4:
            part |= self._event(moment)
        return part

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
            "ticket_states": {"type": "list", "data": [state(each) for each in range(len(_STATES))]},
        }
