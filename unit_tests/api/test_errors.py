from dataclasses import replace

import pytest
import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.error_handlers import ErrorResolution, ResponseAction
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.api.errors import CODES, STATUSES, IntercomErrorHandler, Rule, TokenUse
from source_intercom.api.sentences import NOT_PERMITTED, says
from unit_tests.builders import error_list, response

SCOPE = "Read conversations"
HANDLER = IntercomErrorHandler(SCOPE)
CHILD = IntercomErrorHandler(SCOPE, may_be_gone=True)
HTML = "<html><body><center>nginx</center></body></html>"

FAIL, RETRY, IGNORE = ResponseAction.FAIL, ResponseAction.RETRY, ResponseAction.IGNORE
CONFIG, SYSTEM, TRANSIENT = FailureType.config_error, FailureType.system_error, FailureType.transient_error


def told(resolution: ErrorResolution) -> str:
    return resolution.error_message or ""


# What Intercom answers: status, code, action, type, and words of the message.
TABLE = [
    (401, "unauthorized", FAIL, CONFIG, "refused the access token"),
    (401, "missing_authorization", FAIL, CONFIG, "refused the access token"),
    (401, "token_revoked", FAIL, CONFIG, "revoked"),
    (401, "token_expired", FAIL, CONFIG, "authenticate again"),
    (401, "token_blocked", FAIL, CONFIG, "refused the access token"),
    (401, "token_suspended", FAIL, CONFIG, "refused the access token"),
    (401, "token_not_found", FAIL, CONFIG, "another region"),
    (401, "", FAIL, CONFIG, "refused the access token"),
    (401, "a_new_code", FAIL, CONFIG, "refused the access token (Intercom says so): it is wrong"),
    (401, "token_unauthorized", FAIL, CONFIG, f"lacks the permission “{SCOPE}” (Intercom says so)"),
    (403, "forbidden", FAIL, CONFIG, f"lacks the permission “{SCOPE}”"),
    (403, "action_forbidden", FAIL, CONFIG, f"lacks the permission “{SCOPE}”"),
    (403, "", FAIL, CONFIG, f"lacks the permission “{SCOPE}”"),
    (403, "a_new_code", FAIL, CONFIG, f"lacks the permission “{SCOPE}”"),
    (403, "api_plan_restricted", FAIL, CONFIG, "plan does not include this data (Intercom says so)"),
    (402, "api_plan_restricted", FAIL, CONFIG, "plan does not include this data"),
    (402, "", FAIL, CONFIG, "plan does not include this data"),
    (400, "intercom_version_invalid", FAIL, SYSTEM, "(Intercom says so); update the connector"),
    (400, "client_error", ResponseAction.RESET_PAGINATION, TRANSIENT, ""),
    (400, "parameter_invalid", FAIL, SYSTEM, "status 400 (Intercom says so)"),
    (400, "invalid_sort_order", FAIL, SYSTEM, "please report this"),
    (400, "", FAIL, SYSTEM, "status 400"),
    (404, "not_found", FAIL, SYSTEM, "status 404"),
    (406, "", FAIL, SYSTEM, "status 406"),
    (410, "contact_merged", FAIL, SYSTEM, "status 410"),
    (422, "parameter_invalid", FAIL, SYSTEM, "status 422"),
    (407, "", FAIL, CONFIG, "The proxy before Intercom did not take"),
    (408, "request_timeout", RETRY, TRANSIENT, "answered 408 (Intercom says so) several times"),
    (409, "resource_conflict", RETRY, TRANSIENT, "answered 409"),
    (429, "rate_limit_exceeded", ResponseAction.RATE_LIMITED, TRANSIENT, "rate limit is used up"),
    (429, "too_many_requests", ResponseAction.RATE_LIMITED, TRANSIENT, "other apps"),
    (429, "", ResponseAction.RATE_LIMITED, TRANSIENT, "rate limit is used up (Intercom says so)"),
    (500, "server_error", RETRY, TRANSIENT, "answered 500"),
    (502, "", RETRY, TRANSIENT, "answered 502"),
    (503, "service_unavailable", RETRY, TRANSIENT, "answered 503"),
    (504, "", RETRY, TRANSIENT, "answered 504"),
    (599, "", RETRY, TRANSIENT, "answered 599"),
]


@pytest.mark.parametrize(("status", "code", "action", "failure", "words"), TABLE)
def test_each_answer_has_its_consequence(
    status: int, code: str, action: ResponseAction, failure: FailureType, words: str
) -> None:
    resolution = HANDLER.interpret_response(response(status, error_list(code, "Intercom says so")))
    assert (resolution.response_action, resolution.failure_type) == (action, failure)
    assert words in told(resolution)


