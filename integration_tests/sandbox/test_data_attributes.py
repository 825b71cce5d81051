"""Data attributes, by model, and archived ones."""

import pytest

from integration_tests.sandbox.api import Api, error

SETTINGS = {"contacts": 10, "companies": 10, "conversations": 0}


def test_both_models_deliver_the_data_attributes(api: Api) -> None:
    both = [
        each for model in ("contact", "company") for each in api.get(f"/data_attributes?model={model}").json()["data"]
    ]
    truth = api.sandbox.truth("data_attributes")
    assert len(both) == len(truth)
    assert all(each in truth for each in both)


def test_only_custom_data_attributes_have_numeric_ids(api: Api) -> None:
    attributes = api.get("/data_attributes").json()["data"]
    assert all(type(each["id"]) is int if each["custom"] else "id" not in each for each in attributes)
    assert {each["custom"] for each in attributes} == {True, False}


@pytest.mark.parametrize("model", ["contact", "company"])
def test_nested_data_attributes_share_leaf_names(api: Api, model: str) -> None:
    attributes = api.get(f"/data_attributes?model={model}").json()["data"]
    assert {each["model"] for each in attributes} == {model}
    assert (
        len({each["name"] for each in attributes}) < len({each["full_name"] for each in attributes}) == len(attributes)
    )


def test_an_archived_data_attribute_shares_its_name_with_a_live_one(api: Api) -> None:
    live = api.get("/data_attributes?model=contact").json()["data"]
    everything = api.get("/data_attributes?model=contact&include_archived=true").json()["data"]
    (archived,) = [each for each in everything if each not in live]
    assert archived["archived"] is True
    assert [each["archived"] for each in live if each["full_name"] == archived["full_name"]] == [False]


def test_the_conversation_model_is_gone_since_2_16(api: Api) -> None:
    assert error(api.get("/data_attributes?model=conversation")) == (422, "parameter_invalid")
    assert api.get("/data_attributes?model=conversation", headers={"Intercom-Version": "2.15"}).status_code == 200
