"""Intercom's OpenAPI description of API version 2.16, and how answers differ from it."""

import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

import requests
import yaml
from jsonschema import ValidationError
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.validation.response.exceptions import InvalidData
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue

FILE = Path(__file__).with_name("openapi") / "2.16.yaml.gz"
_HOW = {"type": "type", "anyOf": "type", "enum": "enum", "format": "format"}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Object = dict[str, Any]


class Difference(NamedTuple):
    """What differs from the description, and how: of which kind of object, at which path in it.

    How is ``undocumented`` for a key that it does not name, ``null`` for a null that it does not allow, ``type``,
    ``enum`` and ``format`` for another value than it allows, ``endpoint`` for a path that lacks this status.
    """

    kind: str
    path: str
    how: str


class Fields(NamedTuple):
    """Paths of documented fields: all of those of the objects that were seen, and those that had a value."""

    documented: set[tuple[str, str]]
    filled: set[tuple[str, str]]


class Description:
    """The description, served by a server."""

    def __init__(self, server: str) -> None:
        described = yaml.load(gzip.decompress(FILE.read_bytes()), Loader=_LOADER)
        self._schemas: Object = described["components"]["schemas"]
        self._paths: Object = described["paths"]
        described = {**described, "servers": [{"url": server}]}
        # the description has a parameter that it does not declare, of an endpoint that is not served here
        unchecked = Config(spec_validator_cls=cast(Any, None))
        self._core = OpenAPI.from_dict(self._nullable(described), config=unchecked)

    def _nullable(self, node: Any) -> Any:
        """The description with every ``nullable`` beside a reference carried into what it refers to.

        Read to the letter OpenAPI 3.0 ignores it there, but it is how Intercom says that the field may be null.
        """
        if isinstance(node, list):
            return [self._nullable(each) for each in node]
        if not isinstance(node, dict):
            return node
        parts = node.get("allOf", [node])
        if node.get("nullable") and len(parts) == 1 and "$ref" in parts[0]:
            return {**self._nullable(self._schemas[parts[0]["$ref"].rpartition("/")[2]]), "nullable": True}
        return {name: self._nullable(each) for name, each in node.items()}

    def differences(self, response: requests.Response) -> Iterator[Difference]:
        """How an answer differs from the description."""
        kind = self._kind_of(response)
        asked, answered = RequestsOpenAPIRequest(response.request), RequestsOpenAPIResponse(response)
        for error in self._core.iter_response_errors(asked, answered):
            if not isinstance(error, InvalidData) or not isinstance(error.__cause__, InvalidSchemaValue):
                yield Difference(kind, path_of(response), "endpoint")
                continue
            for violation in cast(Iterable[ValidationError], error.__cause__.schema_errors):
                how = "null" if violation.instance is None else _HOW[str(violation.validator)]
                yield Difference(kind, _path(violation.absolute_path), how)
        schema = self._schema_of(response)
        if schema is not None:
            fields = Fields(set(), set())
            yield from self._walk(response.json(), [schema], kind, "", fields)

    def fields(self, response: requests.Response) -> Fields:
        """The documented fields of an answer."""
        fields, schema = Fields(set(), set()), self._schema_of(response)
        if schema is not None:
            list(self._walk(response.json(), [schema], self._kind_of(response), "", fields))
        return fields

    def _template(self, response: requests.Response) -> str | None:
        """The path of the description that an answer belongs to, None if there is none; those without ids go first."""
        path, method = path_of(response), str(response.request.method).lower()
        for template in sorted(self._paths, key=lambda each: each.count("{")):
            if method in self._paths[template] and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path):
                return template
        return None

    def _schema_of(self, response: requests.Response) -> Object | None:
        """The schema of an answer, None if the description has none."""
        template = self._template(response)
        if template is None:
            return None
        described = self._paths[template][str(response.request.method).lower()]["responses"]
        content = described.get(str(response.status_code), {}).get("content", {})
        schema: Object | None = content.get("application/json", {}).get("schema")
        return schema

    def _kind_of(self, response: requests.Response) -> str:
        """The kind of object that an answer shows: ``errors``, or its path without ids and the way of reading it."""
        if not response.ok:
            return "errors"
        names = (self._template(response) or path_of(response)).strip("/").split("/")
        return "/".join(name for name in names if name not in ("search", "scroll") and not name.startswith("{"))

    def _walk(self, value: Any, schemas: list[Object], kind: str, path: str, fields: Fields) -> Iterator[Difference]:
        """Notes the documented fields of a value, and yields its undocumented keys."""
        if isinstance(value, list):
            items = [each["items"] for each in self._resolved(schemas) if "items" in each]
            for one in value:
                yield from self._walk(one, items, kind, path, fields)
        if not isinstance(value, dict):
            return
        documented: dict[str, list[Object]] = {}
        for schema in self._resolved(schemas):
            for name, field in schema.get("properties", {}).items():
                documented.setdefault(name, []).append(field)
        for name, field in documented.items():
            place = _path([*path.split("."), name])
            fields.documented.add((kind, place))
            if value.get(name) not in (None, [], {}, ""):
                fields.filled.add((kind, place))
                yield from self._walk(value[name], field, kind, place, fields)
        # an object of which no key is documented may have any
        for name in value if documented else ():
            if name not in documented:
                yield Difference(kind, _path([*path.split("."), name]), "undocumented")

    def _resolved(self, schemas: list[Object]) -> Iterator[Object]:
        """Schemas without references, with all parts and alternatives of each."""
        for schema in schemas:
            if "$ref" in schema:
                yield from self._resolved([self._schemas[schema["$ref"].rpartition("/")[2]]])
                continue
            yield schema
            yield from self._resolved([each for key in ("allOf", "anyOf", "oneOf") for each in schema.get(key, [])])


def path_of(response: requests.Response) -> str:
    """The path that was asked for."""
    return str(response.request.path_url).partition("?")[0]


_LISTS = ("data", "conversations", "tickets", "admins", "teams", "segments", "activity_logs")


def _path(keys: Any) -> str:
    """The path of a field in its object, whether it stands alone or in a list; items have no number."""
    names = [str(key) for key in keys if isinstance(key, str) and key]
    if len(names) > 1 and names[0] in _LISTS:
        names = names[1:]
    return ".".join(names)
