"""What happens in a workspace between two syncs: something that changes the rows of every model of support."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from intercom_sandbox.client import Sandbox

Object = dict[str, Any]

LINKS = ("contact_tags", "contact_companies", "contact_subscriptions")
LISTS = ("tags", "companies", "opted_in_subscription_types", "opted_out_subscription_types")
"""Where contacts show these links."""


def change(sandbox: Sandbox, now: datetime) -> None:
    """Two days of support, up to that moment; the workspace has nothing that is as new as they are."""
    at = int((now - timedelta(days=2)).timestamp())
    _leave(sandbox, at)
    _talk(sandbox, at, now)
    _solve(sandbox, at)
    sandbox.mutate("send_messages", count=20, at=at)
    for event in ("open", "click", "soft_bounce", "reception_failure", "completion"):
        sandbox.mutate("engage", count=15, fields={"event": event}, at=at)
    alone = [each["id"] for each in sandbox.truth("contacts") if not any(each[name]["data"] for name in LISTS)]
    for links in LINKS:
        sandbox.mutate("delete", object=links, count=6, at=at)
        sandbox.mutate("create", object=links, parents=alone[:4], at=at)
    sandbox.mutate("delete", object="conversation_tags", count=6, at=at)
    sandbox.mutate("create", object="conversation_tags", count=6, at=at)
    for kind in ("companies", "teams", "tags"):
        sandbox.mutate("update", object=kind, count=2, fields={"name": f"One of the {kind}, renamed"}, at=at)


def _leave(sandbox: Sandbox, at: int) -> None:
    """Contacts and conversations go in every way, and so do a company and a tag that others name."""
    ticket = next(each["id"] for each in sandbox.truth("conversations") if each["ticket"])
    sandbox.mutate("delete", object="conversations", ids=[ticket], at=at)
    sandbox.mutate("delete", object="conversations", count=6, at=at)
    for operation in ("delete", "archive_contacts", "block_contacts", "merge_contacts"):
        sandbox.mutate(operation, object="contacts", count=3, at=at)
    used = [each["company"]["id"] for each in sandbox.truth("conversations") if each["company"]]
    sandbox.mutate("delete", object="companies", ids=used[:1])
    sandbox.mutate("delete", object="tags", ids=[sandbox.truth("conversation_tags")[0]["id"]])


def _talk(sandbox: Sandbox, at: int, now: datetime) -> None:
    """Conversations begin, are closed, opened again, and rated; Fin solves some, with other content than before."""
    for hours in (3, 30, 100):
        begun = {"state": "open", "open": True, "created_at": int((now - timedelta(hours=hours)).timestamp())}
        sandbox.mutate("create", count=3, parts=5, fields=begun, at=int((now - timedelta(hours=3)).timestamp()))
    sandbox.mutate("add_parts", count=10, parts=3, at=at)
    sandbox.mutate("create", object="conversation_handling_events", count=5, at=at)
    told = [each for each in sandbox.truth("conversations") if each["statistics"]]
    written_to = next(each for each in told if each["source"] and each["statistics"]["first_admin_reply_at"])
    told.remove(written_to)
    source = written_to["source"] | {"delivered_as": "admin_initiated", "author": sandbox.truth("admins")[0]}
    moments = {"first_contact_reply_at": written_to["statistics"]["first_admin_reply_at"] - 1}
    _update(sandbox, written_to, at, {"source": source, "statistics": written_to["statistics"] | moments})
    for each in [each for each in told if each["state"] == "closed"][:6]:
        statistics = each["statistics"] | {"count_reopens": each["statistics"]["count_reopens"] + 1}
        _update(sandbox, each, at, {"state": "open", "open": True, "waiting_since": at, "statistics": statistics})
    for each in [each for each in told if each["state"] == "open"][:2]:
        statistics = each["statistics"] | {"last_close_at": at, "time_to_last_close": at - each["created_at"]}
        closed = {"state": "closed", "open": False, "waiting_since": None, "statistics": statistics}
        _update(sandbox, each, at, closed | {"conversation_rating": _rating(each, at)})
    for each in [each for each in told if each["ai_agent"] and each["ai_agent"]["content_sources"]["total_count"]][:5]:
        content = {"type": "content_source.list", "content_sources": [], "total_count": 0}
        agent = each["ai_agent"] | {"resolution_state": "confirmed_resolution", "rating": 2, "content_sources": content}
        _update(sandbox, each, at, {"ai_agent": agent, "team_assignee_id": 0})


def _rating(conversation: Object, at: int) -> Object:
    contact = next(iter(conversation["contacts"]["contacts"]), None)
    return {"rating": 1, "remark": "Late", "created_at": at, "updated_at": at, "contact": contact, "teammate": None}


def _solve(sandbox: Sandbox, at: int) -> None:
    """Tickets are resolved, and those that were are taken up again."""
    states = {each["ticket_state"]["category"]: each["ticket_state"] for each in sandbox.truth("tickets")}
    following = {"resolved": states["in_progress"], "in_progress": states["resolved"], "submitted": states["resolved"]}
    for ticket in sandbox.truth("tickets")[:12]:
        before = ticket["ticket_state"]["category"]
        if before in following:
            part = {"part_type": "ticket_state_updated_by_admin", "body": None, "previous_ticket_state": before}
            part |= {"ticket_state": following[before]["category"]}
            sandbox.mutate("create", object="ticket_parts", parents=[ticket["id"]], fields=part, at=at)
            now_open = part["ticket_state"] != "resolved"
            fields = {"ticket_state": following[before], "open": now_open}
            sandbox.mutate("update", object="tickets", ids=[ticket["id"]], fields=fields, at=at)


def _update(sandbox: Sandbox, conversation: Object, at: int, fields: Mapping[str, Any]) -> None:
    sandbox.mutate("update", object="conversations", ids=[conversation["id"]], fields=fields, at=at)
