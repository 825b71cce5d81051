"""What Fivetran's tables hold of a workspace, in Python: the rows of each, from those of our streams."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final

from integration_tests.messages import Record

Held = Mapping[str, Collection[Record]]
"""The rows of each stream, with times in seconds; links are those that are live."""

FLAGS: Final = {"_fivetran_active": True, "_fivetran_deleted": False}


def views(held: Held) -> dict[str, list[Record]]:
    """The rows of each table, without nulls, and without when they were read."""
    return {name: [without_nulls({**row, **FLAGS}) for row in rows(held)] for name, rows in VIEWS.items()}


def plain(row: Record) -> Record:
    """A row of a view as those that are expected: times in seconds, no nulls, nothing of when it was read."""
    seconds = {name: value.timestamp() if isinstance(value, datetime) else value for name, value in row.items()}
    return without_nulls({name: value for name, value in seconds.items() if name != "_fivetran_synced"})


def without_nulls(row: Record) -> Record:
    """A row without what is null."""
    return {name: value for name, value in row.items() if value is not None}


def _copied(stream: str, fields: str, **renamed: str) -> Callable[[Held], list[Record]]:
    """Rows with some fields of a stream's; `renamed` are names of others, with a dot between the parts of a path."""
    paths = {name: name for name in fields.split()} | renamed
    return lambda held: [{name: _at(row, path) for name, path in paths.items()} for row in held[stream]]


def _at(row: Record, path: str) -> Any:
    value: Any = row
    for step in path.split("."):
        value = (value or {}).get(step)
    return value


def _company_tags(held: Held) -> list[Record]:
    changed = {row["id"]: row.get("updated_at") for row in held["companies"]}
    links = [(row["company_id"], row["id"]) for row in held["company_tags"]]
    return [{"company_id": one, "tag_id": tag, "company_updated_at": changed.get(one)} for one, tag in links]


def _conversations(held: Held) -> list[Record]:
    rows = _CONVERSATIONS(held)
    for row in rows:
        assigned = row["assignee_id"] not in (None, "0")
        row |= {} if assigned else {"assignee_id": None}
        row["assignee_type"] = "admin" if assigned else None
    return rows


def _articles(held: Held) -> list[Record]:
    statistics = {row["article_id"]: row for row in held["article_statistics"]}
    rows = _ARTICLES(held)
    for row in rows:
        parents, numbers = row.pop("parent_ids") or [], statistics.get(row["id"], {})
        row |= {f"statistics_{name}": numbers.get(name) for name in _STATISTICS}
        row |= {"collection_id": parents[0], "parent_type": "collection"} if parents else {}
    return rows


def _collections(held: Held) -> list[Record]:
    return [{**row, "type": "collection"} for row in _COLLECTIONS(held)]


_CONVERSATIONS: Final = _copied(
    "conversations",
    "id created_at updated_at read snoozed_until state waiting_since",
    assignee_id="admin_assignee_id",
    conversation_rating_value="conversation_rating.rating",
    conversation_rating_remark="conversation_rating.remark",
    first_contact_reply_created_at="first_contact_reply.created_at",
    first_contact_reply_type="first_contact_reply.type",
    sla_name="sla_applied.sla_name",
    sla_status="sla_applied.sla_status",
    source_author_id="source.author.id",
    source_author_type="source.author.type",
    source_body="source.body",
    source_delivered_as="source.delivered_as",
    source_subject="source.subject",
    source_type="source.type",
)
_ARTICLES: Final = _copied(
    "articles",
    "id author_id title description body url type state parent_ids default_locale workspace_id created_at updated_at",
)
_STATISTICS: Final = (
    "type",
    "views",
    "conversations",
    "reactions",
    "happy_reaction_percentage",
    "neutral_reaction_percentage",
    "sad_reaction_percentage",
)
_COLLECTIONS: Final = _copied(
    "collections",
    "id help_center_id parent_id name description url icon order default_locale workspace_id created_at updated_at",
)

VIEWS: Final[Mapping[str, Callable[[Held], list[Record]]]] = {
    "admin": _copied("admins", "id name job_title"),
    "team": _copied("teams", "id name"),
    "team_admin": _copied("team_admins", "team_id admin_id"),
    "tag": _copied("tags", "id name"),
    "company_history": _copied(
        "companies",
        "id name website industry created_at updated_at user_count session_count monthly_spend",
        plan_id="plan.id",
        plan_name="plan.name",
    ),
    "company_tag_history": _company_tags,
    "contact_history": _copied(
        "contacts",
        "id created_at updated_at signed_up_at name role email last_replied_at last_email_clicked_at "
        "last_email_opened_at last_contacted_at unsubscribed_from_emails",
        admin_id="owner_id",
    ),
    "contact_tag_history": _copied("contact_tags", "contact_id contact_updated_at", tag_id="id"),
    "contact_company_history": _copied("contact_companies", "contact_id contact_updated_at", company_id="id"),
    "conversation_history": _conversations,
    "conversation_part_history": _copied(
        "conversation_parts",
        "id part_type body conversation_id conversation_updated_at created_at updated_at",
        author_id="author.id",
        author_type="author.type",
        assigned_to_id="assigned_to.id",
        assigned_to_type="assigned_to.type",
    ),
    "conversation_contact_history": _copied(
        "conversation_contacts", "conversation_id conversation_updated_at", contact_id="id"
    ),
    "conversation_tag_history": _copied("conversation_tags", "conversation_id conversation_updated_at", tag_id="id"),
    "article_history": _articles,
    "collection_history": _collections,
    "help_center_history": _copied(
        "help_centers", "id display_name identifier workspace_id website_turned_on created_at updated_at"
    ),
}
"""The tables, by name."""
