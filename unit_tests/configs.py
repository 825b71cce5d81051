"""Configs, and what is said about them."""

from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.config import Config
from unit_tests.builders import Json, config


def told(changed: Json) -> str:
    """What is said about a config that is not valid."""
    with pytest.raises(AirbyteTracedException) as error:
        Config.parse(changed)
    assert error.value.failure_type == FailureType.config_error
    return str(error.value)


def credentials(**fields: Any) -> Json:
    return config(credentials=fields)
