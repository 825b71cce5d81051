"""Contacts, and what belongs to them."""

from intercom_sandbox import dialects, versions
from intercom_sandbox.asked import Asked
from intercom_sandbox.data.contacts import Contacts
from intercom_sandbox.data.notes import Notes, list_notes
from intercom_sandbox.errors import ApiError
from intercom_sandbox.kind import Beside, Kind, Path, of_parent
from intercom_sandbox.pages import Next, Numbered, newest_first_of_parent
from intercom_sandbox.scopes import ONE_USER, USERS, unnamed
from intercom_sandbox.shapes import Listed, Searched, Whole


def _no_user(asked: Asked, item_id: str) -> Exception:
    """One that was merged is told from one that is not there (API notes 3.1)."""
    if item_id in asked.state.workspace.merged:
        return ApiError(410, "contact_merged", "Contact has been merged")
    return ApiError(404, "not_found", "User Not Found")


_CONTACTS = Searched(dialects.CONTACTS)


_MERGES = {"include_merge_history": "merge_history"}


ROWS = (
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
        "contact_notes",
        (
            Path(
                "/contacts/{id}/notes",
                Numbered(newest_first_of_parent(_no_user), Next.URL_OR_NULL, per_page=50, most=60),
                ONE_USER,
            ),
        ),
        nested=Beside("contacts", of_parent("contact"), Notes, settle=list_notes),
        visible="body",
    ),
    Kind(
        "subscription_types",
        (
            Path(
                "/subscription_types",
                Whole("list", "data"),
                unnamed("read_subscription_types", "List all subscription types"),
            ),
        ),
        visible="default_translation.name",
        numeric_ids=True,
        count=12,
    ),
)
