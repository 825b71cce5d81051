"""What a complete reader gets is what the control endpoint calls the truth."""

import pytest

from integration_tests.sandbox.api import EVERYTHING, Api, by_id
from intercom_sandbox.client import Sandbox

SETTINGS = {"contacts": 700, "conversations": 330, "parts": 3000, "tickets": 200, "companies": 250}


@pytest.mark.parametrize("stream", ["contacts", "conversations", "tickets"])
def test_search_delivers_the_truth(api: Api, stream: str) -> None:
    assert by_id(api.found(stream, EVERYTHING)) == by_id(api.sandbox.truth(stream))


@pytest.mark.parametrize(
    ("stream", "path", "key"),
    [("admins", "/admins?display_avatar=true", "admins"), ("teams", "/teams", "teams"), ("tags", "/tags", "data")],
)
def test_whole_lists_deliver_the_truth(api: Api, stream: str, path: str, key: str) -> None:
    assert api.get(path).json()[key] == api.sandbox.truth(stream)


def test_conversations_one_by_one_deliver_the_parts(api: Api) -> None:
    parts = []
    for conversation in api.sandbox.truth("conversations"):
        body = api.get(f"/conversations/{conversation['id']}").json()
        parent = {"conversation_id": body["id"], "conversation_updated_at": body["updated_at"]}
        parts += [part | parent for part in body["conversation_parts"]["conversation_parts"]]
    assert parts == api.sandbox.truth("conversation_parts")


def test_the_scroll_delivers_the_companies(api: Api) -> None:
    assert by_id(api.scroll()) == by_id(api.sandbox.truth("companies"))


def test_both_segment_lists_deliver_the_segments(api: Api) -> None:
    people = api.get("/segments?include_count=true").json()["segments"]
    companies = api.get("/segments?include_count=true&type=company").json()["segments"]
    assert by_id(people + companies) == by_id(api.sandbox.truth("segments"))


def test_both_models_deliver_the_data_attributes(api: Api) -> None:
    both = [
        each for model in ("contact", "company") for each in api.get(f"/data_attributes?model={model}").json()["data"]
    ]
    truth = api.sandbox.truth("data_attributes")
    assert len(both) == len(truth)
    assert all(each in truth for each in both)


def test_pages_deliver_the_articles(api: Api) -> None:
    articles, url = [], "/articles?per_page=7"
    while url:
        page = api.get(url).json()
        articles += page["data"]
        url = page["pages"].get("next", "").removeprefix(api.sandbox.url)
    assert by_id(articles) == by_id(api.sandbox.truth("articles"))


def test_counts_are_the_sizes_of_the_truth(sandbox: Sandbox) -> None:
    counts = sandbox.counts()
    assert counts == {stream: len(sandbox.truth(stream)) for stream in counts}
    assert (counts["contacts"], counts["conversations"], counts["tickets"]) == (700, 330, 200)


def test_an_unknown_stream_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(RuntimeError, match="404"):
        sandbox.truth("widgets")
