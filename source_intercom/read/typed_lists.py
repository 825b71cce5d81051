"""Lists of which there is one for each type, where nothing lists the types (API notes 3.16)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.errors import Rule
from source_intercom.api.reader import GoneError, Reader
from source_intercom.api.sentences import HALF_A_TYPE, UNAVAILABLE, UNKNOWN_TYPES
from source_intercom.read.finder import Audience, Finder
from source_intercom.read.ids import IdSet
from source_intercom.read.lists import List, ListEndpoint, Parameters
from source_intercom.read.rows import Record, Rows
from source_intercom.read.windows import Window

RULES: Final[Mapping[tuple[int, str], Rule]] = {
    (404, "not_found"): Rule(ResponseAction.IGNORE, FailureType.transient_error, "Intercom does not know the type."),
    (404, ""): Rule(ResponseAction.RETRY, FailureType.transient_error, UNAVAILABLE),
}
"""What a list makes of answers, on top of api/errors.py: only Intercom can say that there is no such type."""


@dataclass(frozen=True)
class Types:
    """Identifiers of types: those that are `named` have to be there, those that were `found` may be there no more."""

    named: Sequence[str]
    found: Sequence[str]

    @property
    def all(self) -> Sequence[str]:
        """Each once."""
        return list(dict.fromkeys((*self.named, *self.found)))


class TypedLists(Finder):
    """The rows of all types, each once, although a type may go by two names.

    :param reader: raises `GoneError` for a type that Intercom does not know
    :param endpoint: has `{type}` in its path
    :param types: finds the types, when reading begins
    """

    def __init__(
        self, reader: Reader, endpoint: ListEndpoint, rows: Rows, parameters: Parameters, types: Callable[[], Types]
    ) -> None:
        self._reader = reader
        self._endpoint = endpoint
        self._rows = rows
        self._parameters = parameters
        self._types = types

    def probe(self) -> Record | None:
        """Ask for the first page of each type that is named, or else of one that was found and is known.

        :raises AirbyteTracedException: a config error, too, if one is named that Intercom does not know
        """
        types = self._types()
        first, unknown = None, []
        for each in types.all:
            if first and each not in types.named:
                break
            try:
                first = self._of(each).first(self._reader, self._parameters) or first
            except GoneError:
                unknown.append(each)
        self._refuse([each for each in unknown if each in types.named])
        return first

    def records_in(self, window: Window, audience: Audience) -> Iterator[Record]:
        """All rows of all types.

        :raises AirbyteTracedException: in the end a config error if a type is named that Intercom does not know
        """
        types, met = self._types(), IdSet()
        unknown = []
        for each in types.all:
            try:
                for row in self._rows_of(each, audience):
                    if met.add(self._rows.key_of(row)):
                        yield row
                    else:
                        self._reader.count(report.REPEATED)
            except GoneError:
                unknown.append(each)
        for each in unknown:
            if each not in types.named:
                self._reader.count(report.UNKNOWN)
                self._reader.logger.warning(
                    "%s: skipped the type %s, which Intercom does not know.", self._reader.name, each
                )
        self._refuse([each for each in unknown if each in types.named])

    def _rows_of(self, type_: str, audience: Audience) -> Iterator[Record]:
        has_some = False
        try:
            for row in List(self._reader, self._of(type_), self._rows).read_all(self._parameters, audience):
                has_some = True
                yield row
        except GoneError:
            if not has_some:
                raise
            sentence = HALF_A_TYPE.format(type=type_)
            raise AirbyteTracedException(sentence, sentence, FailureType.transient_error) from None

    def _of(self, type_: str) -> ListEndpoint:
        return replace(self._endpoint, path=self._endpoint.path.format(type=quote(type_, safe="")))

    def _refuse(self, unknown: Sequence[str]) -> None:
        if unknown:
            sentence = UNKNOWN_TYPES.format(types=", ".join(unknown))
            raise AirbyteTracedException(sentence, sentence, FailureType.config_error)
