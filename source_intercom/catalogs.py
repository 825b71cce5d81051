"""The configured catalog, as far as the connector can follow it: what it cannot, is said and costs no other stream."""

import logging
from collections.abc import Collection, Iterable, Sequence

from airbyte_cdk.models import (
    AirbyteMessage,
    AirbyteStreamStatus,
    ConfiguredAirbyteCatalog,
    ConfiguredAirbyteStream,
    FailureType,
    StreamDescriptor,
    SyncMode,
)
from airbyte_cdk.sources.streams import Stream
from airbyte_cdk.utils.stream_status_utils import as_airbyte_message
from airbyte_cdk.utils.traced_exception import AirbyteTracedException


def readable(
    catalog: ConfiguredAirbyteCatalog, streams: Iterable[Stream], logger: logging.Logger
) -> ConfiguredAirbyteCatalog:
    """The streams of the catalog that there are, each once; warns of one that is configured as it cannot be read.

    Those that cannot be read incrementally are short. They come first, so that they do not wait for the others where
    few streams can begin at the same time.
    """
    known = {stream.name: stream for stream in streams}
    chosen: dict[str, ConfiguredAirbyteStream] = {}
    for configured in catalog.streams:
        name = configured.stream.name
        if name in chosen:
            logger.warning("%s: the catalog names this stream more than once; it is read once.", name)
        elif name in known:
            chosen[name] = configured
            if configured.sync_mode == SyncMode.incremental and not known[name].supports_incremental:
                logger.warning("%s: cannot be read incrementally, so all of it is read.", name)
    in_order = sorted(chosen.values(), key=lambda configured: known[configured.stream.name].supports_incremental)
    return ConfiguredAirbyteCatalog(streams=in_order)


def unknown(catalog: ConfiguredAirbyteCatalog, known: Collection[str]) -> list[str]:
    """The names in the catalog that no stream of the connector has."""
    return list(dict.fromkeys(each.stream.name for each in catalog.streams if each.stream.name not in known))


def refusals(names: Sequence[str]) -> Iterable[AirbyteMessage]:
    """What the platform is told of each stream that there is not."""
    for name in names:
        stream = StreamDescriptor(name=name)
        yield as_airbyte_message(stream, AirbyteStreamStatus.INCOMPLETE)
        yield refusal([name]).as_airbyte_message()


def refusal(names: Sequence[str]) -> AirbyteTracedException:
    """The config error that names the streams that there are not."""
    sentence = f"The connector has no stream {', '.join(names)}; refresh the connection's schema."
    first = StreamDescriptor(name=names[0])
    return AirbyteTracedException(sentence, sentence, FailureType.config_error, stream_descriptor=first)
