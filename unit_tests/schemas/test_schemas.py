"""The JSON schemas keep their rules, and accept what the API sends.

The records are the response examples of Intercom's public OpenAPI description, version 2.16 (MIT), kept in
`unit_tests/examples`, and, where those are empty or null, small ones written here after the shapes seen on the wire.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "source_intercom" / "schemas"
EXAMPLES = ROOT / "unit_tests" / "examples"

STREAMS = sorted(path.stem for path in SCHEMAS.glob("*.json"))

# Stream: primary key, and the other fields that are always there (cursors, parents).
CONTRACTS: dict[str, tuple[list[str], list[str]]] = {
    "admins": (["id"], []),
    "articles": (["id"], []),
    "companies": (["id"], []),
    "contacts": (["id"], ["updated_at"]),
    "conversation_parts": (["id"], ["conversation_id", "conversation_updated_at"]),
    "conversations": (["id"], ["updated_at"]),
    "data_attributes": (["model", "full_name"], []),
    "segments": (["id"], []),
    "tags": (["id"], []),
    "teams": (["id"], []),
    "tickets": (["id"], ["updated_at"]),
}

# The words a schema may use. Anything else ($ref, oneOf, enum, format, …) could turn a record of Intercom away.
ROOT_WORDS = {"$schema", "x-primary-key", "required"}
WORDS = {"type", "description", "properties", "additionalProperties", "items"}

# Objects whose keys belong to the customer, to a language or to nobody we know: no properties are declared in them.
OPEN_OBJECTS = {
    "collected_data",
    "custom_attributes",
    "input_options",
    "sla_states",
    "ticket",
    "ticket_attributes",
    "translations",
}
# Objects with some keys declared and the rest customer- or language-defined.
HALF_OPEN_OBJECTS = {"translated_content"}


def load(stream: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((SCHEMAS / f"{stream}.json").read_text(encoding="utf-8"))
    return schema


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def types(node: dict[str, Any]) -> set[str]:
    declared = node["type"]
    return {declared} if isinstance(declared, str) else set(declared)


def nodes(schema: dict[str, Any], name: str = "", path: str = "$") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every subschema: the name of its property (an item has its array's name and []), its path, itself."""
    yield name, path, schema
    for key, child in schema.get("properties", {}).items():
        yield from nodes(child, key, f"{path}.{key}")
    if "items" in schema:
        yield from nodes(schema["items"], f"{name}[]", f"{path}[]")


def is_id(name: str) -> bool:
    return name == "id" or name.endswith("_id")


def cast_ids(value: Any, schema: dict[str, Any], name: str = "") -> Any:
    """Integer ids as strings, at the places where the schema says string and not number; everything else as it is."""
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return {key: cast_ids(item, properties.get(key, {}), key) for key, item in value.items()}
    if isinstance(value, list):
        one = name.removesuffix("s") if name.endswith("_ids") else name
        return [cast_ids(item, schema.get("items", {}), one) for item in value]
    if type(value) is int and is_id(name) and "type" in schema:
        allowed = types(schema)
        if "string" in allowed and not allowed & {"integer", "number"}:
            return str(value)
    return value


def undeclared(value: Any, schema: dict[str, Any], name: str = "", path: str = "$") -> Iterator[str]:
    """Paths of the keys of a record which its schema does not declare, customer-defined objects left aside."""
    if isinstance(value, dict):
        if name in OPEN_OBJECTS | HALF_OPEN_OBJECTS:
            return
        properties = schema.get("properties", {})
        for key, item in value.items():
            if key in properties:
                yield from undeclared(item, properties[key], key, f"{path}.{key}")
            else:
                yield f"{path}.{key}"
    elif isinstance(value, list):
        for item in value:
            yield from undeclared(item, schema.get("items", {}), name, f"{path}[]")


def errors(record: Any, schema: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft7Validator(schema).iter_errors(record)]


def example_records() -> dict[str, list[Any]]:
    conversation = example("conversation")
    parts = conversation.pop("conversation_parts")["conversation_parts"]
    parent = {"conversation_id": conversation["id"], "conversation_updated_at": conversation["updated_at"]}
    return {
        "admins": [*example("admins")["admins"], example("admin")],
        "articles": [*example("articles")["data"], example("article")],
        "companies": example("companies_scroll")["data"],
        "contacts": [*example("contacts_search")["data"], example("contact")],
        "conversation_parts": [{**part, **parent} for part in parts],
        "conversations": [*example("conversations_search")["conversations"], conversation],
        "data_attributes": example("data_attributes")["data"],
        "segments": example("segments")["segments"],
        "tags": example("tags")["data"],
        "teams": [*example("teams")["teams"], example("team")],
        "tickets": example("tickets_search")["tickets"],
    }


