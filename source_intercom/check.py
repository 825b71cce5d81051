"""The connection check: is the token good, is the region right, and which streams may it read."""

import logging
from collections.abc import Sequence

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.client import IntercomApi
from source_intercom.config import Config
from source_intercom.streams.base import IntercomStream


def check(config: Config, api: IntercomApi, streams: Sequence[IntercomStream], logger: logging.Logger) -> str | None:
    """None when at least one stream can be read, else one sentence that says what is wrong.

    Permissions that are missing although others are there are logged as warnings, with the streams that need them.
    """
    return _token_problem(config, api) or _permission_problem(streams, logger)


def _token_problem(config: Config, api: IntercomApi) -> str | None:
    try:
        region = (api.me().get("app") or {}).get("region")
    except AirbyteTracedException as error:
        return str(error)
    if region and region != config.region:
        return f"The workspace lives in Intercom's region {region}, not {config.region}; set the region to {region}."
    return None


def _permission_problem(streams: Sequence[IntercomStream], logger: logging.Logger) -> str | None:
    problems: dict[str, list[str]] = {}
    for stream in streams:
        try:
            stream.probe()
        except AirbyteTracedException as error:
            if error.failure_type == FailureType.config_error:
                problems.setdefault(str(error), []).append(stream.name)
            else:
                return str(error)
    for problem, names in problems.items():
        logger.warning("Not readable: %s. %s", ", ".join(names), problem)
    if sum(len(names) for names in problems.values()) == len(streams):
        return "The access token is valid but cannot read any stream. " + " ".join(problems)
    return None
