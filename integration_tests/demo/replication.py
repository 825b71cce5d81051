"""The connector's streams, read into DuckDB through PyAirbyte.

Importing this takes seconds, and PyAirbyte decides then where it writes and whether it may use the network.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import airbyte
from airbyte.caches import DuckDBCache
from airbyte.exceptions import PyAirbyteError

from integration_tests.demo.connector import CONNECTOR, Failure


class PyAirbyteReplication:
    """All streams of the connector, and the DuckDB file that holds their rows and states."""

    def __init__(self, config: dict[str, Any], database: Path, temporary: Path) -> None:
        self._source = airbyte.get_source("source-intercom", config=config, local_executable=CONNECTOR)
        self._source.select_all_streams()
        self._database = database
        self._temporary = temporary

    def sync(self) -> Counter[str]:
        """Read what is new since the states in the file; how many rows came of each stream.

        :raises Failure: PyAirbyte or the connector has failed
        """
        try:
            with DuckDBCache(db_path=self._database, cache_dir=self._temporary) as cache:
                result = self._source.read(cache, write_strategy="merge")
        except PyAirbyteError as error:
            raise Failure(str(error)) from error
        return Counter(result._progress_tracker.stream_read_counts)
