"""Tickets, with their parts, as the search returns them (API notes 3.4)."""

from source_intercom.streams.incremental import SearchStream


class Tickets(SearchStream):
    """Customer, back-office and tracker tickets; each carries its `ticket_parts`."""

    endpoint = "tickets/search"
    records_key = "tickets"
    permission = "Read tickets"
