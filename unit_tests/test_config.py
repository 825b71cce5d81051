import logging
from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Template
from jsonschema import Draft7Validator
from pydantic import BaseModel

from source_intercom.api.hosts import HOSTS, Region
from source_intercom.config import Config, OAuthCredentials, TokenCredentials, migrated
from source_intercom.source import SourceIntercom
from unit_tests.builders import START, TOKEN, Json, config

WRONG_DATE = "start_date must be a date and time such as 2024-01-01T00:00:00Z."
NO_ZONE = "start_date must end in Z or a time zone's offset, as in 2024-01-01T00:00:00Z."


def told(changed: Json) -> str:
    """What is said about a config that is not valid."""
    with pytest.raises(AirbyteTracedException) as error:
        Config.parse(changed)
    assert error.value.failure_type == FailureType.config_error
    return str(error.value)


def credentials(**fields: Any) -> Json:
    return config(credentials=fields)


# What is valid


def test_only_credentials_and_start_date_are_needed() -> None:
    parsed = Config.parse(config())
    assert parsed.access_token == TOKEN
    assert parsed.start_second == START
    assert (parsed.region, parsed.lookback_window, parsed.num_workers) == ("US", 0, 100)


@pytest.mark.parametrize(
    "text",
    ["2024-01-01T00:00:00Z", "2024-01-01", " 2024-01-01T00:00:00Z ", "2024-01-01T01:00:00+01:00", "2024-01-01T00:00Z"],
)
def test_a_start_date_is_a_moment(text: str) -> None:
    assert Config.parse(config(start_date=text)).start_second == START


@pytest.mark.parametrize("region", list(HOSTS))
def test_each_region_is_valid(region: str) -> None:
    assert Config.parse(config(region=region)).region == region


@pytest.mark.parametrize(("field", "value"), [("num_workers", 2), ("num_workers", 200), ("lookback_window", 3650)])
@pytest.mark.parametrize("kind", [int, str])
def test_numbers_are_valid_up_to_their_bounds_and_as_text(field: str, value: int, kind: type) -> None:
    assert getattr(Config.parse(config(**{field: kind(value)})), field) == value


def test_unknown_fields_are_let_through() -> None:
    known = Config.parse(config())
    fields = {"activity_logs_time_step": 30, "page_size": 50, "__injected_declarative_manifest": {}}
    assert Config.parse(config(**fields)) == known
    assert Config.parse(credentials(auth_type="AccessToken", access_token=TOKEN, option_title="Token")) == known


def test_oauth_credentials_are_valid() -> None:
    oauth = {"auth_type": "Client", "client_id": "c", "client_secret": "s", "access_token": TOKEN}
    assert Config.parse(config(credentials=oauth)).access_token == TOKEN


def test_a_token_pasted_with_a_line_break_is_trimmed() -> None:
    assert Config.parse(credentials(auth_type="AccessToken", access_token=f" {TOKEN}\n")).access_token == TOKEN


# What is not, and the one sentence for each mistake


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"credentials": {"auth_type": "AccessToken", "access_token": TOKEN}}, "start_date is missing."),
        ({"start_date": "2024-01-01T00:00:00Z"}, "credentials is missing."),
        (config(credentials=None), "credentials must be an object with auth_type and access_token."),
        (config(credentials=TOKEN), "credentials must be an object with auth_type and access_token."),
        (config(credentials=[TOKEN]), "credentials must be an object with auth_type and access_token."),
        (credentials(auth_type="AccessToken"), "credentials.access_token is missing."),
        (credentials(auth_type="Client", client_id="c"), "credentials.access_token is missing."),
        (credentials(auth_type="AccessToken", access_token=""), "credentials.access_token is empty."),
        (credentials(auth_type="AccessToken", access_token="  "), "credentials.access_token is empty."),
        (credentials(auth_type="AccessToken", access_token=5), "credentials.access_token must be text."),
        (credentials(auth_type="AccessToken", access_token=None), "credentials.access_token must be text."),
        (
            credentials(auth_type="token", access_token=TOKEN),
            "credentials must have one of 'Client', 'AccessToken' as auth_type.",
        ),
        (
            credentials(auth_type=None, access_token=TOKEN),
            "credentials must have one of 'Client', 'AccessToken' as auth_type.",
        ),
        (config(start_date="01/02/2024"), WRONG_DATE),
        (config(start_date="yesterday"), WRONG_DATE),
        (config(start_date=""), WRONG_DATE),
        (config(start_date="2024-13-01T00:00:00Z"), WRONG_DATE),
        (config(start_date="2024-02-30T00:00:00Z"), WRONG_DATE),
        (config(start_date="2024-02-30"), WRONG_DATE),
        (config(start_date=1704067200), WRONG_DATE),
        (config(start_date="1704067200"), WRONG_DATE),
        (config(start_date="1704067200000"), WRONG_DATE),
        (config(start_date=None), WRONG_DATE),
        (config(start_date="2024-01-01T00:00:00"), NO_ZONE),
        (config(start_date="2024-01-01 00:00:00"), NO_ZONE),
        (config(region="UK"), "region must be one of US, EU, AU."),
        (config(region="us"), "region must be one of US, EU, AU."),
        (config(region=None), "region must be one of US, EU, AU."),
        (config(region="https://evil.test"), "region must be one of US, EU, AU."),
        (config(num_workers=1), "num_workers must be 2 or more."),
        (config(num_workers=201), "num_workers must be 200 or less."),
        (config(num_workers="many"), "num_workers must be a whole number."),
        (config(num_workers=2.5), "num_workers must be a whole number."),
        (config(num_workers=None), "num_workers must be a whole number."),
        (config(num_workers=[]), "num_workers must be a whole number."),
        (config(lookback_window=-1), "lookback_window must be 0 or more."),
        (config(lookback_window=3651), "lookback_window must be 3650 or less."),
        (config(lookback_window="a day"), "lookback_window must be a whole number."),
    ],
)
def test_each_mistake_is_one_sentence_that_names_the_field(changed: Json, sentence: str) -> None:
    assert told(changed) == sentence


