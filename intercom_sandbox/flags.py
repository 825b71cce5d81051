"""Fields that an answer has only when the request's query string asks for them (API notes 3.1, 3.6, 4.1, 14)."""

from starlette.datastructures import QueryParams
from starlette.types import Scope

_FIELDS = {
    "/admins": {"display_avatar": "avatar"},
    "/contacts": {"include_merge_history": "merge_history"},
    "/contacts/search": {"include_merge_history": "merge_history"},
    "/conversations/search": {"include_monitors": "monitor_evaluations", "include_scorecards": "scorecards"},
}
"""The field that each parameter of a path brings."""


def optional_fields(kind: str) -> frozenset[str]:
    """The fields of a kind of object that some request has to ask for."""
    paths = (path for path in _FIELDS if path.split("/")[1] == kind)
    return frozenset(field for path in paths for field in _FIELDS[path].values())


def asked_for(scope: Scope) -> frozenset[str]:
    """The optional fields that a request asks for."""
    known, asked = _FIELDS.get(scope["path"], {}), QueryParams(scope["query_string"])
    return frozenset(field for parameter, field in known.items() if asked.get(parameter) == "true")


def refused(scope: Scope, parameters: tuple[str, ...]) -> str | None:
    """The first of the parameters that a request has."""
    asked = QueryParams(scope["query_string"])
    return next((parameter for parameter in parameters if parameter in asked), None)
