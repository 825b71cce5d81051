from typing import TYPE_CHECKING, Any

import pytest
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.read import ids
from source_intercom.read.ids import IdSet
from source_intercom.streams.calls import CallTranscripts
from source_intercom.streams.context import StreamContext
from unit_tests.builders import URL, Json, error_list, example, read
from unit_tests.syncs import records, sync

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

CALL = example("calls")["data"][0]


class Calls:
    """Calls, each with a conversation and a transcript, all listed on one page; `late` ones only the list has."""

    def __init__(self, mocker: Mocker, calls: dict[str, tuple[Any, Any]], late: tuple[str, ...] = ()) -> None:
        self.calls = calls
        self.late = late
        self.asked: list[list[str]] = []
        rows = [{**CALL, "id": name, "conversation_id": of} for name, (of, _) in calls.items()]
        pages = {"type": "pages", "page": 1, "per_page": 25, "total_pages": 1}
        mocker.get(f"{URL}calls", json={"data": rows, "total_count": len(rows), "pages": pages})
        mocker.post(f"{URL}calls/search", json=self._search)

    def _search(self, request: "Request", answer: "Context") -> Json:
        wanted = request.json()["conversation_ids"]
        self.asked.append(wanted)
        if not 1 <= len(wanted) <= 20:
            answer.status_code = 400
            return error_list("conversation_id_limit_exceeded")
        found = [
            {**CALL, "id": name, "conversation_id": of, "transcript": said, "transcript_status": "completed"}
            for name, (of, said) in self.calls.items()
            if str(of) in wanted and name not in self.late
        ]
        return {"type": "list", "data": found}


def turns(rows: list[Json]) -> list[tuple[str, int, Any]]:
    return [(row["call_id"], row["index"], row.get("turn")) for row in rows]


def test_each_turn_is_a_row_that_names_its_call_and_its_place(context: StreamContext, requests_mock: Mocker) -> None:
    said = [{"speaker": "User", "text": "Hi"}, {}]
    Calls(requests_mock, {"1": ("7", said), "2": ("8", []), "3": ("9", [{"text": "Bye"}])})
    rows = read(CallTranscripts(context))
    assert turns(rows) == [("1", 0, said[0]), ("1", 1, {}), ("3", 0, {"text": "Bye"})]
    assert (rows[0]["conversation_id"], rows[0]["transcript_status"]) == ("7", "completed")


def test_conversations_are_searched_twenty_at_a_time_and_each_once(
    context: StreamContext, requests_mock: Mocker
) -> None:
    calls = Calls(requests_mock, {str(n): (str(n % 45), [{"n": n}]) for n in range(90)})
    assert len(read(CallTranscripts(context))) == 90
    assert [len(asked) for asked in calls.asked] == [20, 20, 5]
    assert len({each for asked in calls.asked for each in asked}) == 45


def test_a_call_that_its_conversation_got_after_the_search_is_searched_for_again(
    context: StreamContext, requests_mock: Mocker
) -> None:
    calls = Calls(requests_mock, {str(n): (str(n), [{}]) for n in range(20)} | {"new": ("0", [{}])}, late=("new",))
    assert len(read(CallTranscripts(context))) == 20
    assert calls.asked[1:] == [["0"]]
    assert context.reports.count("call_transcripts", report.GONE) == 1


def test_calls_without_a_conversation_are_not_searched_for(context: StreamContext, requests_mock: Mocker) -> None:
    calls = Calls(requests_mock, {"1": (None, [{}]), "2": ("", [{}])})
    assert read(CallTranscripts(context)) == []
    assert calls.asked == []


def test_a_conversation_may_be_named_by_a_number(context: StreamContext, requests_mock: Mocker) -> None:
    calls = Calls(requests_mock, {"1": (7, [{}])})
    assert len(read(CallTranscripts(context))) == 1
    assert calls.asked == [["7"]]


@pytest.mark.parametrize("transcript", [None, "text", {}, 5])
def test_what_is_no_list_of_turns_has_none(transcript: object, context: StreamContext, requests_mock: Mocker) -> None:
    Calls(requests_mock, {"1": ("7", transcript)})
    assert read(CallTranscripts(context)) == []


def test_a_turn_that_is_no_object_is_null_and_counted(context: StreamContext, requests_mock: Mocker) -> None:
    Calls(requests_mock, {"1": ("7", ["Hello?", {}])})
    assert turns(read(CallTranscripts(context))) == [("1", 0, None), ("1", 1, {})]
    assert context.reports.count("call_transcripts", report.MISFITS) == 1


def test_calls_are_read_beside_their_transcripts(requests_mock: Mocker) -> None:
    Calls(requests_mock, {"1": ("7", [{}]), "2": ("7", [{}])})
    output = sync("calls", "call_transcripts")
    assert [row["id"] for row in records(output, "calls")] == ["1", "2"]
    assert turns(records(output, "call_transcripts")) == [("1", 0, {}), ("2", 0, {})]


def test_a_check_searches_for_one_call(context: StreamContext, requests_mock: Mocker) -> None:
    calls = Calls(requests_mock, {"1": ("7", [{}]), "2": ("8", [{}])})
    CallTranscripts(context).probe()
    assert calls.asked == [["7"]]
    requests_mock.post(f"{URL}calls/search", status_code=403, json=error_list("forbidden"))
    with pytest.raises(AirbyteTracedException, match="lacks a permission"):
        CallTranscripts(context).probe()


def test_an_id_is_known_whether_it_is_in_memory_or_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "MEMORY_IDS", 1)
    known = IdSet()
    assert "a" not in known
    assert known.add("a")
    assert known.add("b")
    assert "a" in known
    assert "b" in known
    assert "c" not in known
