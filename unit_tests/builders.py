"""Intercom's objects and answers, made from the examples in `unit_tests/examples`, and what reads them."""

import base64
import copy
import json
import logging
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import requests
from airbyte_cdk.models import AirbyteMessage, AirbyteStream, ConfiguredAirbyteCatalog, EstimateType, SyncMode, Type
from airbyte_cdk.sources.message import InMemoryMessageRepository
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.test.catalog_builder import CatalogBuilder, ConfiguredAirbyteStreamBuilder
from requests_mock import Mocker

from source_intercom.config import Config
from source_intercom.read.families import families
from source_intercom.read.partitions import TaskPartitions
from source_intercom.source import SourceIntercom
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.context import StreamContext, connected

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

URL = "https://api.intercom.io/"
TOKEN = "dG9rOjk4NzY1NDMyMTA="
NOW = 1_735_689_600 + 12 * 3600 + 34  # 2025-01-01T12:00:34Z
START = 1_704_067_200  # 2024-01-01T00:00:00Z
PAGE = 150

Json = dict[str, Any]


# The connection


def config(**changes: Any) -> Json:
    """A config in today's shape, with fields changed; times are Unix seconds, as most tests count in them."""
    credentials = {"auth_type": "AccessToken", "access_token": TOKEN}
    return {"credentials": credentials, "start_date": "2024-01-01T00:00:00Z", "time_format": "unix", **changes}


def context(**changes: Any) -> StreamContext:
    """What streams are given, for a config with fields changed."""
    return connected(Config.parse(config(**changes)), InMemoryMessageRepository())


def me(timezone: str | None = "UTC", region: str = "US") -> Json:
    """The answer to `GET /me`."""
    app: Json = {"type": "app", "id_code": "abc123", "name": "Acme", "region": region}
    if timezone is not None:
        app["timezone"] = timezone
    return {"type": "admin", "id": "1", "email": "a@b.test", "app": app}


# Objects


@cache
def _text(name: str) -> str:
    return (Path(__file__).parent / "examples" / f"{name}.json").read_text(encoding="utf-8")


def example(name: str) -> Json:
    """One of the response examples."""
    value: Json = json.loads(_text(name))
    return value


def contact(number: int, updated_at: Any, **fields: Any) -> Json:
    """A contact."""
    return {**example("contact"), "id": f"{number:024x}", "updated_at": updated_at, **fields}


def conversation(number: int, updated_at: Any, **fields: Any) -> Json:
    """A conversation as the search returns it, without parts."""
    return {
        **example("conversations_search")["conversations"][0],
        "id": str(number),
        "updated_at": updated_at,
        **fields,
    }


def whole_conversation(number: int, updated_at: int, parts: int, counted: int | None = None) -> Json:
    """A conversation as `GET /conversations/{id}` returns it, with parts; `counted` parts by its statistics."""
    found = conversation(number, updated_at)
    found["statistics"] = {"count_conversation_parts": parts + 1 if counted is None else counted}
    one = example("conversation")["conversation_parts"]["conversation_parts"][0]
    many = [{**copy.deepcopy(one), "id": number * 1000 + index} for index in range(parts)]
    found["conversation_parts"] = {
        "type": "conversation_part.list",
        "conversation_parts": many,
        "total_count": parts,
    }
    return found


def ticket(number: int, updated_at: Any, **fields: Any) -> Json:
    """A ticket."""
    return {**example("tickets_search")["tickets"][0], "id": str(number), "updated_at": updated_at, **fields}


def company(number: int, **fields: Any) -> Json:
    """A company."""
    return {**example("companies_scroll")["data"][0], "id": f"{number:024x}", **fields}


def article(number: int, **fields: Any) -> Json:
    """An article."""
    return {**example("articles")["data"][0], "id": str(number), **fields}


# Answers


