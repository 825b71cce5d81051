import logging

import pytest
from jinja2 import Template
from jsonschema import Draft7Validator
from pydantic import BaseModel

from source_intercom.api.hosts import HOSTS, Region
from source_intercom.config import Config, OAuthCredentials, TokenCredentials
from source_intercom.source import SourceIntercom
from unit_tests.builders import TOKEN, Json, config
from unit_tests.configs import credentials, told


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


@pytest.mark.parametrize("name", ["region", "lookback_window", "apply_deletes", "custom_object_types", "num_workers"])
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
        config(custom_object_types="Order"),
        config(custom_object_types=[""]),
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
