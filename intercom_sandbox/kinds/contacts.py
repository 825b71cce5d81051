"""Contacts, and what belongs to them."""

from intercom_sandbox import dialects, versions
from intercom_sandbox.asked import Asked
from intercom_sandbox.data import segments
from intercom_sandbox.data.contacts import Contacts
from intercom_sandbox.data.links import COMPANIES, SUBSCRIPTIONS, TAGS
from intercom_sandbox.data.merges import Merges, make_user
from intercom_sandbox.data.notes import Notes, list_notes
from intercom_sandbox.errors import ApiError
from intercom_sandbox.kind import Beside, Inside, Joined, Kind, Path, of_parent
from intercom_sandbox.pages import Next, Numbered, newest_first_of_parent
from intercom_sandbox.scopes import ONE_USER, USERS, unnamed
from intercom_sandbox.shapes import Attached, Listed, Searched, Whole


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
        "contact_tags",
        (Path("/contacts/{id}/tags", Attached(newest_first_of_parent(_no_user)), ONE_USER),),
        nested=TAGS,
        key=("contact_id", "id"),
        visible="type",
    ),
    Kind(
        "contact_companies",
        (
            Path(
                "/contacts/{id}/companies",
                Numbered(newest_first_of_parent(_no_user), Next.URL_OR_NULL, per_page=50, most=60),
                ONE_USER,
            ),
        ),
        nested=COMPANIES,
        key=("contact_id", "id"),
        visible="type",
    ),
    Kind(
        "contact_subscriptions",
        (Path("/contacts/{id}/subscriptions", Attached(newest_first_of_parent(_no_user)), ONE_USER),),
        nested=SUBSCRIPTIONS,
        key=("contact_id", "id"),
        visible="type",
    ),
    Kind(
        "contact_merges",
        nested=Inside("contacts", of_parent("contact"), ("merge_history",), Merges, settle=make_user),
        key=("source_contact_id",),
        visible="source_contact_role",
    ),
    Kind(
        "contact_segments",
        nested=Joined("segments", {"segment_id": "id"}, "contacts", "contact_id", segments.holds),
        key=("segment_id", "contact_id"),
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
