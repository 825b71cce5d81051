"""The pages for users say what the code does: streams, permissions, fields of the form, examples."""

import ast
import json
import re
import textwrap
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.pages.tables import UNNAMED
from source_intercom import config as options
from source_intercom.streams import STREAMS
from source_intercom.summary import KEYS
from unit_tests import builders
from unit_tests.pages import ARCHITECTURE, CONTRIBUTING, PAGE, PROMISES, README, ROOT, SOURCE, catalogue, read, rows

REPORT = ROOT / "docs" / "report.md"

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
    anchors = re.findall(r'<FieldAnchor field="(\w+)">\s+\d+\. \*\*(.+?)\*\*', read(PAGE))
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


def test_the_page_on_the_report_names_all_that_is_counted() -> None:
    told = [(field, words.partition("; ")[0]) for field, words in rows(REPORT, "| field | in the log |")]
    assert told == [(f"`{key}`", what) for what, key in KEYS.items()]


# The map of the code


@pytest.mark.parametrize("folder", sorted({str(path.parent.relative_to(SOURCE)) for path in SOURCE.rglob("*.py")}))
def test_the_map_names_every_module_once(folder: str) -> None:
    (whole,) = re.findall(r"^source_intercom/\n((?:  .+\n)+)", read(ARCHITECTURE), re.MULTILINE)
    parts = re.split(r"^  (\w+)/ .*\n", whole, flags=re.MULTILINE)
    lines = dict(zip([".", *parts[1::2]], parts[::2], strict=True))[folder]
    named = Counter(re.findall(r"(?:^|  )(\w+\.py)\b", lines, re.MULTILINE))
    modules = {path.name for path in (SOURCE / folder).glob("*.py")}
    assert set(named.values()) == {1}
    assert named.keys() | {"__init__.py"} == modules


# Examples


def example_of(text: str) -> Any:
    (block,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    return json.loads(block)


def test_the_config_of_the_readme_is_valid() -> None:
    config = example_of(read(README))
    config["credentials"]["access_token"] = builders.TOKEN
    assert options.Config.parse(config).start_second == builders.START


def steps() -> list[str]:
    """The files of its numbered steps, in their order."""
    section = read(CONTRIBUTING).partition("\n## Add a stream\n")[2].partition("\n## ")[0]
    found = re.findall(r"^(\d+)\. `([\w./]+)`", section, re.MULTILINE)
    assert [int(number) for number, _ in found] == list(range(1, len(found) + 1))
    return [path for _, path in found]


def test_a_new_stream_takes_six_files_at_most() -> None:
    assert 0 < len(set(steps())) == len(steps()) <= 6


def test_the_files_that_the_contributors_page_names_are_there() -> None:
    paths = {*steps(), *re.findall(r"`([\w./]+\.(?:py|md|json|yaml|toml|txt))`", read(CONTRIBUTING))}
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def blocks(language: str) -> list[tuple[str, str]]:
    """Each block of a language in the steps, with the step's file."""
    found = []
    for step in re.split(r"^\d+\. ", read(CONTRIBUTING), flags=re.MULTILINE):
        file = step.partition("`")[2].partition("`")[0]
        written = re.findall(rf"^   ```{language}\n(.*?)^   ```", step, re.DOTALL | re.MULTILINE)
        found += [(file, textwrap.dedent(block)) for block in written]
    return found


def test_the_json_of_the_contributors_page_is_the_repositorys() -> None:
    (example, rows), (schema, fields) = ((path, json.loads(block)) for path, block in blocks("json"))
    assert json.loads(read(ROOT / schema)) == fields
    whole = json.loads(read(ROOT / example))
    assert {**whole, "data": whole["data"][: len(rows["data"])]} == rows


def test_the_code_of_the_contributors_page_is_the_repositorys() -> None:
    """However it is laid out."""
    shown = blocks("python")
    assert len(shown) == 3
    for path, block in shown:
        (statement,) = ast.parse(block).body
        node = statement.value if isinstance(statement, ast.Expr) else statement
        assert ast.dump(node) in map(ast.dump, ast.walk(ast.parse(read(ROOT / path)))), path
