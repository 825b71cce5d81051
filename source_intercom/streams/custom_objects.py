"""Custom objects, whose types are listed nowhere (API notes 3.16)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Final

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.sentences import NOT_IN_PLAN, NOT_PERMITTED, says
from source_intercom.api.shapes import as_object, as_objects
from source_intercom.read.finder import WHOLE, Finder
from source_intercom.read.lists import ListEndpoint
from source_intercom.read.member import Owing
from source_intercom.read.typed_lists import RULES, TypedLists, Types
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.contacts import Contacts
from source_intercom.streams.conversations import ConversationAttributes, Conversations
from source_intercom.streams.kinds import SearchStream

LIST: Final = ".list"
"""What follows a type where instances are the value of an attribute."""


class CustomObjectInstances(IntercomStream):
    """Instances of custom objects of all types: those that something refers to, and those that the option names."""

    endpoint = "custom_object_instances/{type}"
    permission = "Read custom object instances"
    parameters: ClassVar[Mapping[str, str]] = {"page": "1", "per_page": "150"}

    def finder(self) -> Finder:
        """A list for each type."""
        reader = self.reader(records_key=self.records_key, may_be_gone=True, rules=RULES)
        endpoint = ListEndpoint(self.endpoint, self.records_key, self.paginator)
        return TypedLists(reader, endpoint, self.rows, self.parameters, self.types)

    def types(self) -> Types:
        """The types that are named or found; a place where the token may not look is told of.

        :raises AirbyteTracedException: a config error if none is named, and the token may not look anywhere
        """
        named, refusals = self.context.config.custom_object_types, []
        found: dict[str, None] = {}
        for place, look in PLACES.items():
            stream = self.stand_in(place)
            try:
                found |= dict.fromkeys(look(stream))
            except AirbyteTracedException as error:
                if not says(error, NOT_PERMITTED, NOT_IN_PLAN):
                    raise
                refusals.append(error)
                self.logger.warning(
                    "%s: types of custom objects are not looked for in %s. %s", self.name, stream.name, error
                )
        if not named and len(refusals) == len(PLACES):
            raise refusals[0]
        types = Types(named, list(found))
        self.logger.info("%s: types of custom objects: %s.", self.name, ", ".join(types.all) or NO_TYPE)
        return types


NO_TYPE: Final = "none was found; those that there are can be named in the option custom_object_types"


def _referred_to(stream: IntercomStream) -> Iterator[str]:
    """The types that attributes of conversations refer to."""
    for attribute in stream.finder().records_in(WHOLE, Owing([])):
        yield from _texts(as_object(attribute.get("reference")).get("object_type_id"))


def _held(stream: IntercomStream) -> Iterator[str]:
    """The types of the instances that the records updated last have as values of custom attributes."""
    if isinstance(stream, SearchStream):
        for record in stream.finder().pages.newest():
            for value in as_object(record.get("custom_attributes")).values():
                yield from types_in(value)


def types_in(value: Any) -> Iterator[str]:
    """The types that `{"type": "X.list", "instances": [{"type": "X", …}]}` names; none in values of other kinds."""
    held = as_object(value)
    name = held.get("type")
    if "instances" in held and isinstance(name, str) and name.endswith(LIST):
        yield from _texts(name.removesuffix(LIST))
        for instance in as_objects(held["instances"]):
            yield from _texts(instance.get("type"))


def _texts(name: Any) -> Iterator[str]:
    if name and isinstance(name, str):
        yield name


PLACES: Final[Mapping[type[IntercomStream], Callable[[IntercomStream], Iterator[str]]]] = {
    ConversationAttributes: _referred_to,
    Contacts: _held,
    Conversations: _held,
}
"""Where types are looked for: in the records of which streams, and how."""

STREAMS: Final[tuple[type[IntercomStream], ...]] = (CustomObjectInstances,)
"""The family."""