@freeze_time("2025-01-01T12:00:00Z")
def test_a_start_date_in_the_future_is_refused() -> None:
    assert Config.parse(config(start_date="2025-01-01T12:00:00Z"))
    assert told(config(start_date="2025-01-01T12:00:01Z")) == (
        "start_date lies in the future (2025-01-01T12:00:01+00:00); choose a date that has passed."
    )


def test_all_mistakes_are_told_at_once() -> None:
    assert told({"region": "UK", "num_workers": 0}) == (
        "credentials is missing. start_date is missing. region must be one of US, EU, AU. "
        "num_workers must be 2 or more."
    )


anything = st.recursive(
    st.sampled_from([TOKEN, f"{TOKEN}{{0}}", "AccessToken", "Client", "2024-01-01T00:00:00Z", ""])
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["auth_type", "access_token", "client_id", TOKEN]), inner, max_size=3)
    ),
    max_leaves=4,
)
names = st.sampled_from([*Config.model_fields, "access_token", "client_id", "client_secret"])


@given(st.dictionaries(names, anything))
def test_no_mistake_is_told_with_the_token(changed: Json) -> None:
    failure = None
    try:
        Config.parse(changed)
    except AirbyteTracedException as error:
        failure = error
    if failure:
        assert TOKEN not in str(failure.as_airbyte_message())
        assert str(failure).endswith(".")


def test_a_logged_config_shows_no_token() -> None:
    assert TOKEN not in repr(Config.parse(config()))


# Older shapes


@pytest.mark.parametrize(
    ("old", "moved"),
    [
        ({"access_token": TOKEN}, {"auth_type": "AccessToken", "access_token": TOKEN}),
        (
            {"access_token": TOKEN, "client_id": "c", "client_secret": "s"},
            {"auth_type": "Client", "access_token": TOKEN, "client_id": "c", "client_secret": "s"},
        ),
        ({"credentials": {"access_token": TOKEN}}, {"auth_type": "AccessToken", "access_token": TOKEN}),
        (
            {"credentials": {"access_token": TOKEN, "client_id": "c", "client_secret": "s"}},
            {"auth_type": "Client", "access_token": TOKEN, "client_id": "c", "client_secret": "s"},
        ),
        (
            {"credentials": {"access_token": TOKEN, "client_id": ""}},
            {"auth_type": "AccessToken", "access_token": TOKEN, "client_id": ""},
        ),
    ],
)
def test_older_shapes_are_moved_to_todays(old: Json, moved: Json) -> None:
    others = {"start_date": "2024-01-01T00:00:00Z", "lookback_window": 3, "activity_logs_time_step": 30}
    assert migrated({**old, **others}) == {"credentials": moved, **others}
    assert Config.parse({**old, **others}).access_token == TOKEN


@pytest.mark.parametrize(
    "today",
    [
        config(),
        config(credentials={"auth_type": "Client", "access_token": TOKEN}),
        config(num_workers=3, unknown=1),
        {},
        {"access_token": ""},
        {"credentials": None},
        {"credentials": "text"},
    ],
)
def test_todays_shape_comes_back_unchanged(today: Json) -> None:
    assert migrated(today) == today


@given(st.dictionaries(names, anything))
def test_moving_twice_is_moving_once_and_changes_no_argument(old: Json) -> None:
    before = repr(old)
    once = migrated(old)
    assert repr(migrated(once)) == repr(once)
    assert repr(old) == before


# The form


@pytest.fixture(scope="module")
def form() -> Json:
    """The connection's JSON schema, loaded by the CDK."""
    schema = SourceIntercom().spec(logging.getLogger("airbyte")).connectionSpecification
    assert isinstance(schema, dict)
    return schema


def required(model: type[BaseModel]) -> set[str]:
    return {name for name, field in model.model_fields.items() if field.is_required()}


