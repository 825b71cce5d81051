"""One read: its streams, threads and messages, from its start to its end."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from airbyte_cdk.models import AirbyteMessage, AirbyteStateMessage, ConfiguredAirbyteCatalog, SyncMode
from airbyte_cdk.sources.concurrent_source.concurrent_source import ConcurrentSource
from airbyte_cdk.sources.concurrent_source.thread_pool_manager import ThreadPoolManager
from airbyte_cdk.sources.connector_state_manager import ConnectorStateManager
from airbyte_cdk.sources.message import InMemoryMessageRepository
from airbyte_cdk.sources.message.concurrent_repository import ConcurrentMessageRepository
from airbyte_cdk.sources.streams.concurrent.abstract_stream import AbstractStream
from airbyte_cdk.sources.streams.concurrent.cursor import Cursor, CursorField
from airbyte_cdk.sources.streams.concurrent.default_stream import DefaultStream
from airbyte_cdk.sources.streams.concurrent.partitions.types import QueueItem

from source_intercom.api.secrets import without_secrets
from source_intercom.catalogs import readable, refusal, refusals, unknown
from source_intercom.config import Config
from source_intercom.ending import ClosableQueue, Ended
from source_intercom.outcomes import Outcomes
from source_intercom.progress_log import ProgressLog
from source_intercom.read.families import families
from source_intercom.read.family import Family
from source_intercom.read.partitions import TaskPartitions
from source_intercom.read_report import ReadReport
from source_intercom.streams import catalogue
from source_intercom.streams.attributes import columns_in_catalog
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.context import connected
from source_intercom.streams.reports import reports_in_catalog
from source_intercom.summary import Summaries
from source_intercom.waiting import WaitingNotice
from source_intercom.workers import Workers

QUEUE_SIZE: Final = 250
"""Records that may wait for stdout; when it stalls, reading stops there and memory stays flat."""

PENDING_PARTITIONS: Final = 500
"""Windows and conversations that may wait for a worker."""


class Sync:
    """Reads the streams of a catalog side by side, through the CDK's concurrent source.

    Records, states and logs share one queue: what a state covers is always printed before the state. However a read
    ends, its threads end with it.

    :param states: the state messages to go on from
    :param report_files: where the report goes
    """

    def __init__(
        self,
        config: Config,
        catalog: ConfiguredAirbyteCatalog,
        states: list[AirbyteStateMessage] | None,
        logger: logging.Logger,
        report_files: Sequence[Path] = (),
    ) -> None:
        self._logger = logger
        self._queue = ClosableQueue[QueueItem](QUEUE_SIZE)
        self._messages = ConcurrentMessageRepository(self._queue, InMemoryMessageRepository())
        columns = columns_in_catalog(catalog) if config.custom_attribute_columns else {}
        self._context = connected(config, self._messages, columns)
        notice = WaitingNotice(logger, self._messages)
        self._context.api.budget.waiting, self._context.api.jobs.waiting = notice, notice.for_job
        streams = [*catalogue(self._context), *reports_in_catalog(self._context, catalog)]
        known = {stream.name: stream for stream in streams}
        self._unknown = unknown(catalog, known)
        configured = readable(catalog, known.values(), logger).streams
        manager = ConnectorStateManager(states)
        self._streams: list[IntercomStream] = []
        cursors = {}
        for one in configured:
            stream = known[one.stream.name]
            is_full = one.sync_mode == SyncMode.full_refresh
            state: Mapping[str, Any] | None = None if is_full else manager.get_stream_state(stream.name, None)
            cursors[stream.name] = stream.new_cursor(state)
            self._streams.append(stream)
        family_of = families(self._streams)
        self._concurrent = [
            self._stream_of_partitions(stream, family_of[stream.name], cursors[stream.name]) for stream in self._streams
        ]
        self._outcomes = Outcomes(stream.name for stream in self._streams)
        summaries = Summaries(self._outcomes, self._context.reports, self._context.api.budget)
        self._report = ReadReport(report_files, summaries, logger)
        # Each stream keeps a thread while its partitions are found, and maybe one that waits until others have read
        # what it found; as many requests are in flight as workers are configured, whoever sends them.
        threads = config.num_workers + 2 * len(self._streams)
        self._workers = Workers(threads, failed=self._queue.close)

    def _stream_of_partitions(self, stream: IntercomStream, family: Family, cursor: Cursor) -> AbstractStream:
        return DefaultStream(
            partition_generator=TaskPartitions(family, stream, self._context.reports),
            name=stream.name,
            json_schema=stream.declared,
            primary_key=stream.primary_key,
            cursor_field=CursorField(stream.cursor_name) if stream.cursor_name else None,
            logger=stream.logger,
            cursor=cursor,
        )

    def messages(self) -> Iterator[AirbyteMessage]:
        """All messages; the last are a line per stream that says what was read and what was skipped.

        :raises Exception: what `stop` is given, or a config error where the catalog names unknown streams
        """
        note = self._outcomes.note
        with self._report:
            try:
                yield from without_secrets(refusals(self._unknown), note)
                if self._concurrent:
                    with ProgressLog(self._context.reports, self._context.api.budget, self._logger):
                        # The CDK takes the streams out of the list as they begin.
                        yield from without_secrets(self._source().read([*self._concurrent]), note)
                if self._unknown:
                    raise refusal(self._unknown)
            except Ended:
                raise self._queue.reason or Ended() from None
            finally:
                self._end(Ended())
                self._workers.shutdown(wait=False, cancel_futures=True)
                self._context.api.close()

    def stop(self, reason: BaseException) -> None:
        """End the read, from any thread: `reason` is raised to who takes its messages.

        Its threads end as soon as they would wait, send, or hand something on.
        """
        self._end(reason)
        self._report.stop(reason)

    def _end(self, reason: BaseException) -> None:
        self._queue.close(reason)
        self._context.api.budget.close()
        for stream in self._streams:
            stream.stop()
        self._context.api.jobs.close()

    def _source(self) -> ConcurrentSource:
        logger = logging.getLogger("airbyte")
        return ConcurrentSource(
            threadpool=ThreadPoolManager(self._workers, logger, max_concurrent_tasks=PENDING_PARTITIONS),
            logger=logger,
            queue=self._queue,
            message_repository=self._messages,
            initial_number_partitions_to_generate=len(self._streams),
        )
