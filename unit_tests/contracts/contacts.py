"""Contacts, and what belongs to them."""

from typing import Final

from unit_tests.contracts.contract import PEOPLE, Contract, Parent, Way

ROWS: Final = (
    Contract(
        "contacts",
        Way.SEARCH,
        "POST",
        "contacts/search",
        ("data",),
        PEOPLE,
        answer="contacts_search",
        cursor="updated_at",
        single="contact",
        without=("enabled_push_messaging",),
    ),
    Contract(
        "contact_notes",
        Way.CHILD,
        "GET",
        "contacts/{id}/notes",
        ("data",),
        "Read one user and one company",
        answer="contact_notes",
        cursor="contact_updated_at",
        parent=Parent("contacts", "contact_id"),
        mentioned=("notes", "data"),
    ),
    Contract(
        "subscription_types",
        Way.WHOLE,
        "GET",
        "subscription_types",
        ("data",),
        permission="",
        answer="subscription_types",
        scope="read_subscription_types",
    ),
)
