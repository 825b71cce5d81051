"""The connection check: is the token good, is the region right, and which streams may it read."""

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.client import IntercomApi
from source_intercom.api.hosts import HOSTS
from source_intercom.api.sentences import NOT_PERMITTED, UNKNOWN_TYPES, says
from source_intercom.config import Config
from source_intercom.streams.base import IntercomStream


def check(config: Config, api: IntercomApi, streams: Sequence[IntercomStream], logger: logging.Logger) -> str | None:
    """None when at least one stream can be read, else one sentence that says what is wrong.

    Each permission is tried once, with the first request of the first stream that needs it. Streams whose permission
    has no known name are tried one by one, those together whose rows the same requests bring. What cannot be read, or
    could not be tried, although others can, is logged as a warning, with its streams.
    """
    return _token_problem(config, api, logger) or _stream_problem(streams, config.num_workers, logger)


@dataclass(frozen=True)
class _Problem:
    """Why streams cannot be read; not `certain` where their first request does not tell whether they can."""

    names: Sequence[str]
    sentence: str
    certain: bool


def _token_problem(config: Config, api: IntercomApi, logger: logging.Logger) -> str | None:
    try:
        region = str(api.workspace().get("region")).upper()
    except AirbyteTracedException as error:
        if not says(error, NOT_PERMITTED):
            return str(error)
        logger.warning("The workspace's region cannot be compared. %s", error)
        return None
    if region in HOSTS and region != config.region:
        return f"The workspace lives in Intercom's region {region}, not {config.region}; set the region to {region}."
    return None


def _stream_problem(streams: Sequence[IntercomStream], most: int, logger: logging.Logger) -> str | None:
    families = _by_permission(streams)
    # Side by side: one that does not answer takes minutes to give up.
    with ThreadPoolExecutor(min(len(families), most), thread_name_prefix="check") as threads:
        problems = [problem for problem in threads.map(_try_out, families.values()) if problem]
    for problem in problems:
        what = "Not readable: %s. %s" if problem.certain else "Could not be tried: %s. %s"
        logger.warning(what, ", ".join(problem.names), problem.sentence)
    if len(problems) < len(families):
        return None
    return "The access token is valid but cannot read any stream. " + " ".join(
        dict.fromkeys(problem.sentence for problem in problems)
    )


def _by_permission(streams: Sequence[IntercomStream]) -> Mapping[object, list[IntercomStream]]:
    families: dict[object, list[IntercomStream]] = {}
    for stream in streams:
        asked = stream.children_root() or stream.root()
        families.setdefault(stream.permission or asked, []).append(stream)
    return families


def _try_out(family: Sequence[IntercomStream]) -> _Problem | None:
    names = [stream.name for stream in family]
    try:
        family[0].probe()
    except AirbyteTracedException as error:
        return _Problem(names, str(error), certain=says(error, NOT_PERMITTED, UNKNOWN_TYPES))
    except Exception as error:
        sentence = f"Intercom's answer to the first request could not be used ({type(error).__name__})."
        return _Problem(names, sentence, certain=False)
    return None
