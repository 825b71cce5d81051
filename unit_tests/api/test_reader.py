"""The one sender."""

import logging
from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.api.errors import IntercomErrorHandler
from source_intercom.api.reader import GoneError, Reader
from source_intercom.streams.context import StreamContext
from unit_tests.builders import URL, error_list

TAGS = f"{URL}tags"


def made(context: StreamContext, **rules: Any) -> Reader:
    """A reader on behalf of the tags."""
    handler = IntercomErrorHandler("Read tags", records_key="data", **rules)
    return Reader(context.api, "tags", handler, context.reports, context.messages, logging.getLogger("airbyte"))


@pytest.mark.parametrize(("status", "code"), [(404, "not_found"), (410, "contact_merged")])
def test_what_is_gone_is_told_where_something_may_be_and_an_error_elsewhere(
    status: int, code: str, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.get(TAGS, status_code=status, json=error_list(code))
    with pytest.raises(GoneError):
        made(context, may_be_gone=True).get("tags")
    with pytest.raises(AirbyteTracedException) as error:
        made(context).get("tags")
    assert error.value.failure_type == FailureType.system_error


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_a_request_is_repeated_as_often_as_its_sender_says(
    retries: int, context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.get(TAGS, status_code=503, text="")
    with pytest.raises(AirbyteTracedException, match="answered 503"):
        made(context).get("tags", retries=retries)
    assert asked.call_count == 1 + retries
    assert context.reports.count("tags", report.REQUESTS) == 1


def test_the_last_trouble_is_kept_in_its_sentence(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(TAGS, [{"status_code": 502, "text": ""}, {"json": {"data": []}}])
    sender = made(context)
    assert sender.trouble == ""
    sender.get("tags")
    assert "answered 502" in sender.trouble
    assert context.reports.count("tags", report.RETRIES) == 1
