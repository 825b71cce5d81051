"""Rows that conversations, tickets and their parts carry: what is particular of each list."""

from types import SimpleNamespace
from typing import Any

import pytest
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.context import StreamContext
from source_intercom.streams.conversations import (
    ConversationAiSources,
    ConversationContacts,
    ConversationLinks,
    ConversationTags,
    ConversationTeammates,
    ConversationTopics,
    PartAttachments,
    PartEmailHeaders,
    PartTags,
)
from source_intercom.streams.tickets import TicketContacts, TicketLinks, TicketPartAttachments
from unit_tests.builders import (
    NOW,
    Json,
    conversation,
    messages,
    read,
    serve_tickets,
    states,
    ticket,
    whole_conversation,
)
from unit_tests.streams.conversations import serve

TIME = {"conversation_updated_at": NOW - 50}
FILE = {"type": "upload", "name": "a.png"}


def of_conversation(kind: type[IntercomStream], context: StreamContext, mocker: Mocker, **fields: Any) -> list[Json]:
    """The rows of a stream from one conversation with these fields."""
    serve(mocker, conversation(1, NOW - 50, **fields))
    return read(kind(context))


def of_part(kind: type[IntercomStream], context: StreamContext, mocker: Mocker, **fields: Any) -> list[Json]:
    """The rows of a stream from the second part of a conversation, which has these fields; the first one has none."""
    one = whole_conversation(1, NOW - 50, parts=2)
    bare = dict.fromkeys(("attachments", "tags", "email_message_metadata"))
    parts = one["conversation_parts"]["conversation_parts"]
    one["conversation_parts"]["conversation_parts"] = [{**parts[0], **bare}, {**parts[1], **bare, **fields}]
    serve(mocker, one)
    return read(kind(context))


