"""What finds the rows of one stream, asked by itself."""

from collections.abc import Iterator

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.read.rows import Record
from source_intercom.read.search import Search
from source_intercom.read.windows import Window
from source_intercom.streams.kinds import SearchStream


class Deaf:
    """An audience that takes no notice, and does without what is not delivered."""

    def expect(self, total: int) -> None:
        """Nothing."""

    def estimate_more(self, records: int) -> None:
        """Nothing."""

    def undelivered(self, window: Window, count: int, reason: AirbyteTracedException) -> None:
        """Nothing."""


def search_of(stream: SearchStream) -> Search:
    """The search that finds the stream's rows."""
    return stream.finder()


def records_in(search: Search, window: Window) -> Iterator[Record]:
    """The records of a window."""
    return search.records_in(window, Deaf())