@pytest.mark.parametrize(
    ("status", "action", "failure"),
    [
        (400, FAIL, SYSTEM),
        (401, FAIL, CONFIG),
        (403, FAIL, CONFIG),
        (404, FAIL, SYSTEM),
        (429, ResponseAction.RATE_LIMITED, TRANSIENT),
        (500, RETRY, TRANSIENT),
        (502, RETRY, TRANSIENT),
        (503, RETRY, TRANSIENT),
        (504, RETRY, TRANSIENT),
    ],
)
@pytest.mark.parametrize("text", [HTML, "", '{"errors": {"name": "is wrong"}}', '{"cut off'])
def test_html_and_foreign_bodies_are_judged_by_their_status(
    status: int, action: ResponseAction, failure: FailureType, text: str
) -> None:
    resolution = HANDLER.interpret_response(response(status, text=text))
    assert (resolution.response_action, resolution.failure_type) == (action, failure)
    assert told(resolution)
    assert HTML not in told(resolution)


RESOURCE = "Not authorized to access resource"
INVALID = "Access Token Invalid"


@pytest.mark.parametrize(
    ("code", "words", "taken", "of_permission"),
    [
        (None, RESOURCE, False, True),
        ("", RESOURCE, False, True),
        ("unauthorized", RESOURCE, False, True),
        ("a_new_code", "You do not have the required scope", False, True),
        (None, None, False, False),
        (None, None, True, True),
        ("unauthorized", None, True, True),
        ("a_new_code", "no", True, True),
        ("unauthorized", INVALID, False, False),
        ("unauthorized", INVALID, True, False),
        ("token_revoked", RESOURCE, True, False),
        ("token_unauthorized", None, False, True),
        ("missing_authorization", None, True, False),
    ],
)
def test_a_401_is_a_missing_permission_if_it_speaks_of_a_resource_or_the_token_was_taken_before(
    code: str | None, words: str | None, taken: bool, of_permission: bool
) -> None:
    handler = IntercomErrorHandler(SCOPE, token=TokenUse(taken))
    body = {"type": "error.list", "errors": [{"code": code, "message": words}]}
    resolution = handler.interpret_response(response(401, body))
    assert (resolution.response_action, resolution.failure_type) == (FAIL, CONFIG)
    expected = f"The access token lacks the permission “{SCOPE}”" if of_permission else "Intercom refused the access"
    assert told(resolution).startswith(expected)


def test_a_permission_without_a_known_name_is_told_in_intercoms_words() -> None:
    body = {"type": "error.list", "errors": [{"code": "forbidden", "message": "the scope (read_brands) is lacking"}]}
    said = told(IntercomErrorHandler("").interpret_response(response(403, body)))
    assert said.startswith("The access token lacks a permission (the scope (read_brands) is lacking); grant it")


def test_a_token_counts_as_taken_once_a_request_with_it_was_answered_well() -> None:
    token = TokenUse()
    one, other = IntercomErrorHandler("Read tags", token=token), IntercomErrorHandler("Read admins", token=token)
    refused = response(401, {"type": "error.list", "errors": []})
    assert "refused the access token" in told(other.interpret_response(refused))
    one.interpret_response(response(200, text=HTML))
    assert "refused the access token" in told(other.interpret_response(refused))
    one.interpret_response(response(200, {}))
    assert "“Read admins” (no reason given)" in told(other.interpret_response(refused))


@pytest.mark.parametrize("status", [301, 302, 307, 401, 403])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<html><head><title>Access denied</title></head></html>", "{} (Access denied);"),
        ('{"message": "Forbidden by policy"}', "{} (Forbidden by policy);"),
        ("", "{};"),
    ],
)
def test_a_refusal_that_is_none_of_intercoms_comes_from_something_else(status: int, text: str, words: str) -> None:
    resolution = HANDLER.interpret_response(response(status, text=text))
    assert (resolution.response_action, resolution.failure_type) == (FAIL, CONFIG)
    assert told(resolution).startswith("Something between the connector and Intercom")
    assert f"answered {words.format(status)} let the connector pass" in told(resolution)


def test_a_redirect_is_no_success() -> None:
    assert HANDLER.interpret_response(response(302, {"data": []})).response_action == FAIL


def test_errors_of_a_permission_are_told_from_others() -> None:
    lacking = HANDLER.interpret_response(response(403, error_list("forbidden")))
    revoked = HANDLER.interpret_response(response(401, error_list("token_revoked")))
    assert says(AirbyteTracedException(None, told(lacking)), NOT_PERMITTED)
    assert not says(AirbyteTracedException(None, told(revoked)), NOT_PERMITTED)


@pytest.mark.parametrize("text", ["", HTML, '{"data": [{"id": "1"', "[]", "null"])
def test_an_empty_200_is_retried(text: str) -> None:
    resolution = HANDLER.interpret_response(response(200, text=text))
    assert (resolution.response_action, resolution.failure_type) == (RETRY, TRANSIENT)
    assert "empty or broken body" in told(resolution)


