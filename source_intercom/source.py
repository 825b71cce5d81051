"""SourceIntercom: the one place that wires configuration, connection, streams and the CDK together."""

import logging
from collections.abc import Iterator, Mapping
from queue import Queue
from typing import Any, Final

from airbyte_cdk.config_observation import emit_configuration_as_airbyte_control_message
from airbyte_cdk.models import (
    AirbyteConnectionStatus,
    AirbyteMessage,
    AirbyteStateMessage,
    ConfiguredAirbyteCatalog,
    ConfiguredAirbyteCatalogSerializer,
    FailureType,
    Status,
    StreamDescriptor,
    SyncMode,
)
from airbyte_cdk.sources.concurrent_source.concurrent_source import ConcurrentSource
from airbyte_cdk.sources.concurrent_source.concurrent_source_adapter import ConcurrentSourceAdapter
from airbyte_cdk.sources.concurrent_source.thread_pool_manager import ThreadPoolManager
from airbyte_cdk.sources.connector_state_manager import ConnectorStateManager
from airbyte_cdk.sources.message import InMemoryMessageRepository, MessageRepository
from airbyte_cdk.sources.message.concurrent_repository import ConcurrentMessageRepository
from airbyte_cdk.sources.streams import Stream
from airbyte_cdk.sources.streams.concurrent.adapters import StreamFacade
from airbyte_cdk.sources.streams.concurrent.cursor import CursorField
from airbyte_cdk.sources.streams.concurrent.helpers import get_cursor_field_from_stream
from airbyte_cdk.sources.streams.concurrent.partitions.types import QueueItem
from airbyte_cdk.sources.utils import casing
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.client import IntercomApi
from source_intercom.check import check
from source_intercom.config import Config, migrated
from source_intercom.inputs import read_json, states_of
from source_intercom.streams import STREAMS
from source_intercom.streams.base import IntercomStream, StreamContext
from source_intercom.streams.partitions import SlicePartitions, StreamOfPartitions
from source_intercom.workers import Workers

QUEUE_SIZE: Final = 250
"""Records that may wait for stdout; when it stalls, reading stops there and memory stays flat."""

PENDING_PARTITIONS: Final = 500
"""Windows and conversations that may wait for a worker."""


