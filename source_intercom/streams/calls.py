"""Phone calls (API notes 3.15)."""

from typing import ClassVar, Final

from source_intercom.streams.base import IntercomStream
from source_intercom.streams.kinds import ListStream


class Calls(ListStream):
    """Phone calls, in small numbered pages without a `next`; their times come as numbers or as texts."""

    endpoint = "calls"
    permission = ""
    parameter_sets: ClassVar = ({"page": "1", "per_page": "25"},)


STREAMS: Final[tuple[type[IntercomStream], ...]] = (Calls,)
"""The family."""
