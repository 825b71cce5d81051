"""What a workspace is set up with, and what its teammates did to it (API notes 3.6, 3.7, 3.8, 5b)."""

from typing import ClassVar, Final

from source_intercom.streams.base import IntercomStream
from source_intercom.streams.kinds import ListStream, RangedList


class Admins(ListStream):
    """Teammates, the Fin bot included; without the parameter Intercom leaves their avatars out."""

    endpoint = "admins"
    records_key = "admins"
    parameter_sets: ClassVar = ({"display_avatar": "true"},)
    permission = "Read admins"
    is_suggested = True


class Teams(ListStream):
    """Teams of admins."""

    endpoint = "teams"
    records_key = "teams"
    permission = "Read admins"
    is_suggested = True


class Tags(ListStream):
    """Tags; names are not unique, ids are."""

    endpoint = "tags"
    permission = "Read tags"
    is_suggested = True


class Segments(ListStream):
    """Segments of people and of companies; without the type Intercom lists only those of people."""

    endpoint = "segments"
    records_key = "segments"
    permission = "Read and list users and companies"
    is_suggested = True
    parameter_sets: ClassVar = ({"include_count": "true"}, {"include_count": "true", "type": "company"})


class DataAttributes(ListStream):
    """Standard and custom attributes of contacts and companies.

    Standard ones have no id, and nested ones share names (`name`, `plan.name`): model and full name identify
    them. Archived ones are left out, since one may have the full name of a live one.
    """

    endpoint = "data_attributes"
    permission = "Read and list users and companies"
    is_suggested = True
    parameter_sets: ClassVar = ({"model": "contact"}, {"model": "company"})


class ActivityLogs(RangedList):
    """What teammates did in the workspace's settings, newest first."""

    endpoint = "admins/activity_logs"
    records_key = "activity_logs"
    permission = "Read admin activity logs"
    is_suggested = True
    cursor_field = "created_at"
    between = ("created_at_after", "created_at_before")
    per_page = 250


STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    Admins,
    Teams,
    Tags,
    Segments,
    DataAttributes,
    ActivityLogs,
)
"""The family."""
