"""Small collections that come in one answer (API notes 3.6, 3.7, 3.8, 5b)."""

from source_intercom.streams.base import IntercomStream


class Admins(IntercomStream):
    """Teammates, the Fin bot included; without the parameter Intercom leaves their avatars out."""

    endpoint = "admins"
    records_key = "admins"
    walks = ({"display_avatar": "true"},)
    permission = "Read admins"


class Teams(IntercomStream):
    """Teams of admins."""

    endpoint = "teams"
    records_key = "teams"
    permission = "Read admins"


class Tags(IntercomStream):
    """Tags; names are not unique, ids are."""

    endpoint = "tags"
    permission = "Read tags"


class Segments(IntercomStream):
    """Segments of people and of companies; without the type Intercom lists only those of people."""

    endpoint = "segments"
    records_key = "segments"
    permission = "Read and list users and companies"
    walks = ({"include_count": "true"}, {"include_count": "true", "type": "company"})


class DataAttributes(IntercomStream):
    """Standard and custom attributes of contacts and companies.

    Standard ones have no id, and nested ones share names (`name`, `plan.name`): model and full name identify
    them. Archived ones are left out, since one may have the full name of a live one.
    """

    endpoint = "data_attributes"
    permission = "Read and list users and companies"
    walks = ({"model": "contact"}, {"model": "company"})
