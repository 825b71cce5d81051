"""What the models of support should hold, counted in Python from what the workspace holds; no SQL is shared.

Rows are dictionaries with the columns of the model, times are moments in UTC, and durations are seconds.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from integration_tests.comparison import truth
from integration_tests.messages import Record
from intercom_sandbox.client import Sandbox

Row = dict[str, Any]

LINKS: Final = (
    "contact_tags",
    "contact_companies",
    "contact_subscriptions",
    "conversation_tags",
    "conversation_contacts",
)
STREAMS: Final = (
    *("contacts", "companies", "admins", "teams", "tags", *LINKS),
    *("conversations", "conversation_parts", "conversation_handling_events", "conversation_ai_sources"),
    *("tickets", "ticket_parts", "ticket_types", "ticket_states"),
)

EVENTS: Final = (
    *("open", "click", "reply", "completion", "unsubscribe", "dismissal", "answer", "tour_step_view"),
    *("hard_bounce", "soft_bounce", "reception_failure"),
)
"""What becomes of messages, as far as it counts."""

RESOLVED: Final = ("assumed_resolution", "confirmed_resolution")
_WRITERS: Final = {"user": "contact", "lead": "contact", "admin": "admin", "bot": "bot"}
"""Whose replies count, and as whose."""


def moment(seconds: int | None) -> datetime | None:
    """A time of the workspace's."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def gathered(rows: Iterable[Record], column: str) -> Mapping[str, list[Record]]:
    """Rows by the value of a column."""
    found = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found


class Figures:
    """The models' rows, of what a workspace holds now; ages are those at the moment `as_of`, weeks those of a zone."""

    def __init__(self, sandbox: Sandbox, as_of: datetime, zone: str) -> None:
        self.as_of = int(as_of.timestamp())
        self.zone = ZoneInfo(zone)
        self.rows: dict[str, list[Record]] = {stream: list(truth(sandbox, stream).values()) for stream in STREAMS}
        self.receipts = sandbox.truth("content_receipt")
        self.happened = {event: {row["receipt_id"] for row in sandbox.truth(f"content_{event}")} for event in EVENTS}
        self._names = {
            stream: {row["id"]: row["name"] for row in self.rows[stream]}
            for stream in ("admins", "teams", "tags", "companies")
        }

    def conversations(self) -> list[Row]:
        """A row for each conversation."""
        parts = gathered(self.rows["conversation_parts"], "conversation_id")
        events = gathered(self.rows["conversation_handling_events"], "conversation_id")
        return [
            {
                **self._what(each),
                **self._who(each),
                **_when(each),
                **_replies(parts[each["id"]]),
                **_outcome(each),
                "handling_pauses": sum(event["type"] == "paused" for event in events[each["id"]]),
            }
            for each in self.rows["conversations"]
        ]

    def _what(self, conversation: Record) -> Row:
        source = conversation.get("source", {})
        age = self.as_of - conversation["created_at"]
        return {
            "conversation_id": conversation["id"],
            "title": conversation.get("title"),
            "created_at": moment(conversation["created_at"]),
            "updated_at": moment(conversation["updated_at"]),
            "state": conversation["state"],
            "is_open": conversation["state"] != "closed",
            "priority": conversation["priority"],
            "waiting_since": moment(conversation.get("waiting_since")),
            "snoozed_until": moment(conversation.get("snoozed_until")),
            "backlog_age_seconds": age if conversation["open"] else None,
            "channel": source.get("type"),
            "delivered_as": source.get("delivered_as"),
        }

    def _who(self, conversation: Record) -> Row:
        contacts = [each["id"] for each in conversation["contacts"]["contacts"]]
        author = conversation.get("source", {}).get("author", {})
        contact = author["id"] if author.get("type") in ("user", "lead") else min(contacts, default=None)
        company = conversation.get("company", {}).get("id") or self._only_company(contact)
        tags = sorted(conversation["tags"]["tags"], key=lambda tag: (tag["applied_at"], int(tag["id"])))
        names = [self._names["tags"].get(tag["id"], tag["name"]) for tag in tags]
        return {
            **self.named("team", conversation["team_assignee_id"]),
            **self.named("admin", conversation["admin_assignee_id"]),
            "contact_id": contact,
            "contacts": len(contacts),
            "company_id": company,
            "company_name": self._names["companies"].get(company),
            "first_tag_id": tags[0]["id"] if tags else None,
            "first_tag_name": names[0] if names else None,
            "tags": ", ".join(names) or None,
        }

    def named(self, kind: str, found: str) -> Row:
        """The id and the name of the team or admin in charge; `"0"` is nobody."""
        return {
            f"{kind}_id": None if found == "0" else found,
            f"{kind}_name": self._names[f"{kind}s"].get(found),
        }

    def _only_company(self, contact: str | None) -> str | None:
        companies = [row["id"] for row in self.rows["contact_companies"] if row["contact_id"] == contact]
        return companies[0] if len(companies) == 1 else None

    def team_first_responses(self) -> list[Row]:
        """A row for each team that answered in a conversation."""
        names = {
            "assigned_team_first_response_time": "response_seconds",
            "assigned_team_first_response_time_in_office_hours": "response_office_seconds",
        }
        found: dict[tuple[str, str], Row] = {}
        for conversation in self.rows["conversations"]:
            for field, column in names.items():
                for each in conversation.get("statistics", {}).get(field, []):
                    row = found.setdefault(
                        (conversation["id"], each["team_id"]),
                        {"conversation_id": conversation["id"], **dict.fromkeys(names.values())},
                    )
                    row |= {"team_id": each["team_id"], "team_name": each["team_name"], column: each["response_time"]}
        return list(found.values())

    def fin_content(self) -> list[Row]:
        """A row for each piece of content that Fin used."""
        names = ("content_type", "title", "url", "locale")
        resolved = {row["conversation_id"]: row["fin_resolved"] for row in self.conversations()}
        used = {
            (*(row.get(name) for name in names), row["conversation_id"]) for row in self.rows["conversation_ai_sources"]
        }
        counts: dict[tuple[Any, ...], list[bool]] = defaultdict(list)
        for *content, conversation in used:
            counts[tuple(content)].append(resolved[conversation])
        return [
            {
                **dict(zip(names, content, strict=True)),
                "conversations": len(outcomes),
                "fin_resolved": sum(outcomes),
                "fin_resolution_rate": sum(outcomes) / len(outcomes),
            }
            for content, outcomes in counts.items()
        ]

    def links(self, stream: str) -> list[Row]:
        """The live rows of a stream of links, with the names of what they lead to."""
        parent, _, others = stream.partition("_")
        other = {"companies": "company", "subscriptions": "subscription_type"}.get(others, others.removesuffix("s"))
        rows = [{f"{parent}_id": row[f"{parent}_id"], f"{other}_id": row["id"]} for row in self.rows[stream]]
        if others in self._names:
            rows = [{**row, f"{other}_name": self._names[others].get(row[f"{other}_id"])} for row in rows]
        more: Mapping[str, Callable[[Record], Row]] = {
            "contact_subscriptions": lambda row: {"consent": row["consent"]},
            "conversation_tags": lambda row: {
                f"{other}_name": self._names["tags"].get(row["id"], row["name"]),
                "applied_at": moment(row["applied_at"]),
                "applied_by_type": row["applied_by"]["type"],
                "applied_by_id": row["applied_by"]["id"],
            },
        }
        if stream in more:
            rows = [{**row, **more[stream](link)} for row, link in zip(rows, self.rows[stream], strict=True)]
        return rows

    def contacts_per_company(self) -> list[Row]:
        """A row for each company."""
        roles = {row["id"]: row["role"] for row in self.rows["contacts"]}
        links = gathered(self.rows["contact_companies"], "id")
        found = []
        for company_id, name in self._names["companies"].items():
            members = [roles[link["contact_id"]] for link in links[company_id]]
            counts = {"users": members.count("user"), "leads": members.count("lead")}
            found.append({"company_id": company_id, "company_name": name, "contacts": len(members), **counts})
        return found