def test_a_list_without_the_object_around_it_is_a_success_only_where_it_may_come() -> None:
    bare = response(200, text='[{"id": "1"}]')
    handler = replace(HANDLER, records_key="data")
    assert handler.interpret_response(bare).response_action == RETRY
    assert replace(handler, may_be_bare=True).interpret_response(bare).response_action == ResponseAction.SUCCESS
    broken = response(200, text="7")
    assert replace(handler, may_be_bare=True).interpret_response(broken).response_action == RETRY


@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_json_object_is_a_success(status: int) -> None:
    assert HANDLER.interpret_response(response(status, {})).response_action == ResponseAction.SUCCESS


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectTimeout(),
        requests.ReadTimeout(),
        requests.ConnectionError(),
        requests.exceptions.ChunkedEncodingError(),
        requests.exceptions.SSLError(),
    ],
)
def test_a_request_without_an_answer_is_repeated(error: Exception) -> None:
    resolution = HANDLER.interpret_response(error)
    assert (resolution.response_action, resolution.failure_type) == (RETRY, TRANSIENT)
    assert f"could not be reached ({type(error).__name__})" in told(resolution)


def test_what_an_exception_says_is_not_repeated() -> None:
    error = requests.ConnectionError("https://host.test/?token=secret")
    assert "secret" not in told(HANDLER.interpret_response(error))


@pytest.mark.parametrize(
    "answer",
    [
        response(404, error_list("not_found", "Resource Not Found")),
        response(404, error_list("conversation_not_found")),
        response(404, error_list("company_not_found")),
        response(404, text=HTML),
        response(404, text=""),
        response(410, error_list("contact_merged")),
    ],
)
def test_any_404_or_410_on_a_child_is_a_record_that_is_gone(answer: requests.Response) -> None:
    assert CHILD.interpret_response(answer).response_action == IGNORE


def test_a_404_says_nothing_of_being_gone_on_other_streams() -> None:
    assert HANDLER.interpret_response(response(404, text=HTML)).response_action == FAIL


@pytest.mark.parametrize(
    ("status", "code", "action", "failure", "words"), [row for row in TABLE if row[0] not in (404, 410)]
)
def test_where_records_may_be_gone_other_answers_mean_the_same(
    status: int, code: str, action: ResponseAction, failure: FailureType, words: str
) -> None:
    resolution = CHILD.interpret_response(response(status, error_list(code, "Intercom says so")))
    assert (resolution.response_action, resolution.failure_type) == (action, failure)
    assert words in told(resolution)


def test_a_streams_own_rules_come_first() -> None:
    own = Rule(ResponseAction.RESET_PAGINATION, TRANSIENT, "own")
    handler = IntercomErrorHandler(SCOPE, may_be_gone=True, rules={(404, ""): own, (400, "scroll_exists"): own})
    for answer in (
        response(404, text=HTML),
        response(404, error_list("not_found")),
        response(400, error_list("scroll_exists")),
    ):
        assert handler.interpret_response(answer).response_action == ResponseAction.RESET_PAGINATION
    assert handler.interpret_response(response(400, error_list("other"))).response_action == FAIL


def test_a_row_for_a_code_comes_before_the_row_for_its_status() -> None:
    named, any_code = Rule(IGNORE, TRANSIENT, "named"), Rule(RETRY, TRANSIENT, "any")
    handler = IntercomErrorHandler(SCOPE, rules={(404, ""): any_code, (404, "not_found"): named})
    assert handler.interpret_response(response(404, error_list("not_found"))).error_message == "named"
    assert handler.interpret_response(response(404, error_list("other"))).error_message == "any"


def test_braces_in_intercoms_words_are_words() -> None:
    resolution = HANDLER.interpret_response(response(422, error_list("data_invalid", "{status} {0} {")))
    assert "({status} {0} {)" in told(resolution)


def test_an_error_without_words_is_told_by_its_code() -> None:
    assert "(data_invalid)" in told(HANDLER.interpret_response(response(422, error_list("data_invalid"))))
    assert "(no reason given)" in told(HANDLER.interpret_response(response(422, {})))


def test_retries_are_bounded() -> None:
    assert (HANDLER.max_retries, HANDLER.max_time) == (5, 120)


@given(
    st.integers(100, 999),
    st.sampled_from(["", "a_new_code", *CODES]),
    st.text() | st.builds(lambda code: f'{{"errors": [{{"code": "{code}"}}]}}', st.sampled_from(list(CODES))),
)
def test_every_answer_is_judged_and_every_failure_has_a_sentence(status: int, code: str, text: str) -> None:
    for answer in (response(status, error_list(code, text)), response(status, text=text)):
        resolution = HANDLER.interpret_response(answer)
        if resolution.response_action != ResponseAction.SUCCESS:
            assert told(resolution).endswith(".")
            assert resolution.failure_type is not None


def test_the_table_is_complete() -> None:
    assert set(CODES) <= {code for _, code, *_ in TABLE}
    assert set(STATUSES) <= {status for status, code, *_ in TABLE if not code or status in (408, 409)}