RECORDS = example_records()
EXAMPLE_CASES = [
    pytest.param(stream, record, id=f"{stream}-{number}")
    for stream, records in RECORDS.items()
    for number, record in enumerate(records)
]

ANYTHING = {
    "Copilot used": False,
    "Amount: EUR": 12.5,
    "count": 9,
    "id": 7,
    "owner_id": 8,
    "Name": "x",
    "Empty": None,
    "List": [1, "a", {"id": 2}],
    "Order": {"type": "order.list", "instances": [{"id": 1}]},
}
PARTIAL: list[tuple[str, str, dict[str, Any]]] = [
    ("admins", "bot", {"id": 1, "avatar": "https://a.test/1.png", "away_status_reason_id": 5, "team_ids": [814865]}),
    ("admins", "priorities", {"id": "1", "team_priority_level": {"primary_team_ids": [1], "secondary_team_ids": None}}),
    ("admins", "role", {"id": "1", "team_priority_level": {}, "role": {"type": "role", "id": 3, "name": "Agent"}}),
    ("articles", "ids", {"id": "1", "parent_ids": [18, 19], "audience_ids": [1], "created_by_id": 5, "author_id": 5}),
    (
        "articles",
        "locales",
        {
            "id": "1",
            "statistics": {"conversations": 0, "conversions": 0, "happy_reaction_percentage": 33.3},
            "translated_content": {
                "type": None,
                "id": {"title": "Indonesian", "author_id": 5},
                "pt-BR": {"title": "x"},
            },
        },
    ),
    ("companies", "plan", {"id": "a", "plan": {"type": "plan", "id": 269315, "name": "Pro"}, "monthly_spend": 155.5}),
    ("companies", "customer", {"id": "a", "custom_attributes": ANYTHING, "created_at": -1, "updated_at": 0}),
    (
        "companies",
        "lists",
        {
            "id": "a",
            "tags": {"type": "tag.list", "tags": [{"type": "tag", "id": 1, "name": "x"}]},
            "segments": {"type": "segment.list", "segments": [{"type": "segment", "id": "s", "count": None}]},
            "notes": {
                "type": "note.list",
                "notes": [{"id": 26, "company": {"id": "a"}, "author": {"id": 9, "team_ids": [4]}, "body": "<p></p>"}],
            },
        },
    ),
    ("contacts", "customer", {"id": "a", "updated_at": 1, "owner_id": 321, "custom_attributes": ANYTHING}),
    (
        "contacts",
        "lists",
        {
            "id": "a",
            "updated_at": 1,
            "tags": {"type": "list", "data": [{"type": "tag", "id": "1", "url": "/tags/1"}], "has_more": True},
            "avatar": {"type": "avatar", "image_url": None},
            "social_profiles": {"type": "list", "data": [{"type": "social_profile", "name": "X", "url": "https://x"}]},
            "merge_history": [{"type": "merge_history", "source_contact_id": "b", "merged_at": None}],
        },
    ),
    (
        "conversations",
        "wire",
        {
            "id": 215474207061545,
            "updated_at": 1778133222,
            "admin_assignee_id": 0,
            "team_assignee_id": None,
            "priority": "a new priority",
            "title": "",
            "source": None,
            "statistics": {"last_closed_by_id": 10553731, "assigned_team_first_response_time": [{"team_id": 100}]},
            "teammates": {"type": "admin.list", "admins": [{"type": "admin", "id": "10553731"}]},
            "custom_attributes": ANYTHING,
            "topics": {"type": "topic.list", "topics": [{"type": "topic", "id": 8, "name": "x"}], "total_count": 1},
            "ticket": {"id": 5, "anything": []},
        },
    ),
    (
        "conversations",
        "documented",
        {
            "id": "1",
            "updated_at": 1,
            "teammates": {"type": "admin.list", "teammates": [{"type": "admin", "id": None}]},
            "statistics": {"last_closed_by_id": "c3po"},
            "conversation_rating": {"rating": 5, "contact": {"id": "a"}, "teammate": {"type": "workflow"}},
            "company": {"id": "a", "plan": {}, "custom_attributes": ANYTHING},
            "linked_objects": {"data": [{"type": "ticket", "id": 7583, "category": None}]},
            "sales_agent": {"outcome": None, "collected_data": {"company.name": "Acme"}},
            "external_references": [{"type": "zendesk_ticket", "id": "3633338"}],
            "scorecards": [{"scorecard_id": "1", "score": 0.85, "evaluators": [{"result": {"reason_ids": ["101"]}}]}],
        },
    ),
    *(
        (
            "conversation_parts",
            f"event-{number}",
            {"id": number, "conversation_id": "1", "conversation_updated_at": 1, "event_details": details},
        )
        for number, details in enumerate(
            [
                {},
                {"workflow": {"name": "w"}, "attribute": {"name": "a"}, "value": {"name": "v", "previous": None}},
                {"action": {"name": "a", "result": "failed"}},
                {"workflow": {"name": "w"}, "event": {"type": "wait_finished", "result": "done"}},
                {"tags_added": ["a"], "tags_removed": []},
                {"until": "until tomorrow", "custom_until_time": "2025-09-03T18:44:20.146Z"},
            ]
        )
    ),
    (
        "conversation_parts",
        "quick-replies",
        {
            "id": "2",
            "conversation_id": "1",
            "conversation_updated_at": 1,
            "part_type": "a new part type",
            "author": {"type": "bot", "id": 278, "from_ai_agent": True, "is_ai_answer": False},
            "metadata": {"quick_reply_options": [{"text": "Hi", "uuid": "u", "translations": {"fr": "Salut"}}]},
            "email_message_metadata": {"email_address_headers": [{"type": "from", "email_address": "a@b.test"}]},
        },
    ),
    (
        "data_attributes",
        "options",
        {"model": "contact", "full_name": "custom_attributes.x", "id": 34, "options": ["a"]},
    ),
    ("segments", "count", {"id": "a", "person_type": "company", "count": 3}),
    ("tags", "applied", {"id": 1, "name": "x", "applied_at": 1, "applied_by": {"type": "contact", "id": "1a2b3c"}}),
    ("teams", "members", {"id": 814865, "admin_ids": [493881], "admin_priority_level": {"primary_admin_ids": [1]}}),
    (
        "tickets",
        "list-attribute",
        {
            "id": "1",
            "updated_at": 1,
            "ticket_id": 40,
            "snoozed_until": None,
            "ticket_attributes": ANYTHING,
            "previous_ticket_state_id": 7493,
            "ticket_type": {"ticket_type_attributes": {"ticket_type_attributes": [{"id": 1, "ticket_type_id": 2}]}},
            "ticket_parts": {
                "ticket_parts": [
                    {
                        "id": 188,
                        "updated_attribute_data": {
                            "attribute": {"type": "attribute", "id": 7, "label": "Files"},
                            "value": {"type": "value", "id": [1, 2], "label": ["a", "b"]},
                        },
                    },
                    {"id": "189", "updated_attribute_data": {"value": {"type": "value", "id": None, "label": "x"}}},
                ]
            },
        },
    ),
]
WIRE_CASES = [pytest.param(stream, record, id=f"{stream}-{name}") for stream, name, record in PARTIAL]


