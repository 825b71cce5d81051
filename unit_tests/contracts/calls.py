"""Phone calls."""

from typing import Final

from unit_tests.contracts.contract import Contract, Parent, Way

ROWS: Final = (
    Contract("calls", Way.PAGES, "GET", "calls", ("data",), "", answer="calls", scope="read_calls"),
    Contract(
        "call_transcripts",
        Way.OWN,
        "POST",
        "calls/search",
        ("data",),
        "",
        key=("call_id", "index"),
        parent=Parent("calls", "call_id"),
        scope="read_calls",
    ),
)
