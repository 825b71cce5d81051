"""What a workspace is set up with, and what its teammates did to it (API notes 3.6 to 3.9, 3.18, 5b)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from source_intercom.api.shapes import as_list, as_object, value_at
from source_intercom.read.rows import Record
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.kinds import ChildStream, ListStream, NestedStream, RangedList


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


class TeamAdmins(NestedStream):
    """Which admins are in which team; a team holds nothing but their ids."""

    parent = Teams
    records_path = ("admin_ids",)
    permission = "Read admins"
    is_suggested = True
    inherited: ClassVar = {"team_id": "id"}

    def entries_of(self, parent: Record) -> list[Record]:
        """The ids, each with the level at which the team has the admin."""
        levels = as_object(parent.get("admin_priority_level"))
        ids = as_list(value_at(parent, self.records_path))
        return [{"admin_id": each, "priority_level": _level_of(each, levels)} for each in ids]


def _level_of(admin_id: Any, levels: Mapping[str, Any]) -> str | None:
    """The level of priority that lists an id; None where none does."""
    for level in ("primary", "secondary"):
        if str(admin_id) in map(str, as_list(levels.get(f"{level}_admin_ids"))):
            return level
    return None


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
    parameter_sets: ClassVar[Sequence[Mapping[str, str]]] = (
        {"include_count": "true"},
        {"include_count": "true", "type": "company"},
    )


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


class AwayStatusReasons(ListStream):
    """Reasons that admins give for being away, deleted ones too (API notes 3.18)."""

    endpoint = "away_status_reasons"
    permission = ""
    may_be_bare = True


class Brands(ListStream):
    """Brands of the workspace, the default one included."""

    endpoint = "brands"
    permission = ""


class Emails(ListStream):
    """Addresses from which the workspace sends email."""

    endpoint = "emails"
    permission = ""


class OfficeHoursSchedules(ListStream):
    """Weekly hours at which the workspace is open."""

    endpoint = "office_hours_schedules"
    endpoint_of_one = "office_hours_schedules/{id}"
    permission = ""


class OfficeHoursExceptions(ChildStream):
    """Days on which a schedule has other hours than in other weeks."""

    parent = OfficeHoursSchedules
    endpoint = "office_hours_schedules/{id}/office_hours_exceptions"
    permission = ""
    words = "the exceptions of office hours schedule"
    inherited: ClassVar = {"office_hours_schedule_id": "id"}


STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    Admins,
    Teams,
    TeamAdmins,
    Tags,
    Segments,
    DataAttributes,
    ActivityLogs,
    AwayStatusReasons,
    Brands,
    Emails,
    OfficeHoursSchedules,
    OfficeHoursExceptions,
)
"""The family."""
