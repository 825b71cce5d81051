"""Streams that read in ways of their own: their example rows, and how a small workspace serves them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from unit_tests import own_exports
from unit_tests.builders import NOW, URL, Json, contact, example, me

if TYPE_CHECKING:  # some are names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

    from unit_tests.syncs import Workspace

Place = tuple[str | int, ...]


class OwnWay(NamedTuple):
    """What the contract of a stream cannot say.

    `examples`  example rows, as Intercom's answers have them, with the fields of their key
    `rows`      what a whole read of a workspace brings; serves what is not served yet
    `bodies`    what a stream that is read alone is answered, by route
    `place`     the route of its rows among these, and their place in the answer
    """

    examples: Callable[[], list[Json]]
    rows: Callable[["Workspace"], list[Json]]
    bodies: Callable[[], Mapping[str, Any]]
    place: tuple[str, Place]


def _contacts() -> Json:
    pages = {"type": "pages", "page": 1, "per_page": 150, "total_pages": 1}
    found = [contact(number, NOW - 5000 + number) for number in (1, 2)]
    return {"type": "list", "data": found, "total_count": len(found), "pages": pages}


CONTACT_SEGMENTS: Final = OwnWay(
    lambda: [{"segment_id": "1", "contact_id": each["id"]} for each in _contacts()["data"]],
    lambda workspace: [
        {"segment_id": segment["id"], "contact_id": contact["id"]}
        for segment in workspace.rows["segments"]
        for contact in workspace.rows["contacts"]
    ],
    lambda: {
        "segments": {"type": "segment.list", "segments": example("segments")["segments"][:1]},
        "contacts/search": _contacts(),
    },
    ("contacts/search", ("data",)),
)

TURNS: Final = [{"speaker": "Teammate 1", "text": "Hello?", "start": 3}, {}]


def _transcribed() -> Json:
    """Calls as their search shows them; it leaves the contents of turns open."""
    shown = {"type": "call", "id": "123", "conversation_id": "456", "transcript_status": "completed"}
    return {"type": "list", "data": [{**shown, "transcript": TURNS}]}


def _turns(call: Json) -> list[Json]:
    return [
        {"call_id": call["id"], "index": index, "conversation_id": call["conversation_id"], "turn": turn}
        for index, turn in enumerate(TURNS)
    ]


def _serve_calls(workspace: "Workspace") -> list[Json]:
    calls = [call for call in workspace.rows["calls"] if call["conversation_id"]]
    body = {"data": [{**call, "transcript": TURNS, "transcript_status": "completed"} for call in calls]}
    workspace.mocker.post(f"{URL}calls/search", json=body)
    return [row for call in calls for row in _turns(call)]


CALL_TRANSCRIPTS: Final = OwnWay(
    lambda: _turns(_transcribed()["data"][0]),
    _serve_calls,
    lambda: {
        "calls": {**example("calls"), "data": example("calls")["data"][:1], "total_count": 1},
        "calls/search": _transcribed(),
    },
    ("calls/search", ("data", 0, "transcript")),
)


def _results() -> Json:
    """The last page of the results of a data connector, of a time that has passed."""
    page = example("data_connector_results")
    rows = [{**row, "created_at": NOW - 5000 + number} for number, row in enumerate(page["data"])]
    return {**page, "data": rows, "pages": {"type": "pages", "per_page": 30, "next": None}}


def _serve_results(workspace: "Workspace") -> list[Json]:
    """The connectors have results in turn, at the seconds of the rows with a cursor."""
    connectors = workspace.rows["data_connectors"]
    one = _results()["data"][0]
    found = [
        {
            **one,
            "id": str(number),
            "created_at": second,
            "data_connector_id": connectors[number % len(connectors)]["id"],
        }
        for number, second in enumerate(workspace.times)
    ]

    def answer(request: "Request", context: "Context") -> Json:
        of_connector = [row for row in found if row["data_connector_id"] == request.path.split("/")[2]]
        first, last = (
            int(request.qs.get(name, [default])[0]) for name, default in (("start_ts", NOW - 3600), ("end_ts", NOW))
        )
        return {**_results(), "data": [row for row in of_connector if first <= row["created_at"] <= last]}

    for connector in connectors:
        workspace.mocker.get(f"{URL}data_connectors/{connector['id']}/execution_results", json=answer)
    return found


DATA_CONNECTOR_RESULTS: Final = OwnWay(
    lambda: _results()["data"],
    _serve_results,
    lambda: {
        "data_connectors": {**example("data_connectors"), "data": example("data_connectors")["data"][:1]},
        "data_connectors/12345/execution_results": _results(),
    },
    ("data_connectors/12345/execution_results", ("data",)),
)

TYPES: Final = ("Test_Object", "Order")
"""The types of custom objects that the example's attributes refer to."""


