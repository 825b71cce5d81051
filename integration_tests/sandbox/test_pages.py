"""Numbers at the top level, a wire shape that no simulated kind has yet."""

import asyncio
from types import SimpleNamespace
from typing import Any

import orjson

from intercom_sandbox.pages import Next, Numbered


def page(number: int) -> dict[str, Any]:
    shape = Numbered(lambda asked: [b"%d" % n for n in range(23)], Next.TOP_LEVEL, per_page=20, most=50)
    asked: Any = SimpleNamespace(parameter={"page": str(number)}.get)
    answer: dict[str, Any] = orjson.loads(asyncio.run(shape.answer(asked)))
    return answer


def test_numbers_at_the_top_level_lead_to_the_end() -> None:
    numbers = {"type": "list", "per_page": 20, "total_pages": 2, "total_count": 23}
    assert page(1) == {**numbers, "page": 1, "data": list(range(20))}
    assert page(2) == {**numbers, "page": 2, "data": [20, 21, 22]}