@pytest.mark.parametrize("name", ["admins", "teammates"])
def test_teammates_come_under_the_name_of_the_wire_and_under_that_of_the_documentation(
    name: str, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    listed = {"type": "admin.list", name: [{"type": "admin", "id": 7}, None, {"type": "admin", "id": "8"}]}
    rows = of_conversation(ConversationTeammates, context, requests_mock, teammates=listed)
    assert rows == [{"conversation_id": "1", **TIME, "type": "admin", "id": each} for each in ("7", "8")]


def test_tags_keep_who_applied_them_and_when(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    tag = {"type": "tag", "id": "5", "name": "x", "applied_at": NOW - 60, "applied_by": {"type": "admin", "id": "7"}}
    rows = of_conversation(ConversationTags, context, requests_mock, tags={"type": "tag.list", "tags": [tag]})
    assert rows == [{"conversation_id": "1", **TIME, **tag}]


def test_a_source_that_the_ai_agent_used_twice_comes_twice(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    source = {"content_type": "article", "url": "/a", "title": "A", "locale": "en"}
    sources = {"type": "content_source.list", "content_sources": [source, source, {**source, "title": None}]}
    rows = of_conversation(ConversationAiSources, context, requests_mock, ai_agent={"content_sources": sources})
    assert [(row["index"], row["title"]) for row in rows] == [(0, "A"), (1, "A"), (2, None)]
    assert {row["conversation_id"] for row in rows} == {"1"}


@pytest.mark.parametrize("nothing", [None, {}, {"topics": None}, [], "none"])
def test_topics_that_are_not_there_are_none(
    nothing: object, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, conversation(1, NOW - 50, topics=nothing))
    stream = ConversationTopics(context)
    assert read(stream, {}) == []
    assert states(messages(stream))[-1] == TIME, "the state comes from the conversations"


def test_one_number_names_a_ticket_and_a_conversation_among_links(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    links = [{"type": kind, "id": 5, "category": None} for kind in ("ticket", "conversation")]
    rows = of_conversation(ConversationLinks, context, requests_mock, linked_objects={"type": "list", "data": links})
    assert [(row["type"], row["id"]) for row in rows] == [("ticket", "5"), ("conversation", "5")]


def test_a_link_without_its_type_is_skipped_and_counted(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    links = [{"id": "5"}, {"type": "ticket", "id": "6"}]
    rows = of_conversation(ConversationLinks, context, requests_mock, linked_objects={"data": links})
    assert [row["id"] for row in rows] == ["6"]
    assert context.reports.count("conversation_links", report.KEYLESS) == 1


@pytest.mark.parametrize(
    ("said", "lacking"),
    [
        ({"total_count": 1200, "has_more": True}, 1199),
        ({"total_count": 1, "has_more": True}, 1),
        ({"has_more": True}, 1),
        ({"total_count": 1200, "has_more": False}, 0),
        ({"total_count": 1, "has_more": False}, 0),
        ({}, 0),
    ],
)
def test_links_that_intercom_cuts_short_are_counted(
    said: Json, lacking: int, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    links = {"type": "list", "data": [{"type": "ticket", "id": "5", "category": None}], **said}
    serve(requests_mock, conversation(1, NOW - 50, linked_objects=links))
    serve_tickets(requests_mock, [ticket(1, NOW - 50, linked_objects=links)])
    for name, kind in (("conversation_links", ConversationLinks), ("ticket_links", TicketLinks)):
        assert len(read(kind(context))) == 1
        assert context.reports.count(name, report.CUT) == bool(lacking)
        assert context.reports.count(name, report.LACKING) == lacking


def test_contacts_of_conversations_and_of_tickets_name_both_sides(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    contacts = {"type": "contact.list", "contacts": [{"type": "contact", "id": "a", "external_id": 70}]}
    (row,) = of_conversation(ConversationContacts, context, requests_mock, contacts=contacts)
    assert row == {"conversation_id": "1", **TIME, "type": "contact", "id": "a", "external_id": "70"}
    serve_tickets(requests_mock, [ticket(633, NOW - 50, contacts=contacts)])
    (row,) = read(TicketContacts(context))
    assert (row["ticket_id"], row["id"], row["ticket_updated_at"]) == ("633", "a", NOW - 50)


def test_files_of_parts_are_counted_from_0_in_each_part(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    rows = of_part(
        PartAttachments, context, requests_mock, attachments=[FILE, FILE, {"name": "b.png", "filesize": "9"}]
    )
    same = {"part_id": "1001", "conversation_id": "1", **TIME}
    assert rows == [
        {**same, "index": 0, **FILE},
        {**same, "index": 1, **FILE},
        {**same, "index": 2, "name": "b.png", "filesize": 9},
    ]


def test_tags_and_headers_of_parts_name_their_part(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    headers = [{"type": kind, "email_address": "a@b.test", "name": None} for kind in ("from", "to")]
    fields = {
        "tags": [{"type": "tag", "id": 5, "name": "x"}],
        "email_message_metadata": {"email_address_headers": headers},
    }
    same = {"part_id": "1001", "conversation_id": "1", **TIME}
    assert of_part(PartTags, context, requests_mock, **fields) == [{**same, "type": "tag", "id": "5", "name": "x"}]
    assert of_part(PartEmailHeaders, context, requests_mock, **fields) == [
        {**same, "index": index, **header} for index, header in enumerate(headers)
    ]


def test_files_of_the_parts_of_tickets_name_part_and_ticket(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    parts = [{"id": 188, "attachments": [FILE, FILE]}, {"id": None, "attachments": [FILE]}, {"id": "189"}, None]
    sent = ticket(633, NOW - 50, ticket_parts={"type": "ticket_part.list", "ticket_parts": parts, "total_count": 9})
    serve_tickets(requests_mock, [sent])
    stream = TicketPartAttachments(context)
    same = {"ticket_part_id": "188", "ticket_id": "633", "ticket_updated_at": NOW - 50}
    assert read(stream, {}) == [{**same, "index": index, **FILE} for index in (0, 1)]
    assert states(messages(stream))[-1] == {"ticket_updated_at": NOW - 50}
    assert context.reports.count("ticket_part_attachments", report.KEYLESS) == 1, "a part without its id has none"
    assert context.reports.count("ticket_part_attachments", report.LACKING) == 5, "parts that Intercom does not return"
