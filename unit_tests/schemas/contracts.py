"""The JSON schemas, and how they are looked at."""

import json
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).parents[2] / "source_intercom" / "schemas"

STREAMS = sorted(path.stem for path in SCHEMAS.glob("*.json"))

# Objects whose keys belong to the customer, to a language or to nobody we know: no properties are declared in them. By
# name, or by stream and name where another stream has a namesake that declares some.
OPEN_OBJECTS = {
    "activity_logs.metadata",
    "collected_data",
    "contact_events.metadata",
    "custom_attributes",
    "input_options",
    "sla_states",
    "ticket",
    "ticket_attributes",
    "translations",
    "turn",
}


def load(stream: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((SCHEMAS / f"{stream}.json").read_text(encoding="utf-8"))
    return schema


def types(node: dict[str, Any]) -> set[str]:
    declared = node["type"]
    return {declared} if isinstance(declared, str) else set(declared)


def is_open(stream: str, name: str) -> bool:
    return bool({name, f"{stream}.{name}"} & OPEN_OBJECTS)


def is_id(name: str) -> bool:
    return name == "id" or name.endswith("_id")
