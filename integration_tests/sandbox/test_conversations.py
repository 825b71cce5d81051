"""Conversations: lists leave the parts out, single ones carry the newest 500."""

import pytest

from integration_tests.sandbox.api import EVERYTHING, Api, Object, error

SETTINGS = {"contacts": 30, "companies": 5, "tickets": 20}


def sized(api: Api, size: int) -> Object:
    """The conversation with that many real parts, read alone."""
    for item in api.sandbox.truth("conversations"):
        if item["statistics"] and item["statistics"]["count_conversation_parts"] == size + 1:
            conversation: Object = api.get(f"/conversations/{item['id']}").json()
            return conversation
    raise AssertionError(f"No conversation of {size} parts")


def test_lists_have_no_key_for_parts(api: Api) -> None:
    items = api.found("conversations", EVERYTHING) + api.get("/conversations").json()["conversations"]
    assert not any("conversation_parts" in item for item in items)


@pytest.mark.parametrize("size", [0, 1, 500])
def test_up_to_500_parts_are_served_whole(api: Api, size: int) -> None:
    parts = sized(api, size)["conversation_parts"]
    assert parts["type"] == "conversation_part.list"
    assert len(parts["conversation_parts"]) == parts["total_count"] == size


def test_of_more_parts_the_newest_500_are_served(api: Api) -> None:
    conversation = sized(api, 800)
    parts = conversation["conversation_parts"]
    assert len(parts["conversation_parts"]) == parts["total_count"] == 500
    assert parts["conversation_parts"][-1]["created_at"] == conversation["updated_at"]


def test_parts_ascend_by_time_and_by_id(api: Api) -> None:
    parts = sized(api, 800)["conversation_parts"]["conversation_parts"]
    places = [(part["created_at"], int(part["id"])) for part in parts]
    assert places == sorted(places)
    assert [int(part["id"]) for part in parts] == sorted(int(part["id"]) for part in parts)


def test_a_single_conversation_is_the_list_item_with_parts(api: Api) -> None:
    item = api.sandbox.truth("conversations")[5]
    single = api.get(f"/conversations/{item['id']}").json()
    assert single.pop("conversation_parts")
    assert single == {key: value for key, value in item.items() if key not in ("monitor_evaluations", "scorecards")}


def test_a_deleted_conversation_is_a_json_404_or_a_bare_page(api: Api) -> None:
    ids = [item["id"] for item in api.sandbox.truth("conversations")]
    even, odd = next(i for i in ids if int(i) % 2 == 0), next(i for i in ids if int(i) % 2)
    api.sandbox.mutate("delete", ids=[even, odd])
    assert error(api.get(f"/conversations/{even}")) == (404, "not_found")
    page = api.get(f"/conversations/{odd}")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "nginx" in page.text
    assert "x-ratelimit-limit" not in page.headers


def test_conversations_one_by_one_deliver_the_parts(api: Api) -> None:
    parts = []
    for conversation in api.sandbox.truth("conversations"):
        body = api.get(f"/conversations/{conversation['id']}").json()
        parent = {"conversation_id": body["id"], "conversation_updated_at": body["updated_at"]}
        parts += [part | parent for part in body["conversation_parts"]["conversation_parts"]]
    assert parts == api.sandbox.truth("conversation_parts")
