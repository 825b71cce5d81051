"""What reading each stream costs: requests of a workspace of a size, and of a day's changes in it."""

from collections.abc import Mapping, Sequence
from typing import Final

from scripts.pages.catalogue import Stream
from scripts.pages.tables import NONE, table
from source_intercom.read import price
from source_intercom.read.family import WINDOW_RECORDS
from source_intercom.streams import STREAMS
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.calls import CallTranscripts
from source_intercom.streams.companies import Companies
from source_intercom.streams.custom_objects import PLACES, CustomObjectInstances
from source_intercom.streams.deletions import ContactActivities, DeletedConversations
from source_intercom.streams.kinds import ChildStream, ListStream, RangedList, SearchStream
from source_intercom.streams.links import LinkStream
from source_intercom.streams.segments import ContactSegments
from source_intercom.streams.since import SinceList

Counts = Mapping[str, int]
"""How many rows there are of each stream; of those that ask parent by parent, how many parents they ask for."""

LIMIT: Final = 1_667
"""Requests in ten seconds: what Intercom documents for an app, 10,000 a minute (API notes 6)."""

DAYS: Final = 730
"""Days from the start date."""

WORKSPACE: Final[Counts] = {
    "contacts": 1_000_000,
    "contact_notes": 50_000,
    "contact_segments": 3_000_000,
    "contact_events": 200_000,
    "conversations": 500_000,
    "conversation_parts": 500_000,
    "conversation_handling_events": 100_000,
    "side_conversations": 500_000,
    "tickets": 100_000,
    "companies": 50_000,
    "articles": 1_000,
    "collections": 50,
    "activity_logs": 20_000,
    "internal_articles": 500,
    "macros": 2_000,
    "ai_external_pages": 5_000,
    "calls": 50_000,
    "custom_object_instances": 50_000,
    "deleted_conversations": 20_000,
    "contact_activities": 1_500_000,
    "inactive_contacts": 200_000,
    "call_transcripts": 1_000_000,
}
"""A large workspace."""

DAY: Final[Counts] = {
    "contacts": 20_000,
    "contact_notes": 500,
    "contact_events": 20_000,
    "conversations": 5_000,
    "conversation_parts": 5_000,
    "conversation_handling_events": 3_000,
    "side_conversations": 5_000,
    "tickets": 1_000,
    "activity_logs": 30,
    "macros": 5,
    "deleted_conversations": 500,
    "contact_activities": 10_000,
}
"""What has changed in it after a day, of the streams that are read incrementally."""

FEW: Final = 20
"""Rows of every other list."""


def requests(kind: type[IntercomStream], name: str, counts: Counts, days: int) -> int:
    """How many requests a stream takes, beside those that find its parents; 0 where its rows come with theirs."""
    rows = counts.get(name, FEW)
    if issubclass(kind, LinkStream):
        return price.of_children(counts.get(name, 0))
    if issubclass(kind, ContactSegments):
        return price.of_segments(counts.get("segments", FEW), counts.get(name, 0))
    if issubclass(kind, CallTranscripts):
        return price.of_transcripts(counts.get("calls", FEW), 25)
    if issubclass(kind, CustomObjectInstances):
        return price.of_list(rows, int(kind.parameters["per_page"])) + len(PLACES)
    if issubclass(kind, ChildStream):
        return price.of_children(rows)
    if issubclass(kind, SearchStream):
        return price.of_search(rows, WINDOW_RECORDS)
    if issubclass(kind, RangedList):
        return price.of_ranges(rows, kind.per_page, days * 86_400)
    if issubclass(kind, SinceList):
        return price.of_list(rows, kind.per_page)
    if issubclass(kind, DeletedConversations | ContactActivities):
        return price.of_list(rows, int(kind.parameters["per_page"])) + 1  # a page that is too old, or empty
    if issubclass(kind, Companies):
        return price.of_scroll(rows)
    if issubclass(kind, ListStream):
        sizes = [int(each["per_page"]) if "per_page" in each else None for each in kind.parameter_sets]
        return sum(price.of_list(rows, per_page) for per_page in sizes)
    return 0


def of_a_large_workspace(catalogue: Sequence[Stream]) -> str:
    """What a first read and a later one take, stream by stream; streams whose rows come with others are left out."""
    rows = []
    for kind, stream in zip(STREAMS, catalogue, strict=True):
        first = requests(kind, stream.name, WORKSPACE, DAYS)
        later = requests(kind, stream.name, DAY if stream.cursor else WORKSPACE, 1 if stream.cursor else DAYS)
        if first:
            rows.append([stream.name, _number(WORKSPACE.get(stream.name, FEW)), *_cost(first), *_cost(later)])
    return table(["stream", "rows or parents", "requests", "minutes", "a day later: requests", "minutes"], rows)


def _cost(number: int) -> list[str]:
    time = price.minutes(number, LIMIT)
    return [_number(number), _number(time) if time > 1 else NONE]


def _number(number: int) -> str:
    return f"{number:,}"
