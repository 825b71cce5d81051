"""Custom objects."""

from intercom_sandbox.custom_objects import OfType, is_found, vary
from intercom_sandbox.kind import Kind, Path
from intercom_sandbox.scopes import CUSTOM_OBJECTS

ROWS = (
    Kind(
        "custom_object_instances",
        (Path("/custom_object_instances/{id}", OfType(), CUSTOM_OBJECTS),),
        key=("type", "id"),
        visible="external_id",
        shown=is_found,
        count=200,
        vary=vary,
    ),
)
