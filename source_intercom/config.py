"""The connection's options: one model, one sentence for each mistake, older shapes moved to today's."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from source_intercom.api.hosts import Region

DEFAULT_WORKERS: Final = 100
_FLAT_TOKEN: Final = "access_token"  # noqa: S105 - a field's name


class _Options(BaseModel):
    """What all options share: unknown fields are let through, white space around text is not meant."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


Secret = Annotated[str, Field(min_length=1, pattern=r"^[!-~]*$", repr=False)]


class OAuthCredentials(_Options):
    """What the sign-in with Intercom leaves behind; the token neither expires nor is refreshed (API notes 7)."""

    auth_type: Literal["Client"]
    client_id: str | None = None
    client_secret: Annotated[str | None, Field(repr=False)] = None
    access_token: Secret


class TokenCredentials(_Options):
    """The access token of the user's own app in Intercom's Developer Hub."""

    auth_type: Literal["AccessToken"]
    access_token: Secret


class Config(_Options):
    """The connection's options, as the form in spec.yaml asks for them."""

    credentials: Annotated[OAuthCredentials | TokenCredentials, Field(discriminator="auth_type")]
    start_date: AwareDatetime
    region: Region = "US"
    lookback_window: Annotated[int, Field(ge=0, le=3650)] = 0
    apply_deletes: bool = False
    time_format: Literal["date-time", "unix"] = "date-time"
    custom_attribute_columns: bool = False
    custom_object_types: list[Annotated[str, Field(min_length=1)]] = []
    message_lookback_days: Annotated[int, Field(ge=0, le=3650)] = 30
    num_workers: Annotated[int, Field(ge=2, le=200)] = DEFAULT_WORKERS

    @field_validator("start_date", mode="before")
    @classmethod
    def _start_date_is_text(cls, value: object) -> object:
        text = value.strip() if isinstance(value, str) else ""
        if not re.match(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError("must be a date and time such as 2024-01-01T00:00:00Z")
        return f"{text}T00:00:00Z" if len(text) == len("2024-01-01") else text

    @field_validator("start_date")
    @classmethod
    def _start_date_has_passed(cls, value: datetime) -> datetime:
        if value > datetime.now(UTC):
            raise ValueError(f"lies in the future ({value.isoformat()}); choose a date that has passed")
        return value

    @model_validator(mode="before")
    @classmethod
    def _of_any_age(cls, value: object) -> object:
        return migrated(value) if isinstance(value, Mapping) else value

    @property
    def access_token(self) -> str:
        """The bearer token, whichever way it was obtained."""
        return self.credentials.access_token

    @property
    def secrets(self) -> tuple[str | None, ...]:
        """What must never be printed: the token, and the secret of an app of one's own."""
        return self.access_token, getattr(self.credentials, "client_secret", None)

    @property
    def start_second(self) -> int:
        """`start_date` in Unix seconds; a date before those begin means everything, as they do."""
        return max(int(self.start_date.timestamp()), 0)

    @classmethod
    def parse(cls, config: Mapping[str, Any]) -> "Config":
        """The validated options.

        :raises AirbyteTracedException: a config error whose message names each wrong field in one sentence
        """
        try:
            return cls.model_validate(dict(config))
        except ValidationError as error:
            mistakes = [_sentence(mistake) for mistake in error.errors(include_input=False, include_url=False)]
            raise AirbyteTracedException(
                message=" ".join(mistakes),
                internal_message=" ".join(mistakes),
                failure_type=FailureType.config_error,
            ) from None


def migrated(config: Mapping[str, Any]) -> dict[str, Any]:
    """The config in today's shape, with no white space around secrets; today's own shape comes back unchanged.

    The official connector keeps `access_token` (and for OAuth `client_id`, `client_secret`) either in
    `credentials` or, in older versions, beside `start_date`, and no `auth_type`. Its times are Unix seconds: columns
    keep their types.
    """
    moved = dict(config)
    if "credentials" not in moved and moved.get(_FLAT_TOKEN):
        names = (_FLAT_TOKEN, "client_id", "client_secret")
        moved["credentials"] = {name: moved.pop(name) for name in names if name in moved}
    credentials: object = moved.get("credentials")
    if isinstance(credentials, Mapping):
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in credentials.items()}
        kind = "Client" if credentials.get("client_id") and credentials.get("client_secret") else "AccessToken"
        moved["credentials"] = {"auth_type": kind, **stripped}
        if "auth_type" not in credentials:
            moved.setdefault("time_format", "unix")
    return moved


_SENTENCES: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "string_too_short": "is empty",
    "string_type": "must be text",
    "string_pattern_mismatch": "contains characters that no token has, such as spaces or line breaks",
    "literal_error": "must be one of {expected}",
    "union_tag_invalid": "must have one of {expected_tags} as auth_type",
    "union_tag_not_found": "must say its auth_type",
    "model_attributes_type": "must be an object with auth_type and access_token",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "datetime_from_date_parsing": "must be a date and time such as 2024-01-01T00:00:00Z",
    "datetime_parsing": "must be a date and time such as 2024-01-01T00:00:00Z",
    "timezone_aware": "must end in Z or a time zone's offset, as in 2024-01-01T00:00:00Z",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
}


def _sentence(mistake: ErrorDetails) -> str:
    field = (
        ".".join(str(part) for part in mistake["loc"] if part not in ("Client", "AccessToken")) or "The configuration"
    )
    context = mistake.get("ctx", {})
    if mistake["type"] == "value_error":
        return f"{field} {context['error']}."
    if mistake["type"] == "literal_error":
        context = {"expected": context["expected"].replace("'", "").replace(" or ", ", ")}
    return f"{field} {_SENTENCES.get(mistake['type'], mistake['msg']).format(**context)}."
