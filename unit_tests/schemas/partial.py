"""What the small records share."""

from typing import Any

Partial = tuple[str, str, dict[str, Any]]
"""The stream, a name, and the record."""

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