def error_list(code: str, message: str = "") -> Json:
    """Intercom's error body."""
    return {"type": "error.list", "request_id": "r", "errors": [{"code": code, "message": message}]}


def scroll_page(*companies: Json, scroll_param: str = "43cc3160") -> Json:
    """A page of the companies' scroll."""
    return {**example("companies_scroll"), "data": list(companies), "scroll_param": scroll_param}


def articles_page(articles: list[Json], page: int, total_pages: int, total: int) -> Json:
    """A page of articles; the last one has no `next`."""
    pages: Json = {"type": "pages", "page": page, "per_page": 250, "total_pages": total_pages}
    if page < total_pages:
        pages["next"] = f"https://elsewhere.test/articles?page={page + 1}"
    return {"type": "list", "data": articles, "total_count": total, "pages": pages}


def response(status: int, body: Any = None, text: str | None = None) -> requests.Response:
    """An answer, with a JSON body or a text."""
    answer = requests.Response()
    answer.status_code = status
    answer._content = (json.dumps(body) if text is None else text).encode()
    return answer


class SearchServer:
    """Answers searches as Intercom does: filters, sorts, counts and pages; no `next` on the last page.

    Bounds are strict unless `inclusive`; with a `zone` they are whole days of it. Requests' bodies are kept. Records
    whose ids are in `fresh` show that time, and stand where the index has them. A page that would hold one of the ids
    in `bad` is answered with that status. Those in `gone` are not found by their ids any more. Every segment holds all.
    """

    def __init__(
        self,
        key: str,
        records: Iterable[Json],
        inclusive: bool = False,
        zone: tzinfo | None = None,
        largest_page: int = PAGE,
    ) -> None:
        self.key = key
        self.stored = list(records)
        self.inclusive = inclusive
        self.zone = zone
        self.largest_page = largest_page
        self.bodies: list[Json] = []
        self.fresh: dict[str, int] = {}
        self.bad: dict[str, int] = {}
        self.gone: set[str] = set()

    def __call__(self, request: "Request", answer: "Context") -> Json:
        """The answer to a search."""
        asked = request.json()
        self.bodies.append(asked)
        paging = asked["pagination"]
        if paging["per_page"] > self.largest_page:
            answer.status_code = 504
            return {}
        if asked["query"].get("field") == "segment_id":
            return {"type": "list", self.key: self.stored, "total_count": len(self.stored), "pages": {"type": "pages"}}
        if asked["query"].get("field") == "id":
            found = [record for record in self.stored if record["id"] == asked["query"]["value"] not in self.gone]
            return {"type": "list", self.key: found, "total_count": len(found), "pages": {"type": "pages"}}
        of_all = any if asked["query"]["operator"] == "OR" else all
        found = sorted(
            (record for record in self.stored if of_all(self._matches(record, one) for one in asked["query"]["value"])),
            key=_sort_key,
            reverse=asked["sort"]["order"] == "descending",
        )
        start = 0
        if "starting_after" in paging:
            last = json.loads(base64.b64decode(paging["starting_after"]))
            start = next((n for n, record in enumerate(found, 1) if _sort_key(record) == tuple(last)), len(found))
        page = found[start : start + paging["per_page"]]
        refusals = [self.bad[record["id"]] for record in page if record["id"] in self.bad]
        if refusals:
            answer.status_code = refusals[0]
            return error_list("not_found", "Conversation not found. It was deleted.")
        pages: Json = {"type": "pages", "page": 1, "per_page": paging["per_page"]}
        if page and start + len(page) < len(found):
            cursor = base64.b64encode(json.dumps(_sort_key(page[-1])).encode()).decode()
            pages["next"] = {"page": 2, "starting_after": cursor}
        shown = [{**record, "updated_at": self.fresh.get(record["id"], record["updated_at"])} for record in page]
        return {"type": "list", self.key: shown, "total_count": len(found), "pages": pages}

    @property
    def pages(self) -> list[Json]:
        """The bodies of the requests that asked for more than a count."""
        return [body for body in self.bodies if body["pagination"]["per_page"] > 1]

    def _matches(self, record: Json, condition: Json) -> bool:
        assert condition["operator"] in ("<", ">"), "dates know no other operators"
        if record.get(condition["field"]) is None:
            return False
        mine, asked = self._comparable(record[condition["field"]]), self._comparable(condition["value"])
        if self.inclusive and mine == asked:
            return True
        return mine > asked if condition["operator"] == ">" else mine < asked

    def _comparable(self, second: int) -> int:
        return second if self.zone is None else day_of(second, self.zone).toordinal()


