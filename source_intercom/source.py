"""SourceIntercom: what Airbyte calls."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from airbyte_cdk.config_observation import emit_configuration_as_airbyte_control_message
from airbyte_cdk.models import (
    AirbyteConnectionStatus,
    AirbyteMessage,
    AirbyteStateMessage,
    ConfiguredAirbyteCatalog,
    ConfiguredAirbyteCatalogSerializer,
    FailureType,
    Status,
)
from airbyte_cdk.sources import AbstractSource
from airbyte_cdk.sources.message import InMemoryMessageRepository
from airbyte_cdk.sources.streams import Stream
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.reasons import one_line
from source_intercom.api.secrets import mask
from source_intercom.check import check
from source_intercom.config import Config, migrated
from source_intercom.inputs import read_json, states_of
from source_intercom.streams import catalogue
from source_intercom.streams.attributes import columns_in_workspace
from source_intercom.streams.context import StreamContext, connected
from source_intercom.streams.reports import Report, reports_in_workspace
from source_intercom.sync import Sync
from source_intercom.waiting import WaitingNotice


class SourceIntercom(AbstractSource):
    """The commands of an Airbyte source; each makes what it needs anew.

    :param report_files: where the report of each read goes
    """

    _sync: Sync | None = None
    """The read that goes on, for who has to stop it."""

    def __init__(self, report_files: Sequence[Path] = ()) -> None:
        self._report_files = report_files

    @property
    def name(self) -> str:
        """The source's name in logs."""
        return "source-intercom"

    @staticmethod
    def read_config(config_path: str) -> dict[str, Any]:
        """The config file's object.

        :raises AirbyteTracedException: a config error that says what is wrong with the file
        """
        config = read_json(config_path, "configuration")
        if not isinstance(config, dict):
            sentence = "The configuration is not a JSON object."
            raise AirbyteTracedException(sentence, sentence, FailureType.config_error)
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
            sentence = f"The catalog is not a configured Airbyte catalog: {one_line(str(error))}."
            raise AirbyteTracedException(sentence, sentence, FailureType.config_error) from None

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
        context.api.budget.waiting = WaitingNotice(logger)
        try:
            streams = [*catalogue(context), Report(context)]
            problem = check(context.config, context.api, streams, logger)
        finally:
            context.api.close()
        return problem is None, problem

    def check(self, logger: logging.Logger, config: Mapping[str, Any]) -> AirbyteConnectionStatus:
        """The outcome of `check_connection`, in its own words."""
        succeeded, problem = self.check_connection(logger, config)
        if succeeded:
            return AirbyteConnectionStatus(status=Status.SUCCEEDED)
        return AirbyteConnectionStatus(status=Status.FAILED, message=mask(problem or ""))

    def streams(self, config: Mapping[str, Any]) -> list[Stream]:
        """All streams, with columns for custom attributes if they are wanted; raises as asking for those does.

        Those of the reporting export are asked for; there are none where the token may not read them.
        """
        context = self._context(config)
        if context.config.custom_attribute_columns:
            context = replace(context, columns=columns_in_workspace(context))
        return [*catalogue(context), *reports_in_workspace(context)]

    def read(
        self,
        logger: logging.Logger,
        config: Mapping[str, Any],
        catalog: ConfiguredAirbyteCatalog,
        state: list[AirbyteStateMessage] | None = None,
    ) -> Iterator[AirbyteMessage]:
        """All messages of a sync; ends with a line per stream that says what was read and what was skipped."""
        self._sync = Sync(Config.parse(config), catalog, state, logger, self._report_files)
        try:
            yield from self._sync.messages()
        finally:
            self._sync = None

    def stop(self, reason: BaseException) -> None:
        """End the read that goes on, from any thread: `reason` is raised to who takes its messages."""
        if sync := self._sync:
            sync.stop(reason)

    def _context(self, config: Mapping[str, Any]) -> StreamContext:
        return connected(Config.parse(config), InMemoryMessageRepository())
