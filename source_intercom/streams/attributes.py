"""Columns for the custom attributes that a workspace has (the option `custom_attribute_columns`; API notes 3.5, 5b)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from airbyte_cdk.models import ConfiguredAirbyteCatalog
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.shapes import as_objects, value_at
from source_intercom.read.columns import MOST_COLUMNS, Attribute, columns_of, configured
from source_intercom.read.lists import List, ListEndpoint, Parameters
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.companies import Companies
from source_intercom.streams.contacts import Contacts
from source_intercom.streams.context import Columns, StreamContext
from source_intercom.streams.conversations import ConversationAttributes, Conversations
from source_intercom.streams.kinds import ListStream
from source_intercom.streams.tickets import Tickets, TicketTypeAttributes, TicketTypes
from source_intercom.streams.workspace import DataAttributes


class _Place(NamedTuple):
    """Where the attributes of a stream are: the field of its rows that holds their values, and what lists them.

    `path`  where they are in what is listed; empty where they are that themselves
    """

    holder: str
    listed: type[ListStream]
    parameters: Parameters
    path: Sequence[str] = ()

    def attributes(self, context: StreamContext, stream: str) -> Iterator[Attribute]:
        """All of them, archived ones too; raises as reading a list does."""
        found = self.listed(context, stream)
        where = ListEndpoint(found.endpoint, found.records_key, found.paginator)
        reader = found.reader(records_key=found.records_key)
        for row in List(reader, where, found.rows).read_all(self.parameters):
            for each in as_objects(value_at(row, self.path)) if self.path else (row,):
                if each.get("name") and each.get("custom", True):
                    kind, is_archived = str(each.get("data_type")), each.get("archived") is True
                    yield Attribute(str(each["name"]), kind, str(each.get("id")), is_archived)


_ARCHIVED_TOO: Final = {"include_archived": "true"}

PLACES: Final[Mapping[type[IntercomStream], _Place]] = {
    Contacts: _Place("custom_attributes", DataAttributes, {"model": "contact", **_ARCHIVED_TOO}),
    Companies: _Place("custom_attributes", DataAttributes, {"model": "company", **_ARCHIVED_TOO}),
    Conversations: _Place("custom_attributes", ConversationAttributes, _ARCHIVED_TOO),
    Tickets: _Place("ticket_attributes", TicketTypes, {}, TicketTypeAttributes.records_path),
}


def columns_in_workspace(context: StreamContext) -> Columns:
    """The columns for attributes that the workspace has now.

    :raises AirbyteTracedException: as reading a list does, if one of attributes cannot be read
    """
    return {stream.name: _columns_of(stream, place) for kind, place in PLACES.items() for stream in [kind(context)]}


def _columns_of(stream: IntercomStream, place: _Place) -> Mapping[str, Any]:
    try:
        attributes = set(place.attributes(stream.context, stream.name))
    except AirbyteTracedException as error:
        sentence = f"Which custom attributes {stream.name} have cannot be told. {error}"
        raise AirbyteTracedException(sentence, sentence, error.failure_type) from error
    columns = columns_of(attributes, place.holder, stream.schema["properties"])
    if len(columns) > MOST_COLUMNS:
        stream.logger.warning(
            "%s: of %d custom attributes only %d get columns; all are in %s.",
            stream.name,
            len(columns),
            MOST_COLUMNS,
            place.holder,
        )
    return dict(list(columns.items())[:MOST_COLUMNS])


def columns_in_catalog(catalog: ConfiguredAirbyteCatalog) -> Columns:
    """The columns for attributes that a configured catalog has.

    :raises AirbyteTracedException: a config error where one of them is of no use
    """
    return {
        each.stream.name: configured(each.stream.name, properties)
        for each in catalog.streams
        if isinstance(properties := each.stream.json_schema.get("properties"), dict)
    }
