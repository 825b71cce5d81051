import pytest

from source_intercom.api.hosts import API_VERSION, HOSTS, Region, api_url


def test_version_is_a_string() -> None:
    assert API_VERSION == "2.16"


@pytest.mark.parametrize(
    ("region", "url"),
    [
        ("US", "https://api.intercom.io/"),
        ("EU", "https://api.eu.intercom.io/"),
        ("AU", "https://api.au.intercom.io/"),
    ],
)
def test_each_region_has_its_host(region: Region, url: str) -> None:
    assert api_url(region) == url


def test_there_are_three_regions() -> None:
    assert set(HOSTS) == {"US", "EU", "AU"}


@pytest.mark.parametrize("region", list(HOSTS))
@pytest.mark.parametrize("given", ["http://127.0.0.1:8080", "http://127.0.0.1:8080/"])
def test_the_environment_points_every_region_to_the_sandbox(
    region: Region, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERCOM_API_URL", given)
    assert api_url(region) == "http://127.0.0.1:8080/"


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERCOM_API_URL", "")
    assert api_url("EU") == "https://api.eu.intercom.io/"