class SourceIntercom(ConcurrentSourceAdapter):
    """Reads all streams side by side, through the CDK's concurrent source.

    Records, states and logs share one queue: what a state covers is always printed before the state.
    """

    def __init__(self) -> None:
        self._queue: Queue[QueueItem] = Queue(maxsize=QUEUE_SIZE)
        self._messages = ConcurrentMessageRepository(self._queue, InMemoryMessageRepository())
        self._reading: StreamContext | None = None
        self._catalog: ConfiguredAirbyteCatalog | None = None
        self._states = ConnectorStateManager()
        super().__init__(self._concurrent(Workers(2)))

    @property
    def name(self) -> str:
        """The source's name in logs."""
        return "source-intercom"

    @property
    def message_repository(self) -> MessageRepository:
        """Where streams, cursors and the CDK put messages: the queue that records go through too."""
        return self._messages

    @staticmethod
    def read_config(config_path: str) -> dict[str, Any]:
        """The config file's object.

        :raises AirbyteTracedException: a config error that says what is wrong with the file
        """
        config = read_json(config_path, "configuration")
        if not isinstance(config, dict):
            raise AirbyteTracedException(
                message="The configuration is not a JSON object.", failure_type=FailureType.config_error
            )
        return config

    @classmethod
    def read_catalog(cls, catalog_path: str) -> ConfiguredAirbyteCatalog:
        """The configured catalog.

        :raises AirbyteTracedException: a config error if the file is no catalog
        """
        catalog = read_json(catalog_path, "catalog")
        try:
            return ConfiguredAirbyteCatalogSerializer.load(catalog)
        except Exception as error:
            raise AirbyteTracedException(
                message=f"The catalog is not a configured Airbyte catalog: {error}",
                failure_type=FailureType.config_error,
            ) from None

    @classmethod
    def read_state(cls, state_path: str) -> list[AirbyteStateMessage]:
        """The state's messages, from the per-stream form or the older one of a single object.

        :raises AirbyteTracedException: a config error if the file is no state
        """
        return states_of(read_json(state_path, "state")) if state_path else []

    def configure(self, config: Mapping[str, Any], temp_dir: str) -> Mapping[str, Any]:
        """The config in today's shape, told to the platform if it changed; nothing is written to disk."""
        moved = migrated(config)
        if moved != config:
            emit_configuration_as_airbyte_control_message(moved)
        return moved

    def check_connection(self, logger: logging.Logger, config: Mapping[str, Any]) -> tuple[bool, str | None]:
        """Whether at least one stream can be read, or a sentence that says why not."""
        context = self._context(config)
        problem = check(context.config, context.api, [stream(context) for stream in STREAMS], logger)
        return problem is None, problem

    def check(self, logger: logging.Logger, config: Mapping[str, Any]) -> AirbyteConnectionStatus:
        """The outcome of `check_connection`, in its own words."""
        succeeded, problem = self.check_connection(logger, config)
        if succeeded:
            return AirbyteConnectionStatus(status=Status.SUCCEEDED)
        return AirbyteConnectionStatus(status=Status.FAILED, message=problem)

    def streams(self, config: Mapping[str, Any]) -> list[Stream]:
        """All streams, wrapped for concurrent reading; those of the catalog go on from their states."""
        context = self._reading or self._context(config)
        return [self._concurrent_stream(stream(context)) for stream in STREAMS]

    def read(
        self,
        logger: logging.Logger,
        config: Mapping[str, Any],
        catalog: ConfiguredAirbyteCatalog,
        state: list[AirbyteStateMessage] | None = None,
    ) -> Iterator[AirbyteMessage]:
        """All messages of a sync; ends with a line per stream that says what was read and what was skipped."""
        self._reading = context = self._context(config)
        self._catalog, self._states = catalog, ConnectorStateManager(state)
        workers = Workers(context.config.num_workers)
        context.api.budget.unspent = workers.grow
        self._concurrent_source = self._concurrent(workers)
        try:
            yield from super().read(logger, config, catalog, state)
            _refuse_unknown(catalog)
        finally:
            for line in context.reports.lines():
                logger.info(line)
            budget = context.api.budget
            logger.info("%d requests sent, %d of them answered 429.", budget.requests, budget.rate_limited)

    def _context(self, config: Mapping[str, Any]) -> StreamContext:
        parsed = Config.parse(config)
        return StreamContext(parsed, IntercomApi(parsed), self._messages)

    def _concurrent(self, workers: Workers) -> ConcurrentSource:
        logger = logging.getLogger("airbyte")
        return ConcurrentSource(
            threadpool=ThreadPoolManager(workers, logger, max_concurrent_tasks=PENDING_PARTITIONS),
            logger=logger,
            queue=self._queue,
            message_repository=self._messages,
            initial_number_partitions_to_generate=max(1, workers.first // 2),
        )

    def _concurrent_stream(self, stream: IntercomStream) -> Stream:
        cursor = stream.new_cursor(self._state_of(stream.name))
        name = get_cursor_field_from_stream(stream)
        concurrent = StreamOfPartitions(
            partition_generator=SlicePartitions(stream),
            name=stream.name,
            json_schema=stream.get_json_schema(),
            primary_key=stream.primary_key,
            cursor_field=CursorField(name) if name else None,
            logger=stream.logger,
            cursor=cursor,
        )
        return StreamFacade(concurrent, stream, cursor, self._slice_logger, stream.logger)

    def _state_of(self, name: str) -> Mapping[str, Any] | None:
        configured = next((s for s in self._catalog.streams if s.stream.name == name), None) if self._catalog else None
        if configured is None or configured.sync_mode == SyncMode.full_refresh:
            return None
        return self._states.get_stream_state(name, None)


def _refuse_unknown(catalog: ConfiguredAirbyteCatalog) -> None:
    known = {casing.camel_to_snake(stream.__name__) for stream in STREAMS}
    unknown = [configured.stream.name for configured in catalog.streams if configured.stream.name not in known]
    if unknown:
        sentence = f"The connector has no stream {', '.join(unknown)}; refresh the connection's schema."
        first = StreamDescriptor(name=unknown[0])
        raise AirbyteTracedException(sentence, sentence, FailureType.config_error, stream_descriptor=first)