# The rules of the schemas


def test_the_streams_have_their_schemas() -> None:
    assert set(CONTRACTS) <= set(STREAMS)


@pytest.mark.parametrize("stream", STREAMS)
def test_schema_is_valid_draft_07(stream: str) -> None:
    schema = load(stream)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["type"] == "object"
    assert schema["description"]
    Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("stream", STREAMS)
def test_primary_key_is_declared_required_and_never_null(stream: str) -> None:
    schema = load(stream)
    key = schema["x-primary-key"]
    assert key
    assert len(key) == len(set(key))
    assert set(key) <= set(schema["required"])
    for field in schema["required"]:
        assert schema["properties"][field]["type"] in ("string", "integer"), field


@pytest.mark.parametrize("stream", sorted(CONTRACTS))
def test_primary_key_and_required_fields_are_the_streams_own(stream: str) -> None:
    schema = load(stream)
    key, others = CONTRACTS[stream]
    assert schema["x-primary-key"] == key
    assert schema["required"] == key + others


@pytest.mark.parametrize("stream", STREAMS)
def test_everything_else_may_be_null(stream: str) -> None:
    schema = load(stream)
    keys = {"$", *(f"$.{field}" for field in schema["required"])}
    assert [path for _, path, node in nodes(schema) if path not in keys and "null" not in types(node)] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_every_object_is_open(stream: str) -> None:
    closed = [
        path
        for _, path, node in nodes(load(stream))
        if ("object" in types(node) or "properties" in node) and node.get("additionalProperties") is not True
    ]
    assert closed == []