def _when(conversation: Record) -> Row:
    """Moments and durations. Those by the clock are told from the moments, not from the durations of Intercom."""
    opened, told = conversation["created_at"], conversation.get("statistics", {})

    def since(name: str, start: int = opened) -> int | None:
        return None if told.get(name) is None else told[name] - start

    moments = ["first_contact_reply", "first_assignment", "first_admin_reply", "first_close"]
    moments += ["last_contact_reply", "last_admin_reply", "last_close"]
    is_closed = conversation["state"] == "closed"
    by_contact = conversation.get("source", {}).get("delivered_as") == "customer_initiated"
    asked = opened if by_contact else told.get("first_contact_reply_at") or opened
    return {
        **{f"{name}_at": moment(told.get(f"{name}_at")) for name in moments},
        "assignment_seconds": told.get("time_to_assignment"),
        "first_response_seconds": since("first_admin_reply_at", asked),
        "first_response_office_seconds": told.get("time_to_admin_reply"),
        "median_reply_office_seconds": told.get("median_time_to_reply"),
        "first_close_seconds": since("first_close_at"),
        "first_close_office_seconds": told.get("time_to_first_close"),
        "resolution_seconds": since("last_close_at") if is_closed else None,
        "resolution_office_seconds": told.get("time_to_last_close") if is_closed else None,
        "handling_seconds": told.get("handling_time"),
        "active_handling_seconds": told.get("adjusted_handling_time"),
        "reopens": told.get("count_reopens"),
        "assignments": told.get("count_assignments"),
    }


def _replies(parts: Iterable[Record]) -> Row:
    """How many messages there are of each kind of author."""
    counts = dict.fromkeys(("contact_replies", "admin_replies", "bot_replies"), 0)
    for part in parts:
        writer = _WRITERS.get(part["author"]["type"])
        if writer and part["part_type"] != "note" and part.get("body") is not None:
            counts[f"{writer}_replies"] += 1
    return counts


def _outcome(conversation: Record) -> Row:
    """What the contact and the AI agent made of it."""
    rating, agent = conversation.get("conversation_rating", {}), conversation.get("ai_agent", {})
    sla = conversation.get("sla_applied", {})
    return {
        "rating": rating.get("rating"),
        "rating_remark": rating.get("remark") or None,
        "rated_at": moment(rating.get("updated_at")),
        "rated_teammate_id": (rating.get("teammate") or {}).get("id"),
        "fin_participated": conversation["ai_agent_participated"],
        "fin_resolution_state": agent.get("resolution_state"),
        "fin_resolved": agent.get("resolution_state") in RESOLVED,
        "fin_rating": agent.get("rating"),
        "sla_name": sla.get("sla_name"),
        "sla_status": sla.get("sla_status"),
    }
