"""The pages for users say what the code does: streams, permissions, fields of the form, examples."""

import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.pages.tables import UNNAMED
from source_intercom import config as options
from source_intercom.streams import STREAMS
from unit_tests import builders
from unit_tests.pages import ARCHITECTURE, CONTRIBUTING, PAGE, PROMISES, README, ROOT, SOURCE, catalogue, read, rows

# Streams


@pytest.mark.parametrize("page", [README, PAGE], ids=lambda page: str(page.name))
def test_the_table_of_streams_says_what_discover_says(page: Path) -> None:
    table = {
        re.sub(r"\[(\w+)\]\(.+\)", r"\1", name): (modes.split(", "), cursor, key.split(", "))
        for name, _, modes, cursor, key in rows(page, "| stream | a row is |")
    }
    assert table == catalogue()
    assert list(table) == list(catalogue())


def test_the_table_of_permissions_is_the_streams() -> None:
    table = {
        stream: permission for permission, streams in rows(PAGE, "| permission ") for stream in streams.split(", ")
    }
    assert table == {stream(builders.context()).name: stream.permission or UNNAMED for stream in STREAMS}


def test_something_is_promised_of_every_stream() -> None:
    headings = re.findall(r"^## (.+)$", read(PROMISES), re.MULTILINE)
    named = {name.lower() for heading in headings for name in re.split(r", |: ", heading)}
    assert [name for name in catalogue() if name.replace("_", " ") not in named] == []


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


# The map of the code


@pytest.mark.parametrize("folder", [".", "api", "read", "streams"])
def test_the_map_names_every_module_once(folder: str) -> None:
    """Those of the families of streams may be left out."""
    (whole,) = re.findall(r"^source_intercom/\n((?:  .+\n)+)", read(ARCHITECTURE), re.MULTILINE)
    parts = re.split(r"^  (\w+)/ .*\n", whole, flags=re.MULTILINE)
    lines = dict(zip([".", *parts[1::2]], parts[::2], strict=True))[folder]
    named = Counter(re.findall(r"(?:^|  )(\w+\.py)\b", lines, re.MULTILINE))
    modules = {path.name for path in (SOURCE / folder).glob("*.py")}
    families = {f"{stream.__module__.rpartition('.')[2]}.py" for stream in STREAMS}
    assert set(named.values()) == {1}
    assert named.keys() <= modules
    assert modules - named.keys() <= {"__init__.py", *families}


# Examples


def example_of(text: str) -> Any:
    (block,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    return json.loads(block)


def test_the_config_of_the_readme_is_valid() -> None:
    config = example_of(read(README))
    config["credentials"]["access_token"] = builders.TOKEN
    assert options.Config.parse(config).start_second == builders.START


NEW = "subscription_types"
"""The stream that the contributors' page adds as an example."""


def steps() -> list[str]:
    """The files of its numbered steps, in their order."""
    section = read(CONTRIBUTING).partition("\n## Add a stream\n")[2].partition("\n## ")[0]
    found = re.findall(r"^(\d+)\. `([\w./]+)`", section, re.MULTILINE)
    assert [int(number) for number, _ in found] == list(range(1, len(found) + 1))
    return [path for _, path in found]


def test_a_new_stream_takes_six_files_at_most() -> None:
    assert 0 < len(set(steps())) == len(steps()) <= 6


def test_the_files_that_the_contributors_page_names_are_there_but_for_those_of_the_new_stream() -> None:
    paths = {*steps(), *re.findall(r"`([\w./]+\.(?:py|md|json|yaml|toml|txt))`", read(CONTRIBUTING))}
    missing = {path for path in paths if not (ROOT / path).exists()}
    assert [path for path in sorted(missing) if path not in steps() or Path(path).stem != NEW] == []


def test_the_stream_of_the_example_is_not_there() -> None:
    assert NEW not in catalogue()


def test_the_json_of_the_contributors_page_is_that_of_its_new_stream() -> None:
    blocks = re.findall(r"^ *```json\n(.*?)```", read(CONTRIBUTING), re.DOTALL | re.MULTILINE)
    example, schema = (json.loads(block) for block in blocks)
    assert all(row.keys() == schema["properties"].keys() for row in example["data"])
