"""The kind of streams whose lists can be asked for what has changed since a second."""

from abc import ABC
from typing import ClassVar

from source_intercom.read.finder import Finder
from source_intercom.read.lists import ListEndpoint, Parameters
from source_intercom.read.since import Since
from source_intercom.read.windows import Window
from source_intercom.streams.base import IntercomStream


class SinceList(IntercomStream, ABC):
    """Rows that change, in such a list.

    `since`     the parameter for the second
    `per_page`  rows of a page, the most that Intercom allows
    """

    since: ClassVar[str]
    per_page: ClassVar[int]

    def finder(self) -> Finder:
        """The list, since the beginning of the range."""
        endpoint = ListEndpoint(self.endpoint, self.records_key, self.paginator)
        reader = self.reader(records_key=self.records_key)
        return Since(reader, endpoint, self.rows, self.cursor_name, self.parameters_of)

    def parameters_of(self, window: Window) -> Parameters:
        """Those of the first page; a second more, should the bound not belong to it."""
        return {self.since: str(max(window.start - 1, 0)), "per_page": str(self.per_page)}
