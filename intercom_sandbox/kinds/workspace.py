"""What a workspace is set up with, and what its teammates did to it."""

from intercom_sandbox import choices
from intercom_sandbox.data.activity_logs import ActivityLogs
from intercom_sandbox.data.attributes import data_attributes
from intercom_sandbox.data.beside import copies
from intercom_sandbox.data.nested import team_admins
from intercom_sandbox.errors import ApiError
from intercom_sandbox.kind import Beside, Derived, Kind, Path
from intercom_sandbox.pages import Next, Numbered, newest_first_in_range
from intercom_sandbox.scopes import ACTIVITY_LOGS, ADMINS, TAGS, USERS, unnamed
from intercom_sandbox.shapes import Single, Whole, WholeOfParent

_OFFICE_HOURS = unnamed("read_write_office_hours", "List and change office hours")


def _no_schedule(item_id: str) -> Exception:
    return ApiError(404, "not_found", "Object not found")


ROWS = (
    Kind(
        "admins",
        (Path("/admins", Whole("admin.list", "admins"), ADMINS, flags={"display_avatar": "avatar"}),),
        numeric_ids=True,
        given=lambda generator: generator.cast.admins,
        builder=lambda generator: lambda number, created_at, updated_at: generator.cast.admin(number + 1000),
    ),
    Kind(
        "teams",
        (Path("/teams", Whole("team.list", "teams"), ADMINS),),
        numeric_ids=True,
        given=lambda generator: generator.cast.teams,
        builder=lambda generator: lambda number, created_at, updated_at: generator.cast.team(number),
    ),
    Kind("team_admins", nested=Derived("teams", {"team_id": "id"}, team_admins), key=("team_id", "admin_id")),
    Kind(
        "tags",
        (Path("/tags", Whole("list", "data"), TAGS),),
        numeric_ids=True,
        given=lambda generator: generator.cast.tags,
        builder=lambda generator: lambda number, created_at, updated_at: generator.cast.tag(number),
    ),
    Kind(
        "segments",
        (Path("/segments", Whole("segment.list", "segments", choices.segments), USERS),),
        given=lambda generator: generator.cast.segments,
        builder=lambda generator: lambda number, created_at, updated_at: generator.cast.segment(number),
    ),
    Kind(
        "data_attributes",
        (Path("/data_attributes", Whole("list", "data", choices.data_attributes), USERS),),
        # they have no ids of their own, and an archived one may have the name of a live one (API notes 5b)
        key=("model", "full_name", "archived"),
        visible="label",
        shown=lambda item: not item["archived"],
        given=lambda generator: data_attributes(generator.cast.admins[0]["id"], generator.calendar.moment()),
    ),
    Kind(
        "activity_logs",
        (
            Path(
                "/admins/activity_logs",
                Numbered(
                    newest_first_in_range,
                    Next.URL_OR_NULL,
                    per_page=20,
                    most=250,
                    envelope="activity_log.list",
                    key="activity_logs",
                    counted=False,
                ),
                ACTIVITY_LOGS,
            ),
        ),
        visible="activity_description",
        stage=5,
        builder=lambda generator: ActivityLogs(generator).make,
    ),
    Kind(
        "away_status_reasons",
        (
            Path(
                "/away_status_reasons",
                Whole("list", "data"),
                unnamed("read_away_status_reasons", "List all reasons for being away"),
            ),
        ),
        visible="label",
        numeric_ids=True,
        count=12,
    ),
    Kind(
        "brands",
        (Path("/brands", Whole("list", "data"), unnamed("read_brands", "List all brands")),),
        count=12,
    ),
    Kind(
        "emails",
        (Path("/emails", Whole("list", "data"), unnamed("read_emails", "List all email addresses")),),
        visible="email",
        numeric_ids=True,
        count=12,
    ),
    Kind(
        "office_hours_schedules",
        (
            Path("/office_hours_schedules", Whole("office_hours_schedule.list", "data"), _OFFICE_HOURS),
            Path("/office_hours_schedules/{id}", Single(_no_schedule), _OFFICE_HOURS),
        ),
        numeric_ids=True,
        count=12,
    ),
    Kind(
        "office_hours_exceptions",
        (
            Path(
                "/office_hours_schedules/{id}/office_hours_exceptions",
                WholeOfParent("office_hours_exception.list", "data", _no_schedule),
                _OFFICE_HOURS,
            ),
        ),
        nested=Beside(
            "office_hours_schedules",
            {"office_hours_schedule_id": "id"},
            copies("office_hours_exceptions", "office_hours_schedule_id"),
        ),
    ),
)
