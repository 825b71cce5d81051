"""What contacts did."""

from intercom_sandbox.data.events import Events, see
from intercom_sandbox.events import EventList, Recent
from intercom_sandbox.kind import Kind, Path
from intercom_sandbox.scopes import EVENTS

ROWS = (
    Kind(
        "contact_events",
        (Path("/events", EventList(), EVENTS),),
        nested=Recent("contacts", {"contact_id": "id"}, Events, settle=see),
        key=("contact_id", "event_name", "created_at"),
        visible="email",
    ),
)
