"""The settings of a sandbox; every field is a flag of the command line."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from intercom_sandbox.exports.forms import ARCHIVES, NAMES, TIMES
from intercom_sandbox.versions import SERVED


def option(default: Any, text: str, **metadata: Any) -> Any:
    """A field with its default, its help text, and what else argparse needs to know about it."""
    return field(default=default, metadata={"help": text, **metadata})


@dataclass(frozen=True)
class Settings:
    """What the workspace holds and how the server behaves; durations are in seconds. ``ValueError`` on nonsense."""

    host: str = option("127.0.0.1", "address to listen on")
    port: int = option(0, "port to listen on, 0 for any free one")
    tls: str = option("", "serve HTTPS; a folder for the certificates, among them those that clients have to trust")
    access_token: str = option(
        "sandbox-token", "the access token that is accepted, besides those that signing in issues"
    )
    client_id: str = option("sandbox-client", "client ID of the one app that users can sign in to")
    client_secret: str = option("sandbox-secret", "client secret of that app")
    redirect_uri: tuple[str, ...] = option(
        (), "a redirect URL of that app; repeatable; none: any HTTPS or loopback URL"
    )
    code_lifetime: float = option(300.0, "time in which an authorization code can be exchanged")

    seed: int = option(1, "seed of all generated data and of every random choice")
    contacts: int = option(300, "number of contacts")
    companies: int = option(120, "number of companies")
    conversations: int = option(120, "number of conversations; a tenth of them are tickets too")
    parts: int = option(2200, "total number of conversation parts")
    tickets: int = option(60, "number of tickets")
    articles: int = option(60, "number of articles")
    tags: int = option(12, "number of tags")
    admins: int = option(6, "number of admins, the Fin bot included")
    teams: int = option(4, "number of teams")
    segments: int = option(6, "number of segments, a third of them company segments")
    activity_logs: int = option(60, "number of activity logs")
    collections: int = option(23, "number of help-center collections")
    message_receipts: int = option(400, "number of outbound messages that were sent to contacts")
    first_day: str = option("2024-01-01", "first day of the generated timestamps")
    last_day: str = option("2025-12-31", "last day of the generated timestamps")

    timezone: str = option("America/Los_Angeles", "time zone of the workspace")
    region: str = option("US", "region of the workspace", choices=("US", "EU", "AU"))
    contact_dates: str = option("day", "granularity of contact dates in searches up to 2.16", choices=("day", "second"))
    bounds: str = option(
        "strict",
        "meaning of > and < on conversation and ticket dates, and of the bounds of activity logs and macros",
        choices=("strict", "inclusive"),
    )
    activity_log_days: int = option(0, "longer ranges of activity logs are an internal error, 0 for any length")
    index_lag: float = option(0.0, "the search sees the objects as they were that long ago")
    fresh_bodies: bool = option(
        False, "searches that lag show objects as they are now, at the places where the index has them"
    )
    deleted_order: str = option(
        "deletion", "order in which deleted conversations are listed", choices=("deletion", "id")
    )
    activity_store_down: bool = option(False, "the activities of contacts are answered with no data, and no error")
    scroll_page: int = option(100, "companies on a page of the scroll")
    scroll_expiry: float = option(60.0, "idle time after which a scroll is gone")

    export_polls: int = option(2, "how often the status of a content export is asked for until it is done")
    report_polls: int = option(1, "the same of a reporting export")
    export_seconds: float = option(0.0, "time that an export takes at least")
    export_format: str = option(
        "zip", "what the file of a content export is; the last two have no more than receipts", choices=ARCHIVES
    )
    export_encoding: str = option(
        "none", "its Content-Encoding: a true gzip around it, or a zip that is none", choices=("none", "gzip", "zip")
    )
    export_names: str = option("observed", "how the files in it are named", choices=NAMES)
    export_times: str = option("seconds", "the form of times in it", choices=TIMES)
    export_events: str = option(
        "all", "whether it has all events of its receipts, or only those within its range", choices=("all", "range")
    )
    export_expiry: float = option(172_800.0, "time after which the file of an export is gone")
    expired_status: int = option(404, "how a file that is gone is answered", choices=(404, 410))
    report_format: str = option("csv", "what the file of a reporting export is", choices=("csv", "gzip"))
    report_headers: str = option("simple", "the ids in its header", choices=("simple", "qualified"))
    report_zone: str = option("utc", "the zone of the times in it", choices=("utc", "workspace"))
    report_bom: bool = option(False, "it begins with a byte order mark")
    report_retention: int = option(730, "days of figures that can be exported, 0 for all")

    rate_limit: int = option(1667, "requests allowed per 10-second window, 0 for no limit")
    other_clients: float = option(0.0, "share of each window's limit that other apps consume, 0 to 1")
    reset_late: int = option(6, "how long after the end of its window X-RateLimit-Reset points")
    without_scope: tuple[str, ...] = option((), "a scope that the token lacks; repeatable")
    app_version: str = option("2.11", "API version that the app is set to: of requests that name none")
    newest_version: str = option("2.17", "newest API version that the workspace may use", choices=tuple(SERVED))
    refused_parameter: tuple[str, ...] = option((), "a query parameter that is refused on every path; repeatable")
    parameter_refusal: str = option(
        "forbidden", "how it is refused: 403 forbidden or 400 parameter_invalid", choices=("forbidden", "invalid")
    )

    search_latency: float = option(0.0, "time before each POST is answered")
    get_latency: float = option(0.0, "time before each GET is answered")
    jitter: float = option(0.0, "random time of up to that much on top of each latency")

    def __post_init__(self) -> None:
        ZoneInfo(self.timezone)
        if date.fromisoformat(self.first_day) > date.fromisoformat(self.last_day):
            raise ValueError("first_day is after last_day")
        if self.admins < 2:
            raise ValueError("a workspace has at least two admins: a person and the Fin bot")
        if not 0 <= self.other_clients <= 1:
            raise ValueError("other_clients is a share from 0 to 1")


def with_tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of settings, with those of repeatable ones as tuples."""
    repeatable = {each.name for each in fields(Settings) if isinstance(each.default, tuple)}
    return {name: tuple(value) if name in repeatable else value for name, value in values.items()}


def parse(arguments: Sequence[str] | None = None) -> Settings:
    """Settings from command-line arguments; leaves with a message when they are wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m intercom_sandbox",
        description="A local Intercom with generated data; prints one JSON line with url and access token when ready.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    for each in fields(Settings):
        flag = "--" + each.name.replace("_", "-")
        if isinstance(each.default, tuple):
            parser.add_argument(flag, action="append", default=[], metavar="NAME", help=each.metadata["help"])
        elif isinstance(each.default, bool):
            parser.add_argument(flag, action="store_true", help=each.metadata["help"])
        else:
            parser.add_argument(flag, type=type(each.default), default=each.default, **each.metadata)
    values = vars(parser.parse_args(arguments))
    try:
        return Settings(**with_tuples(values))
    except (ValueError, KeyError) as error:
        parser.error(str(error))
