"""OAuth scopes: what a token may do (API notes 6, 7.3)."""

from dataclasses import dataclass

from intercom_sandbox.errors import ApiError


@dataclass(frozen=True)
class Scope:
    """A scope: its id, its name, and what the consent page says of it.

    ``told`` means that the endpoints answer its lack with its id; the classic ones do not tell (API notes 6, 12).
    """

    id: str
    name: str
    allows: str
    told: bool = False

    def refusal(self) -> ApiError:
        """The answer to a token that lacks it."""
        if self.told:
            return ApiError(403, "forbidden", f"You do not have the required scope ({self.id}) to access this resource")
        return ApiError(401, "token_unauthorized", "Not authorized to access resource")


def unnamed(scope_id: str, allows: str) -> Scope:
    """A scope that Intercom's documentation does not call by its name; most ids of such ones are the sandbox's own."""
    return Scope(scope_id, scope_id.replace("_", " ").capitalize(), allows, told=True)


USERS = Scope(
    "read_users_companies",
    "Read and list users and companies",
    "List and view all segments, users, companies, and tags",
)
ONE_USER = Scope("read_single_user", "Read one user and one company", "List and view a single user and company")
CONVERSATIONS = Scope("read_conversations", "Read conversations", "View conversations", told=True)
TICKETS = Scope("read_tickets", "Read tickets", "View tickets", told=True)
ADMINS = Scope("read_admins", "Read admins", "List and view all admins")
ACTIVITY_LOGS = Scope("read_admin_activity_logs", "Read admin activity logs", "List and view all admin activity logs")
TAGS = Scope("read_tags", "Read tags", "List all tags")
ARTICLES = Scope("read_articles_scope", "Read articles", "List and view all articles", told=True)
NEWS = Scope(
    "read_news_items",
    "Read and List news items and newsfeeds",
    "List and view all news items and newsfeeds",
    told=True,
)

EVENTS = Scope("read_events", "Read events", "View events belonging to a user", told=True)
CUSTOM_OBJECTS = Scope(
    "read_custom_object_instances",
    "Read custom object instances",
    "List and view all instances of custom objects",
    told=True,
)

EXPORT_CONTENT = Scope("export_content_data", "Export content data", "Export data of sent messages", told=True)
EXPORT_REPORTING = Scope("export_reporting_data", "Export reporting data", "Export reporting data", told=True)

LISTED = (USERS, ONE_USER, CONVERSATIONS, TICKETS, ADMINS, ACTIVITY_LOGS, TAGS, ARTICLES, NEWS, EVENTS, CUSTOM_OBJECTS)
"""In the order in which the consent page shows them; the row of a kind may have another one."""