def test_the_form_and_the_model_have_the_same_fields(form: Json) -> None:
    assert set(form["properties"]) == set(Config.model_fields)
    assert set(form["required"]) == required(Config)
    assert form["additionalProperties"] is True


def test_the_form_and_the_model_have_the_same_credentials(form: Json) -> None:
    choices = {one["properties"]["auth_type"]["const"]: one for one in form["properties"]["credentials"]["oneOf"]}
    models: dict[str, type[BaseModel]] = {"Client": OAuthCredentials, "AccessToken": TokenCredentials}
    assert set(choices) == set(models)
    for name, model in models.items():
        assert set(choices[name]["properties"]) == set(model.model_fields)
        assert set(choices[name]["required"]) >= required(model)


@pytest.mark.parametrize("name", ["region", "lookback_window", "num_workers"])
def test_the_form_and_the_model_have_the_same_defaults(name: str, form: Json) -> None:
    assert form["properties"][name]["default"] == Config.model_fields[name].default


@pytest.mark.parametrize("name", ["lookback_window", "num_workers"])
def test_the_form_and_the_model_have_the_same_bounds(name: str, form: Json) -> None:
    field = form["properties"][name]
    for value in (field["minimum"], field["maximum"]):
        Config.parse(config(**{name: value}))
    assert "or more" in told(config(**{name: field["minimum"] - 1}))
    assert "or less" in told(config(**{name: field["maximum"] + 1}))


def test_the_form_offers_every_region(form: Json) -> None:
    assert form["properties"]["region"]["enum"] == list(HOSTS)


def test_secrets_are_marked_as_such(form: Json) -> None:
    fields = [
        (name, field.get("airbyte_secret", False))
        for one in form["properties"]["credentials"]["oneOf"]
        for name, field in one["properties"].items()
    ]
    assert all(secret == (name != "auth_type") for name, secret in fields)
    assert not any(field.get("airbyte_secret") for field in form["properties"].values())


def test_fields_have_titles_descriptions_and_an_order(form: Json) -> None:
    assert [field["order"] for field in form["properties"].values()] == list(range(len(form["properties"])))
    assert all(field["title"] and field["description"] for field in form["properties"].values())


def test_the_form_is_a_valid_schema_and_accepts_what_the_model_accepts(form: Json) -> None:
    Draft7Validator.check_schema(form)
    validator = Draft7Validator(form)
    filled = config(**{name: form["properties"][name]["default"] for name in ("region", "lookback_window")})
    oauth = {"auth_type": "Client", "client_id": "c", "client_secret": "s", "access_token": TOKEN}
    for valid in (config(), filled, config(credentials=oauth), config(unknown=1)):
        assert list(validator.iter_errors(valid)) == []
        Config.parse(valid)


@pytest.mark.parametrize(
    "changed",
    [
        config(region="UK"),
        config(num_workers=1),
        config(lookback_window=3651),
        config(start_date="yesterday"),
        credentials(auth_type="AccessToken", access_token=""),
        credentials(auth_type="other", access_token=TOKEN),
        {},
    ],
)
def test_the_form_refuses_what_the_model_refuses(changed: Json, form: Json) -> None:
    assert list(Draft7Validator(form).iter_errors(changed))
    assert told(changed)


def test_the_examples_of_the_form_are_valid(form: Json) -> None:
    for name, field in form["properties"].items():
        for value in field.get("examples", []):
            assert list(Draft7Validator(form).iter_errors(config(**{name: value}))) == []
            Config.parse(config(**{name: value}))


def test_signing_in_fills_fields_of_the_form(form: Json) -> None:
    auth = SourceIntercom().spec(logging.getLogger("airbyte")).advanced_auth
    assert auth is not None
    assert auth.predicate_key == ["credentials", "auth_type"]
    oauth = next(
        one
        for one in form["properties"]["credentials"]["oneOf"]
        if one["properties"]["auth_type"]["const"] == auth.predicate_value
    )
    flow = auth.oauth_config_specification
    assert flow is not None
    outputs = [flow.complete_oauth_output_specification, flow.complete_oauth_server_output_specification]
    paths = [field["path_in_connector_config"] for one in outputs for field in (one or {})["properties"].values()]
    assert [path[0] for path in paths] == ["credentials"] * 3
    assert {path[1] for path in paths} == set(oauth["properties"]) - {"auth_type"}


@pytest.mark.parametrize("region", list(HOSTS))
def test_signing_in_happens_in_the_workspaces_region(region: Region) -> None:
    auth = SourceIntercom().spec(logging.getLogger("airbyte")).advanced_auth
    assert auth is not None
    flow = auth.oauth_config_specification
    assert flow is not None
    asked = flow.oauth_connector_input_specification
    assert asked is not None
    hosts = [Template(url or "").render(region=region) for url in (asked.access_token_url, asked.consent_url)]
    assert hosts[0] == f"{HOSTS[region]}/auth/eagle/token"
    assert hosts[1].startswith(HOSTS[region].replace("api", "app").replace(".io", ".com") + "/oauth?")
