import pytest
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.api.hosts import HOSTS
from source_intercom.config import Config, migrated
from unit_tests.builders import START, TOKEN, Json, config
from unit_tests.configs import credentials, told

WRONG_DATE = "start_date must be a date and time such as 2024-01-01T00:00:00Z."
NO_ZONE = "start_date must end in Z or a time zone's offset, as in 2024-01-01T00:00:00Z."


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


def test_types_of_custom_objects_are_texts_without_space_around_them() -> None:
    assert Config.parse(config()).custom_object_types == []
    assert Config.parse(config(custom_object_types=[" Order\n", "Test_Object"])).custom_object_types == [
        "Order",
        "Test_Object",
    ]


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
        (config(apply_deletes="perhaps"), "apply_deletes must be true or false."),
        (config(custom_attribute_columns=None), "custom_attribute_columns must be true or false."),
        (config(time_format="iso"), "time_format must be one of date-time, unix."),
        (config(custom_object_types="Order"), "custom_object_types must be a list."),
        (config(custom_object_types=None), "custom_object_types must be a list."),
        (config(custom_object_types=["Order", 5]), "custom_object_types.1 must be text."),
        (config(custom_object_types=["  "]), "custom_object_types.0 is empty."),
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


def test_times_are_timestamps_unless_a_config_says_otherwise() -> None:
    said = config()
    del said["time_format"]
    assert Config.parse(said).time_format == "date-time"
    assert migrated(said) == said


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
    assert migrated({**old, **others}) == {"credentials": moved, **others, "time_format": "unix"}
    assert migrated({**old, "time_format": "date-time"})["time_format"] == "date-time"
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
