"""The datasets of the reporting export, told from the workspace as it is now (API notes 10.2).

Names stand where ids would be expected, as in the true one; two namespaces have an attribute of the same simple id.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson

from intercom_sandbox.exports.groups import Value
from intercom_sandbox.workspace import Workspace

Object = dict[str, Any]
Figures = dict[str, Value]
"""A row by qualified ids; an int is a second."""
_BRANDS = ("Nordlicht", 'Été, "Paris"', "Größe & Söhne", "", "two\nlines", "  spaces  ", "日本")
_CHANNELS = {"conversation": "Chat", "email": "Email", "phone_call": "Phone call", "sms": "SMS"}
_SLA = {"hit": "Hit", "missed": "Missed", "cancelled": "Canceled", "active": "Active"}


class Attribute(NamedTuple):
    """A column: its qualified id, and its name."""

    qualified_id: str
    name: str

    @property
    def id(self) -> str:
        """The simple id, which another column may have too."""
        return self.qualified_id.partition(".")[2]


class Names:
    """What teams, admins and tags are called."""

    def __init__(self, workspace: Workspace) -> None:
        self._names: dict[str, dict[str, str]] = {
            kind: {each["id"]: each["name"] for each in map(_parsed, workspace.collections[kind])}
            for kind in ("teams", "admins")
        }

    def team(self, team_id: int | str | None) -> str:
        """The name of a team, or that there is none."""
        return self._names["teams"].get(str(team_id), "Unassigned")

    def admin(self, admin_id: int | str | None) -> str:
        """The name of an admin, or that there is none."""
        return self._names["admins"].get(str(admin_id), "Unassigned")


class Dataset(NamedTuple):
    """A dataset: the id of the attribute by which a range of time chooses rows, and how rows are told of an object."""

    id: str
    name: str
    description: str
    time: str
    attributes: tuple[Attribute, ...]
    kind: str
    rows: Callable[[Object, Names], list[Figures]]

    @property
    def qualified_time(self) -> str:
        """The qualified id of the attribute by which a range chooses."""
        return f"timestamp.{self.time}"

    def told(self, gone: set[str], added: tuple[str, ...]) -> Object:
        """What the list of datasets says of it."""
        attributes = [each for each in self.attributes if each.qualified_id not in gone]
        attributes += [Attribute(each, each.partition(".")[2]) for each in added]
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "default_time_attribute_id": self.time,
            "attributes": [
                {"id": each.id, "qualified_id": each.qualified_id, "name": each.name} for each in attributes
            ],
        }


def figures(dataset: Dataset, workspace: Workspace, start: int, end: int) -> Iterator[Figures]:
    """The rows of a range of time, both ends included."""
    names = Names(workspace)
    for item in map(_parsed, workspace.collections[dataset.kind]):
        for row in dataset.rows(item, names):
            second = row[dataset.qualified_time]
            if isinstance(second, int) and start <= second <= end:
                yield row


def _parsed(record: Any) -> Object:
    parsed: Object = orjson.loads(record.raw)
    return parsed


def _text(number: float | None) -> str | None:
    return None if number is None else str(number)


def _brand(number: int) -> str:
    return _BRANDS[number % len(_BRANDS)]


def _common(conversation: Object, names: Names) -> Figures:
    source = (conversation["source"] or {}).get("type", "conversation")
    return {
        "standard.conversation_id": conversation["id"],
        "standard.channel": _CHANNELS.get(source, source.capitalize()),
        "team.currently_assigned_team_id": names.team(conversation["team_assignee_id"]),
    }


def _conversation(conversation: Object, names: Names) -> list[Figures]:
    statistics, number = conversation["statistics"] or {}, int(conversation["id"])
    contacts = conversation["contacts"]["contacts"]
    by = (conversation["source"] or {}).get("delivered_as")
    return [
        _common(conversation, names)
        | {
            "timestamp.conversation_started_at": conversation["created_at"],
            "timestamp.first_closed_at": statistics.get("first_close_at"),
            "standard.current_conversation_state": conversation["state"].capitalize(),
            "standard.conversation_started_by": "Customer" if by == "customer_initiated" else "Teammate",
            "teammate.currently_assigned_teammate_id": names.admin(conversation["admin_assignee_id"]),
            "duration.first_response_time": _text(statistics.get("time_to_admin_reply")),
            "duration.handling_time": _text(statistics.get("handling_time")),
            "standard.reopens_count": _text(statistics.get("count_reopens")),
            "standard.conversation_title": conversation["title"],
            "standard.conversation_tags": ", ".join(tag["name"] for tag in conversation["tags"]["tags"]),
            "conversation.Brand": _brand(number),
            "people.Brand": _brand(int(contacts[0]["id"][-6:], 16)) if contacts else None,
            "people.Notes, internal": f'said "{number}",\nthen left' if number % 9 == 0 else None,
        }
    ]


def _ratings(conversation: Object, names: Names) -> list[Figures]:
    rating = conversation["conversation_rating"]
    if not rating:
        return []
    return [
        _common(conversation, names)
        | {
            "timestamp.rating_sent_at": rating["created_at"],
            "conversation-rating-sent.conversation_rating": _text(rating["rating"]),
            "conversation-rating-sent.remark": rating["remark"],
            "conversation-rating-sent.rated_teammate_id": names.admin((rating["teammate"] or {}).get("id")),
        }
    ]


def _sla(conversation: Object, names: Names) -> list[Figures]:
    """The log of an SLA: one row for the first response and one for the next; now and then the same row twice."""
    applied = conversation["sla_applied"]
    if not applied:
        return []
    state, number = _SLA.get(applied["sla_status"], "fixed"), int(conversation["id"])
    row = _common(conversation, names) | {
        "timestamp.sla_status_changed_at": conversation["created_at"] + 3_600,
        "standard.sla_policy_name": applied["sla_name"],
        "standard.sla_metric_type": "First response time",
        "standard.sla_state": state,
        "teammate.sla_attributed_to_teammate_id": names.admin(conversation["admin_assignee_id"]),
    }
    following = row | {"standard.sla_metric_type": "Next response time"}
    return [row, following, following] if number % 4 == 0 else [row, following]


def _states(conversation: Object, names: Names) -> list[Figures]:
    """How long it was open, and how long closed."""
    closed = (conversation["statistics"] or {}).get("first_close_at")
    moments = [("Open", conversation["created_at"]), *([("Closed", closed)] if closed else [])]
    ends = [*(moment for _, moment in moments[1:]), max(conversation["updated_at"], moments[-1][1])]
    return [
        _common(conversation, names)
        | {
            "timestamp.conversation_state_started_at": begun,
            "standard.conversation_state": state,
            "duration.time_in_state": str(end - begun),
        }
        for (state, begun), end in zip(moments, ends, strict=True)
    ]


def _handling(conversation: Object, names: Names) -> list[Figures]:
    statistics = conversation["statistics"] or {}
    begun, handled = statistics.get("first_assignment_at"), statistics.get("handling_time")
    if begun is None or handled is None:
        return []
    return [
        _common(conversation, names)
        | {
            "timestamp.handling_started_at": begun,
            "teammate.handling_teammate_id": names.admin(conversation["admin_assignee_id"]),
            "duration.handling_time": _text(handled),
        }
    ]


def _ticket(ticket: Object, names: Names) -> Figures:
    return {
        "standard.ticket_id": ticket["ticket_id"],
        "standard.ticket_type_name": ticket["ticket_type"]["name"],
        "team.currently_assigned_team_id": names.team(ticket["team_assignee_id"]),
    }


def _tickets(ticket: Object, names: Names) -> list[Figures]:
    return [
        _ticket(ticket, names)
        | {
            "timestamp.ticket_created_at": ticket["created_at"],
            "standard.current_ticket_state": ticket["ticket_state"]["internal_label"],
            "ticket._default_title_": ticket["ticket_attributes"].get("_default_title_"),
            "ticket.Brand": _brand(int(ticket["ticket_id"])),
        }
    ]


def _ticket_states(ticket: Object, names: Names) -> list[Figures]:
    return [
        _ticket(ticket, names)
        | {
            "timestamp.ticket_state_started_at": ticket["created_at"],
            "standard.ticket_state": ticket["ticket_state"]["internal_label"],
            "duration.time_in_state": str(max(0, ticket["updated_at"] - ticket["created_at"])),
        }
    ]


def _nothing(item: Object, names: Names) -> list[Figures]:
    return []


def _attributes(*ids: str) -> tuple[Attribute, ...]:
    return tuple(Attribute(each, each.partition(".")[2].replace("_", " ").strip().capitalize()) for each in ids)


_COMMON = ("standard.conversation_id", "standard.channel", "team.currently_assigned_team_id")
_OF_TICKET = ("standard.ticket_id", "standard.ticket_type_name", "team.currently_assigned_team_id")
DATASETS = (
    Dataset(
        "conversation",
        "Conversation",
        "Conversation-level details: status, channel, assignee.",
        "conversation_started_at",
        _attributes(
            *_COMMON,
            *("timestamp.conversation_started_at", "timestamp.first_closed_at", "standard.current_conversation_state"),
            *("standard.conversation_started_by", "teammate.currently_assigned_teammate_id"),
            *("duration.first_response_time", "duration.handling_time", "standard.reopens_count"),
            *("standard.conversation_title", "standard.conversation_tags", "conversation.Brand", "people.Brand"),
            "people.Notes, internal",
        ),
        "conversations",
        _conversation,
    ),
    Dataset(
        "conversation_rating_sent",
        "Conversation rating sent",
        "Ratings that were asked for, and what was answered.",
        "rating_sent_at",
        _attributes(
            *_COMMON,
            *("timestamp.rating_sent_at", "conversation-rating-sent.conversation_rating"),
            *("conversation-rating-sent.remark", "conversation-rating-sent.rated_teammate_id"),
        ),
        "conversations",
        _ratings,
    ),
    Dataset(
        "conversation_sla_status_log",
        "SLA status log",
        "Each change of an SLA's status.",
        "sla_status_changed_at",
        _attributes(
            *_COMMON,
            *("timestamp.sla_status_changed_at", "standard.sla_policy_name", "standard.sla_metric_type"),
            *("standard.sla_state", "teammate.sla_attributed_to_teammate_id"),
        ),
        "conversations",
        _sla,
    ),
    Dataset(
        "conversation_state",
        "Conversation state",
        "The time that conversations spend in each state.",
        "conversation_state_started_at",
        _attributes(
            *_COMMON,
            *("timestamp.conversation_state_started_at", "standard.conversation_state", "duration.time_in_state"),
        ),
        "conversations",
        _states,
    ),
    Dataset(
        "teammate_handling_conversation",
        "Teammate handling conversation",
        "The time that teammates handle conversations.",
        "handling_started_at",
        _attributes(
            *_COMMON,
            *("timestamp.handling_started_at", "teammate.handling_teammate_id", "duration.handling_time"),
        ),
        "conversations",
        _handling,
    ),
    Dataset(
        "tickets",
        "Tickets",
        "Ticket-level details.",
        "ticket_created_at",
        _attributes(
            *_OF_TICKET,
            *("timestamp.ticket_created_at", "standard.current_ticket_state", "ticket._default_title_"),
            "ticket.Brand",
        ),
        "tickets",
        _tickets,
    ),
    Dataset(
        "ticket_time_in_state",
        "Ticket time in state",
        "The time that tickets spend in each state.",
        "ticket_state_started_at",
        _attributes(
            *_OF_TICKET,
            *("timestamp.ticket_state_started_at", "standard.ticket_state", "duration.time_in_state"),
        ),
        "tickets",
        _ticket_states,
    ),
    Dataset(
        "copilot_prompt_response_pair",
        "Copilot prompts",
        "Nobody uses it here: a dataset without rows.",
        "prompted_at",
        _attributes("timestamp.prompted_at", "standard.prompt"),
        "conversations",
        _nothing,
    ),
)
