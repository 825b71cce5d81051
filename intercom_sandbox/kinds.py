"""The kinds of objects: one row each, from which everything else derives. What a row says is told in ``kind.py``.

A new list of objects is a row here, with how many there are as its ``count``: they are copies of the response example
in ``unit_tests/examples``. Those that need more life have a builder in ``data/``, and a setting with their number.
"""

from starlette.routing import compile_path

from intercom_sandbox import choices, dialects, versions
from intercom_sandbox.asked import Asked
from intercom_sandbox.data.activity_logs import ActivityLogs
from intercom_sandbox.data.articles import Articles
from intercom_sandbox.data.attributes import data_attributes
from intercom_sandbox.data.collections import HelpCenterCollections
from intercom_sandbox.data.companies import Companies
from intercom_sandbox.data.contacts import Contacts
from intercom_sandbox.data.nested import AppliedTags, TicketParts, count_ticket_parts
from intercom_sandbox.data.notes import Notes, list_notes
from intercom_sandbox.data.threads import Threads, count_parts, tickets
from intercom_sandbox.errors import ApiError, HtmlError
from intercom_sandbox.kind import Beside, Inside, Kind, Path
from intercom_sandbox.pages import Next, Numbered, last_updated_first, newest_first_in_range, newest_first_of_parent
from intercom_sandbox.scopes import (
    ACTIVITY_LOGS,
    ADMINS,
    ARTICLES,
    CONVERSATIONS,
    LISTED,
    ONE_USER,
    TAGS,
    TICKETS,
    USERS,
    Scope,
)
from intercom_sandbox.shapes import Listed, Parent, Scrolled, Searched, Single, Whole


def _no_user(asked: Asked, item_id: str) -> Exception:
    """One that was merged is told from one that is not there (API notes 3.1)."""
    if item_id in asked.state.workspace.merged:
        return ApiError(410, "contact_merged", "Contact has been merged")
    return ApiError(404, "not_found", "User Not Found")


def _no_ticket(item_id: str) -> Exception:
    return ApiError(404, "ticket_not_found", "Ticket not found")


def _no_conversation(item_id: str) -> Exception:
    """JSON or, by its id, a bare page: both have been seen (API notes 4.2)."""
    odd = item_id.isdigit() and int(item_id) % 2
    return HtmlError(404) if odd else ApiError(404, "not_found", "Resource Not Found")


def _of(parent: str) -> dict[str, str]:
    """What rows inherit from a parent that tells when it was updated."""
    return {f"{parent}_id": "id", f"{parent}_updated_at": "updated_at"}


_CONTACTS = Searched(dialects.CONTACTS)
_MERGES = {"include_merge_history": "merge_history"}
_CONVERSATIONS = Searched(dialects.CONVERSATIONS, of_tickets=TICKETS)