@pytest.mark.parametrize("stream", STREAMS)
def test_no_words_that_turn_records_away(stream: str) -> None:
    schema = load(stream)
    found = {path: set(node) - WORDS - (ROOT_WORDS if path == "$" else set()) for _, path, node in nodes(schema)}
    assert {path: words for path, words in found.items() if words} == {}


@pytest.mark.parametrize("stream", STREAMS)
def test_objects_and_arrays_say_what_is_in_them(stream: str) -> None:
    for name, path, node in nodes(load(stream)):
        if "array" in types(node):
            assert "items" in node, path
        if "object" in types(node):
            assert bool(node.get("properties")) == (name not in OPEN_OBJECTS), path


@pytest.mark.parametrize("stream", STREAMS)
def test_every_field_is_described(stream: str) -> None:
    assert [
        path for _, path, node in nodes(load(stream)) if not path.endswith("[]") and not node.get("description")
    ] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_ids_are_strings(stream: str) -> None:
    for name, path, node in nodes(load(stream)):
        if is_id(name):
            assert "string" in types(node), path
            assert not types(node) & {"integer", "number", "boolean", "object"}, path
        elif name.endswith("_ids"):
            assert types(node) == {"null", "array"}, path
            assert types(node["items"]) == {"null", "string"}, path


@pytest.mark.parametrize("stream", sorted(CONTRACTS))
def test_times_are_integer_seconds(stream: str) -> None:
    for name, path, node in nodes(load(stream)):
        if name.endswith("_at") or name in ("waiting_since", "snoozed_until"):
            assert types(node) - {"null"} == {"integer"}, path
            assert "Unix seconds" in node["description"], path


# The records


def test_every_stream_has_an_example() -> None:
    assert {stream for stream, records in RECORDS.items() if records} == set(CONTRACTS)


@pytest.mark.parametrize(("stream", "record"), EXAMPLE_CASES + WIRE_CASES)
def test_every_field_of_a_record_is_declared(stream: str, record: Any) -> None:
    assert list(undeclared(record, load(stream))) == []


@pytest.mark.parametrize(("stream", "record"), EXAMPLE_CASES + WIRE_CASES)
def test_record_is_valid_once_its_ids_are_strings(stream: str, record: Any) -> None:
    schema = load(stream)
    assert errors(cast_ids(record, schema), schema) == []


@pytest.mark.parametrize(("stream", "record"), EXAMPLE_CASES)
def test_record_with_unknown_fields_everywhere_is_valid(stream: str, record: Any) -> None:
    schema = load(stream)

    def grow(value: Any) -> Any:
        if isinstance(value, dict):
            return {**{key: grow(item) for key, item in value.items()}, "brand new": {"id": 1}}
        return [grow(item) for item in value] if isinstance(value, list) else value

    assert errors(cast_ids(grow(record), schema), schema) == []


@pytest.mark.parametrize(("stream", "record"), EXAMPLE_CASES)
def test_record_without_a_required_field_is_invalid(stream: str, record: Any) -> None:
    schema = load(stream)
    good = cast_ids(record, schema)
    for field in schema["required"]:
        lacking = copy.deepcopy(good)
        del lacking[field]
        assert errors(lacking, schema), field
        assert errors({**good, field: None}, schema), field


def test_integer_ids_are_cast_where_the_schema_says_string_and_nowhere_else() -> None:
    schema = load("conversations")
    record = {
        "id": 1,
        "updated_at": 2,
        "admin_assignee_id": 0,
        "read": True,
        "statistics": {"last_closed_by_id": 3, "count_reopens": 4},
        "custom_attributes": {"id": 5, "owner_id": 6},
        "monitor_evaluations": [{"monitor_id": 7}],
    }
    assert errors(record, schema)
    assert cast_ids(record, schema) == {
        "id": "1",
        "updated_at": 2,
        "admin_assignee_id": "0",
        "read": True,
        "statistics": {"last_closed_by_id": "3", "count_reopens": 4},
        "custom_attributes": {"id": 5, "owner_id": 6},
        "monitor_evaluations": [{"monitor_id": "7"}],
    }


def test_conversations_leave_their_parts_to_conversation_parts() -> None:
    assert "conversation_parts" not in load("conversations")["properties"]


def test_the_indonesian_content_of_an_article_is_no_id() -> None:
    schema = load("articles")
    content = {"type": "article_translated_content", "id": {"title": "Halo"}}
    record = {"id": "1", "translated_content": content}
    assert cast_ids(record, schema) == record
    assert errors(record, schema) == []
