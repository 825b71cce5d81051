"""The pages for users say what the code does: streams, permissions, fields of the form, references, examples."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts import erd
from source_intercom import config as options
from source_intercom.streams import STREAMS
from unit_tests import builders
from unit_tests.pages import CONTRIBUTING, PAGE, README, ROOT, SOURCE, STREAMS_PAGE, catalogue, read, rows

# Streams


@pytest.mark.parametrize("page", [README, PAGE], ids=lambda page: str(page.name))
def test_the_table_of_streams_is_the_catalogue(page: Path) -> None:
    table = {
        name: (set(re.findall(r"(?:GET|POST) /[\w/{}]+", endpoint)), modes.split(", "), cursor, key.split(", "))
        for name, endpoint, modes, cursor, key in rows(page, "| stream | endpoint |")
    }
    assert table == catalogue()
    assert list(table) == list(catalogue())


def test_the_table_of_permissions_is_the_streams() -> None:
    table = {
        stream: permission
        for permission, streams in rows(PAGE, "| permission ")
        for stream in streams.split(";")[0].split(", ")
    }
    assert table == {stream(builders.context()).name: stream.permission for stream in STREAMS}


def test_the_fields_of_the_form_are_described_in_its_order() -> None:
    form = yaml.safe_load(read(SOURCE / "spec.yaml"))["connectionSpecification"]["properties"]
    anchors = re.findall(r'<FieldAnchor field="(\w+)">\s+\d\. \*\*(.+?)\*\*', read(PAGE))
    assert anchors == [
        (name, field["title"]) for name, field in sorted(form.items(), key=lambda item: int(item[1]["order"]))
    ]
    for name in ("lookback_window", "num_workers"):
        (text,) = re.findall(rf'<FieldAnchor field="{name}">(.+?)</FieldAnchor>', read(PAGE), re.DOTALL)
        assert f"default is {form[name]['default']}." in " ".join(text.split())


def test_the_tags_of_the_page_are_closed() -> None:
    page = read(PAGE)
    for tag in ("HideInUI", "FieldAnchor", "details", "summary"):
        assert len(re.findall(rf"<{tag}[ >]", page)) == page.count(f"</{tag}>") > 0, tag
    for environment in ("oss", "cloud"):
        assert page.count(f"<!-- env:{environment} -->") == page.count(f"<!-- /env:{environment} -->") > 0


def test_the_version_is_in_the_changelogs() -> None:
    version = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]["version"]
    assert version in [row[0] for row in rows(PAGE, "| Version |")]
    assert re.search(rf"^## {re.escape(version)}$", read(ROOT / "CHANGELOG.md"), re.MULTILINE)


# References between streams


def test_the_page_of_the_streams_is_what_the_generator_gives() -> None:
    page = read(STREAMS_PAGE)
    assert erd.renewed(page) == page, "run: python -m scripts.erd --write"


def test_every_id_of_every_schema_is_explained() -> None:
    assert erd.unexplained() == []


def test_every_reference_leads_from_a_field_to_a_stream() -> None:
    assert erd.unmet() == []


def test_an_id_that_nobody_explains_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erd, "REFERENCES", erd.REFERENCES[1:])
    first = "contacts.owner_id"
    assert erd.unexplained() == [first]
    lost = erd.Reference("contacts", "boss_id", ("bosses",))
    monkeypatch.setattr(erd, "REFERENCES", (*erd.REFERENCES, lost))
    assert erd.unmet() == ["contacts.boss_id", "contacts.boss_id: bosses"]


# Examples


def example_of(text: str) -> Any:
    (block,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    return json.loads(block)


def test_the_config_of_the_readme_is_valid() -> None:
    config = example_of(read(README))
    config["credentials"]["access_token"] = builders.TOKEN
    assert options.Config.parse(config).start_second == builders.START


def test_the_files_to_touch_for_a_new_stream_are_there() -> None:
    paths = set(re.findall(r"`([\w./]+\.(?:py|md|json|yaml|toml|txt))`", read(CONTRIBUTING)))
    assert len(paths) > 30
    assert [path for path in sorted(paths) if "ticket_types" not in path and not (ROOT / path).exists()] == []


def test_the_stream_of_the_example_is_not_there() -> None:
    assert "ticket_types" in read(CONTRIBUTING)
    assert "ticket_types" not in catalogue()