def _instances(type_: str) -> Json:
    page = example("custom_object_instances")
    return {**page, "data": [{**row, "type": type_} for row in page["data"]]}


def _serve_instances(workspace: "Workspace") -> list[Json]:
    """Each type that is known has the same instances."""
    for name in TYPES:
        workspace.mocker.get(f"{URL}custom_object_instances/{name}", json=_instances(name))
    return [row for name in TYPES for row in _instances(name)["data"]]


CUSTOM_OBJECT_INSTANCES: Final = OwnWay(
    lambda: _instances("Order")["data"],
    _serve_instances,
    lambda: {
        "conversations/attributes": {
            "type": "list",
            "data": [{"id": 6, "data_type": "relationship", "reference": {"type": "many", "object_type_id": "Order"}}],
        },
        "contacts/search": _contacts(),
        "conversations/search": {"type": "conversation.list", "conversations": [], "total_count": 0},
        "me": me(),
        "custom_object_instances/Order": _instances("Order"),
    },
    ("custom_object_instances/Order", ("data",)),
)


def _events(contact_id: str, second: int, count: int) -> list[Json]:
    """Events of a contact, as the list shows them."""
    (event, *_) = example("contact_events")["events"]
    return [{**event, "created_at": second - number, "intercom_user_id": contact_id} for number in range(count)]


def _rows_of(contact_id: str, events: list[Json], active_at: int) -> list[Json]:
    return [{**event, "contact_id": contact_id, "index": 0, "contact_active_at": active_at} for event in events]


def _serve_events(workspace: "Workspace") -> list[Json]:
    """Two events of each contact, which was not seen since it was updated."""
    found = {row["id"]: _events(row["id"], row["updated_at"], 2) for row in workspace.rows["contacts"]}

    def answer(request: "Request", context: "Context") -> Json:
        return {**example("contact_events"), "events": found[request.qs["intercom_user_id"][0]], "pages": {}}

    workspace.mocker.get(f"{URL}events", json=answer)
    return [
        row
        for contact in workspace.rows["contacts"]
        for row in _rows_of(contact["id"], found[contact["id"]], contact["updated_at"])
    ]


CONTACT_EVENTS: Final = OwnWay(
    lambda: _rows_of("1", example("contact_events")["events"], NOW),
    _serve_events,
    lambda: {
        "me": me(),
        "contacts/search": {**_contacts(), "data": _contacts()["data"][:1], "total_count": 1},
        "events": {**example("contact_events"), "pages": {}},
    },
    ("events", ("events",)),
)


def _exported(stream: str) -> OwnWay:
    def serve(workspace: "Workspace") -> list[Json]:
        own_exports.serve(workspace)
        return own_exports.rows(stream, workspace.times)

    examples = partial(own_exports.rows, stream, [NOW - 5000, NOW - 4000])
    return OwnWay(examples, serve, own_exports.bodies, ("download/content/data/job1", ()))


OWN_WAYS: Final[Mapping[str, OwnWay]] = {
    "contact_events": CONTACT_EVENTS,
    "contact_segments": CONTACT_SEGMENTS,
    "data_connector_results": DATA_CONNECTOR_RESULTS,
    "call_transcripts": CALL_TRANSCRIPTS,
    "custom_object_instances": CUSTOM_OBJECT_INSTANCES,
    **{name: _exported(name) for name in ("message_receipts", "message_events", "survey_answers", "message_overview")},
}
"""By the name of the stream."""