def _sort_key(record: Json) -> tuple[int, str]:
    return record["updated_at"], str(record["id"])


def day_of(second: int, zone: tzinfo) -> date:
    """The day of the zone that a second falls in: what Intercom cuts dates to."""
    return datetime.fromtimestamp(second, zone).date()


def serve_tickets(mocker: Mocker, records: list[Json], **options: Any) -> SearchServer:
    """A search that finds tickets."""
    server = SearchServer("tickets", records, **options)
    mocker.post(f"{URL}tickets/search", json=server)
    return server


def tickets_every(step: int, count: int, last: int = NOW) -> list[Json]:
    """Tickets that end at `last`, one every `step` seconds."""
    return [ticket(number, last - step * (count - 1 - number)) for number in range(count)]


# Discovering


def discovered(**changes: Any) -> list[AirbyteStream]:
    """The streams of a workspace without figures, in a process of which nothing reaches the network."""
    with Mocker() as mocker:
        mocker.get(f"{URL}export/reporting_data/get_datasets", json={"type": "list", "data": []})
        found = SourceIntercom().discover(logging.getLogger("airbyte"), config(**changes))
    streams: list[AirbyteStream] = found.streams
    return streams


# Reading


def read(
    stream: IntercomStream, state: Mapping[str, Any] | None = None, records: list[Json] | None = None
) -> list[Json]:
    """The records of a stream, read as the CDK does, by one worker; its messages stay in the repository.

    Records are put into `records` as they come, so that they are there when the reading fails.
    """
    records = [] if records is None else records
    cursor = stream.new_cursor(state)
    for partition in partitions(stream):
        for record in partition.read():
            records.append(dict(record.data))
            cursor.observe(record)
        cursor.close_partition(partition)
    cursor.ensure_at_least_one_state_emitted()
    return records


def partitions(stream: IntercomStream) -> Iterable[Partition]:
    """The partitions of a stream that is read alone, which end when all of them are read."""
    return TaskPartitions(families([stream])[stream.name], stream, stream.context.reports).generate()


def ids(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of records."""
    return [record["id"] for record in records]


def messages(stream: IntercomStream) -> list[AirbyteMessage]:
    """What a stream has put into its message repository."""
    return list(stream.context.messages.consume_queue())


def states(sent: Iterable[AirbyteMessage]) -> list[Json]:
    """The states of all state messages, in order."""
    return [
        orjson.loads(orjson.dumps(message.state.stream.stream_state.__dict__))
        for message in sent
        if message.type == Type.STATE and message.state and message.state.stream and message.state.stream.stream_state
    ]


def estimates(sent: Iterable[AirbyteMessage]) -> list[tuple[str, int | None]]:
    """The streams and rows of all estimates, in order."""
    told = [message.trace.estimate for message in sent if message.type == Type.TRACE and message.trace]
    return [(one.name, one.row_estimate) for one in told if one and one.type == EstimateType.STREAM]


def catalog(*names: str, mode: SyncMode = SyncMode.full_refresh) -> ConfiguredAirbyteCatalog:
    """A configured catalog with streams in one mode."""
    builder = CatalogBuilder()
    for name in names:
        builder.with_stream(ConfiguredAirbyteStreamBuilder().with_name(name).with_sync_mode(mode))
    return builder.build()
