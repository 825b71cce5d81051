"""Instances of custom objects, type by type: nothing lists the types (API notes 3.16)."""

from dataclasses import dataclass

from intercom_sandbox.asked import Asked
from intercom_sandbox.errors import ApiError
from intercom_sandbox.pages import Next, Numbered, last_updated_first
from intercom_sandbox.store import Object

NAMED_NOWHERE = "Warehouse"
"""A type that no attribute refers to, and of which nothing has an instance: who does not know it does not find it."""

_TYPES = ("Order", "Order", "Test_Object", "Order", "Order", NAMED_NOWHERE, "Order", "Order", "Order", "Order")


def vary(instance: Object, number: int) -> None:
    """Most are of one type, so that they fill more than a page."""
    instance["type"] = _TYPES[number % len(_TYPES)]


def is_found(instance: Object) -> bool:
    """Whether the type of an instance is to be found anywhere."""
    return bool(instance["type"] != NAMED_NOWHERE)


def held(number: int) -> Object:
    """The value of an attribute that refers to instances: none, one or two of them."""
    instances = [{"id": str(95 + each), "type": "Order", "custom_attributes": {}} for each in range(number % 3)]
    return {"type": "Order.list", "instances": instances}


@dataclass(frozen=True)
class OfType:
    """D: pages of the instances of the type that the path names as ``id``, upper and lower case told apart.

    404 ``not_found`` for a type without any.
    """

    async def answer(self, asked: Asked) -> bytes:
        """``{"type", "pages", "total_count", "data": […]}``."""
        return await Numbered(_of_type, Next.NUMBERS, per_page=20, most=150).answer(asked)


def _of_type(asked: Asked) -> list[bytes]:
    wanted = asked.request.path_params["id"]
    of_type = {record.raw for record in asked.collection if record.parse()["type"] == wanted}
    if not of_type:
        raise ApiError(404, "not_found", f"Custom object type `{wanted}` not found")
    return [raw for raw in last_updated_first(asked) if raw in of_type]