_ROWS = (
    Kind(
        "contacts",
        (
            Path("/contacts/search", _CONTACTS, USERS, "POST", flags=_MERGES),
            Path("/contacts", Listed(_CONTACTS, 10), USERS, flags=_MERGES),
        ),
        stage=2,
        builder=lambda generator: Contacts(generator.seed, generator.cast, generator.references["companies"]).make,
        imported=0.2,
        edge=5,
        reference=lambda item: {"type": "contact", "id": item["id"], "external_id": item["external_id"]},
        adapt=versions.contact,
    ),
    Kind(
        "conversations",
        (
            Path(
                "/conversations/search",
                _CONVERSATIONS,
                CONVERSATIONS,
                "POST",
                flags={"include_monitors": "monitor_evaluations", "include_scorecards": "scorecards"},
            ),
            Path("/conversations", Listed(_CONVERSATIONS, 20), CONVERSATIONS),
        ),
        visible="title",
        numeric_ids=True,
        stage=4,
        builder=lambda generator: generator.shared(Threads).conversation,
        asks=("parts",),
        edge=10,
        adapt=versions.conversation,
        deleted_with="tickets",
    ),
    Kind(
        "conversation_parts",
        (
            Path(
                "/conversations/{id}",
                Parent("conversation_parts", "conversation_part.list", _no_conversation, of_tickets=TICKETS),
                CONVERSATIONS,
            ),
        ),
        nested=Beside("conversations", _of("conversation"), Threads, served=500, settle=count_parts),
        visible="body",
    ),
    Kind(
        "tickets",
        (
            Path("/tickets/search", Searched(dialects.TICKETS), TICKETS, "POST"),
            Path("/tickets/{id}", Single(_no_ticket), TICKETS),
        ),
        visible="ticket_attributes._default_title_",
        numeric_ids=True,
        stage=3,
        builder=tickets,
        adapt=versions.ticket,
        deleted_with="conversations",
    ),
    Kind(
        "companies",
        (Path("/companies/scroll", Scrolled(), USERS),),
        stage=1,
        builder=lambda generator: Companies(generator.seed, generator.cast).make,
        reference=lambda item: item["id"],
    ),
    Kind(
        "admins",
        (Path("/admins", Whole("admin.list", "admins"), ADMINS, flags={"display_avatar": "avatar"}),),
        numeric_ids=True,
        given=lambda generator: generator.cast.admins,
        builder=lambda generator: lambda number, created_at, updated_at: generator.cast.admin(number + 1000),
    ),
    Kind(
        "teams",
        (Path("/teams", Whole("team.list", "teams"), ADMINS),),
        numeric_ids=True,
        given=lambda generator: generator.cast.teams,
        builder=lambda generator: lambda number, created_at, updated_at: generator.cast.team(number),
    ),
    Kind(
        "tags",
        (Path("/tags", Whole("list", "data"), TAGS),),
        numeric_ids=True,
        given=lambda generator: generator.cast.tags,
        builder=lambda generator: lambda number, created_at, updated_at: generator.cast.tag(number),
    ),
    Kind(
        "segments",
        (Path("/segments", Whole("segment.list", "segments", choices.segments), USERS),),
        given=lambda generator: generator.cast.segments,
        builder=lambda generator: lambda number, created_at, updated_at: generator.cast.segment(number),
    ),
    Kind(
        "data_attributes",
        (Path("/data_attributes", Whole("list", "data", choices.data_attributes), USERS),),
        # they have no ids of their own, and an archived one may have the name of a live one (API notes 5b)
        key=("model", "full_name", "archived"),
        visible="label",
        shown=lambda item: not item["archived"],
        given=lambda generator: data_attributes(generator.cast.admins[0]["id"], generator.calendar.moment()),
    ),
    Kind(
        "articles",
        (Path("/articles", Numbered(last_updated_first, Next.URL_OR_ABSENT, per_page=25, most=250), ARTICLES),),
        visible="title",
        numeric_ids=True,
        stage=3,
        builder=lambda generator: Articles(generator.seed, generator.cast, generator.texts).make,
    ),
    Kind(
        "ticket_parts",
        nested=Inside(
            "tickets", _of("ticket"), ("ticket_parts", "ticket_parts"), TicketParts, settle=count_ticket_parts
        ),
        visible="body",
    ),
    Kind(
        "conversation_tags",
        nested=Inside("conversations", _of("conversation"), ("tags", "tags"), AppliedTags),
        key=("conversation_id", "id"),
    ),
    Kind(
        "contact_notes",
        (
            Path(
                "/contacts/{id}/notes",
                Numbered(newest_first_of_parent(_no_user), Next.URL_OR_NULL, per_page=50, most=60),
                ONE_USER,
            ),
        ),
        nested=Beside("contacts", _of("contact"), Notes, settle=list_notes),
        visible="body",
    ),
    Kind(
        "activity_logs",
        (
            Path(
                "/admins/activity_logs",
                Numbered(
                    newest_first_in_range,
                    Next.URL_OR_NULL,
                    per_page=20,
                    most=250,
                    envelope="activity_log.list",
                    key="activity_logs",
                    counted=False,
                ),
                ACTIVITY_LOGS,
            ),
        ),
        visible="activity_description",
        stage=5,
        builder=lambda generator: ActivityLogs(generator).make,
    ),
    Kind(
        "collections",
        (
            Path(
                "/help_center/collections",
                Numbered(last_updated_first, Next.NUMBERS, per_page=20, most=150),
                ARTICLES,
            ),
        ),
        numeric_ids=True,
        stage=5,
        builder=lambda generator: HelpCenterCollections(generator).make,
    ),
)

KINDS = {kind.name: kind for kind in _ROWS}
"""The kinds by name."""
STREAMS = tuple(KINDS)

_PATHS = [path for kind in _ROWS for path in kind.paths]
_EXACT = {path.path: path.scope for path in _PATHS if "{" not in path.path}
_PATTERNS = [(compile_path(path.path)[0], path.scope) for path in _PATHS if "{" in path.path]


SCOPES = tuple(dict.fromkeys((*LISTED, *(path.scope for path in _PATHS))))
"""In the order in which the consent page shows them; those that are known by their rows only come last."""


def needed_scope(path: str) -> Scope | None:
    """The scope that a request's path needs; None where no object is."""
    if path in _EXACT:
        return _EXACT[path]
    return next((scope for pattern, scope in _PATTERNS if pattern.match(path)), None)
