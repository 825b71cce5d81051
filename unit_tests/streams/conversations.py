"""Conversations that a search finds, and whose parts are whose."""

from requests_mock import Mocker

from unit_tests.builders import URL, Json, SearchServer

SEARCH = f"{URL}conversations/search"


def serve(mocker: Mocker, *conversations: Json) -> SearchServer:
    """A search that finds conversations, and each of them by its id."""
    server = SearchServer("conversations", conversations)
    mocker.post(SEARCH, json=server)
    for one in conversations:
        mocker.get(f"{URL}conversations/{one['id']}", json=one)
    return server


def parents(records: list[Json]) -> list[str]:
    """The conversation of each part."""
    return [record["conversation_id"] for record in records]
