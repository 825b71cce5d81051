"""Phone calls."""

from intercom_sandbox.calls import CallSearch, turns, vary
from intercom_sandbox.kind import Derived, Kind, Path
from intercom_sandbox.pages import Next, Numbered, last_updated_first
from intercom_sandbox.scopes import Scope

_CALLS = Scope("read_calls", "Read calls", "List all calls", told=True)

ROWS = (
    Kind(
        "calls",
        (Path("/calls", Numbered(last_updated_first, Next.NUMBERS, per_page=25, most=25), _CALLS),),
        visible="state",
        numeric_ids=True,
        count=60,
        vary=vary,
    ),
    Kind(
        "call_transcripts",
        (Path("/calls/search", CallSearch(), _CALLS, "POST"),),
        nested=Derived("calls", {"call_id": "id"}, turns),
        key=("call_id", "index"),
    ),
)
