"""Runs the connector where memory is used up once so many bodies are read: `python no_memory.py NUMBER read …`.

A real limit ends the process, too, but mostly by a segmentation fault within orjson, which tells nothing.
"""

import sys
from itertools import count
from typing import Any

import orjson

loads, calls = orjson.loads, count()


def refuse_more(body: bytes | bytearray | memoryview | str) -> Any:
    """As Python does where the system gives no memory."""
    if next(calls) >= number:
        raise MemoryError
    return loads(body)


number = int(sys.argv.pop(1))
orjson.loads = refuse_more

from source_intercom.run import run  # noqa: E402 - limited from the start

run()
