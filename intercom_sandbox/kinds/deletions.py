"""What was deleted, merged, archived or blocked."""

from intercom_sandbox.data.deletions import Activities, InactiveContacts, deleted_conversations
from intercom_sandbox.feeds import Feed, deleted, in_no_order
from intercom_sandbox.kind import Kind, Path
from intercom_sandbox.pages import Next, Numbered
from intercom_sandbox.scopes import CONVERSATIONS, USERS

_ACTIVITIES = 64

ROWS = (
    Kind(
        "deleted_conversations",
        (
            Path(
                "/conversations/deleted",
                Numbered(
                    deleted,
                    Next.URL_OR_NULL,
                    per_page=20,
                    most=60,
                    envelope="conversations.list",
                    key="conversations",
                ),
                CONVERSATIONS,
                since=(2, 16),
            ),
        ),
        visible="metrics_retained",
        numeric_ids=True,
        count=130,
        stage=6,
        builder=lambda generator: deleted_conversations,
    ),
    Kind(
        "contact_activities",
        (Path("/contacts/activities", Feed(per_page=50, most=150), USERS, since=(2, 17)),),
        visible="role",
        stage=6,
        count=_ACTIVITIES,
        given=lambda generator: generator.shared(Activities).first(_ACTIVITIES),
    ),
    Kind(
        "inactive_contacts",
        (
            Path(
                "/contacts/deleted",
                Numbered(in_no_order, Next.NUMBERS, per_page=10, most=150, refusal="invalid_per_page"),
                USERS,
                since=(2, 17),
            ),
        ),
        visible="email",
        count=160,
        stage=6,
        builder=lambda generator: InactiveContacts(generator).make,
    ),
)
