"""Some of what people say to each other in the workspace."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from textwrap import shorten
from typing import Any, Final

from intercom_sandbox.client import Sandbox

WIDTH: Final = 100
LINES: Final = 4

Object = dict[str, Any]


def talk(sandbox: Sandbox) -> list[str]:
    """The first lines of the newest conversation in which a teammate answers: when, who, and what."""
    by_conversation: dict[str, list[Object]] = {}
    for part in sandbox.truth("conversation_parts"):
        if part["part_type"] == "comment" and part["body"]:
            by_conversation.setdefault(part["conversation_id"], []).append(part)
    conversations = sorted(sandbox.truth("conversations"), key=lambda row: row["created_at"], reverse=True)
    for conversation in conversations:
        said = by_conversation.get(conversation["id"], [])
        if len(said) > 1 and any(part["author"]["type"] == "admin" for part in said):
            return [*_lines([{**conversation["source"], "created_at": conversation["created_at"]}, *said])]
    return []


def _lines(said: list[Object]) -> Iterator[str]:
    for each in said[:LINES]:
        when = datetime.fromtimestamp(each["created_at"], UTC)
        text = " ".join(unescape(re.sub(r"<[^>]*>", " ", each["body"] or "")).split())
        yield shorten(f"{when:%d %b %H:%M}  {each['author']['name']}: {text}", WIDTH, placeholder=" …")
