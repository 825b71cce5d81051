"""Calls with what was said in them: their search names conversations (API notes 3.15)."""

from typing import Any

import orjson

from intercom_sandbox.asked import Asked
from intercom_sandbox.errors import ApiError, UnreadableBody
from intercom_sandbox.store import Object

_MOST = 20
_SAID: tuple[Object, ...] = (
    {"speaker": "Teammate 1", "text": "Hello, how can I help?", "start_time": 3.2},
    {"speaker": "User", "text": "Tom &amp; I cannot log in.", "start_time": None},
    {},
)


def vary(call: Object, number: int) -> None:
    """Two calls in turn belong to one conversation, unless they belong to none."""
    if call["conversation_id"] is not None:
        call["conversation_id"] = str(640 + number // 2)


def transcript(call: Object) -> list[Object]:
    """What was said in a call: in some nothing that was written down."""
    return [_SAID[turn % len(_SAID)] for turn in range(int(call["id"]) % 4)]


def turns(call: Object) -> list[Object]:
    """What a search for its conversation shows of a call, turn by turn."""
    if call["conversation_id"] is None:
        return []
    beside = {"conversation_id": call["conversation_id"], "transcript_status": _status(call)}
    return [{**beside, "index": index, "turn": turn} for index, turn in enumerate(transcript(call))]


def _status(call: Object) -> str | None:
    return "completed" if int(call["id"]) % 3 else None


class CallSearch:
    """All calls of 1 to 20 conversations, in no order and on one page."""

    async def answer(self, asked: Asked) -> bytes:
        """``{"type", "data": […]}``. 400 ``conversation_id_limit_exceeded`` for more conversations, or none."""
        wanted = _conversations(await asked.request.body())
        found = []
        for record in asked.state.workspace.collections["calls"]:
            call = record.parse()
            if call["conversation_id"] in wanted:
                found.append(call | {"transcript": transcript(call), "transcript_status": _status(call)})
        return orjson.dumps({"type": "list", "data": found[::-1]})


def _conversations(body: bytes) -> list[Any]:
    try:
        request = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise UnreadableBody from None
    wanted = request.get("conversation_ids") if isinstance(request, dict) else None
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= _MOST:
        message = f"A list of up to {_MOST} conversation IDs is required"
        raise ApiError(400, "conversation_id_limit_exceeded", message)
    return wanted
