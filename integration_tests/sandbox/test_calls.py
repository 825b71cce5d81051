"""Searches for calls by their conversations."""

import pytest

from integration_tests.sandbox.api import Api, error

SETTINGS = {"contacts": 5, "companies": 5, "conversations": 0, "tickets": 0}


def test_a_search_brings_all_calls_of_its_conversations_with_what_was_said(api: Api) -> None:
    calls = {call["id"]: call for call in api.sandbox.truth("calls")}
    wanted = sorted({call["conversation_id"] for call in calls.values() if call["conversation_id"]})
    assert len(wanted) > 20
    found = [
        call
        for start in range(0, len(wanted), 20)
        for call in api.post("/calls/search", {"conversation_ids": wanted[start : start + 20]}).json()["data"]
    ]
    beside = {"transcript", "transcript_status"}
    assert all({name: call[name] for name in call if name not in beside} == calls[call["id"]] for call in found)
    assert {call["id"] for call in found} == {each for each, call in calls.items() if call["conversation_id"]}
    said = {(call["id"], index): turn for call in found for index, turn in enumerate(call["transcript"])}
    truth = {(row["call_id"], row["index"]): row["turn"] for row in api.sandbox.truth("call_transcripts")}
    assert said == truth
    assert [] in [call["transcript"] for call in found]
    assert {} in said.values()


@pytest.mark.parametrize("body", [{}, {"conversation_ids": []}, {"conversation_ids": ["1"] * 21}, []])
def test_other_numbers_of_conversations_are_refused(api: Api, body: object) -> None:
    assert error(api.post("/calls/search", body)) == (400, "conversation_id_limit_exceeded")


def test_conversations_without_calls_have_none(api: Api) -> None:
    assert api.post("/calls/search", {"conversation_ids": ["1"]}).json() == {"type": "list", "data": []}
