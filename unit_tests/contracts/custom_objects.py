"""Custom objects."""

from typing import Final

from unit_tests.contracts.contract import Contract, Way

ROWS: Final = (
    Contract(
        "custom_object_instances",
        Way.OWN,
        "GET",
        "custom_object_instances/{id}",
        ("data",),
        "Read custom object instances",
        key=("type", "id"),
        ids="(?i:order|test_object)",
        also=("conversation_attributes", "contacts", "conversations"),
    ),
)
