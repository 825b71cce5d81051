"""The pages for users say what the code does: streams, permissions, fields of the form, errors, references, links."""

import ast
import json
import logging
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from airbyte_cdk.models import FailureType

from scripts import erd
from source_intercom import config as options
from source_intercom.api import errors
from source_intercom.source import SourceIntercom
from source_intercom.streams import STREAMS, companies
from source_intercom.streams.conversations import ConversationParts
from unit_tests import builders

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "source_intercom"
README, PAGE, STREAMS_PAGE = ROOT / "README.md", ROOT / "docs" / "intercom.md", ROOT / "docs" / "streams.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"

HEADINGS = {
    FailureType.config_error: "Config errors",
    FailureType.transient_error: "Transient errors",
    FailureType.system_error: "System errors",
}
LOG = "Lines in the log that are no errors"


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def rows(page: Path, header: str) -> list[list[str]]:
    """The rows of the table whose header line begins with `header`."""
    lines = read(page).splitlines()
    (start,) = [number for number, line in enumerate(lines) if line.startswith(header)]
    table = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split("|")])
    return table


# Streams


@cache
def catalogue() -> dict[str, tuple[set[str], list[str], str, list[str]]]:
    """Stream: its requests, sync modes, cursor and primary key."""
    discovered = SourceIntercom().discover(logging.getLogger("airbyte"), builders.config()).streams
    shared, found = builders.context(), {}
    for kind, described in zip(STREAMS, discovered, strict=True):
        stream = kind(shared)
        requests = {f"{stream.http_method} /{stream.path(stream_slice={'id': '{id}'})}"}
        if isinstance(stream, ConversationParts):
            requests.add(f"{stream.parents.http_method} /{stream.parents.path()}")
        modes = [mode.value.replace("_", " ") for mode in described.supported_sync_modes or []]
        cursor = "".join(described.default_cursor_field or [])
        found[described.name] = (requests, modes, cursor or "\N{EN DASH}", stream.primary_key)
    return found


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


# Errors


def plain(text: str) -> str:
    """A message with … in the place of what differs."""
    return re.sub(r"\{[^}]*\}|%[sd]", "…", text).strip()


def is_sentence(text: str) -> bool:
    words = plain(text).split()
    return len(words) > 2 and words[-1][-1] in ".…" and (text[0].isupper() or words[0] in options.Config.model_fields)


def literals(node: ast.AST) -> Iterator[str]:
    """The texts below a node: no docstrings, no log lines, nothing that stays inside the connector."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case ast.Expr(value=ast.Constant()) | ast.keyword(arg="internal_message"):
            return
        case ast.Call(func=ast.Attribute(attr="info" | "warning") | ast.Name(id="CallRateLimitHit")):
            return
        case _:
            for child in ast.iter_child_nodes(node):
                yield from literals(child)


def constants(module: ast.Module) -> dict[str, str]:
    """The texts that a module names."""
    return {
        node.target.id: node.value.value
        for node in module.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }


def headings(scope: ast.AST) -> set[str]:
    """The headings that suit the failure types which a function or a call names, or that of the log."""
    named = {node.attr for node in ast.walk(scope) if isinstance(node, ast.Attribute)}
    return {LOG} if "IGNORE" in named else {HEADINGS[one] for one in FailureType if one.value in named}


def is_scope(node: ast.AST) -> bool:
    """Functions, and calls such as those that make rules at the top of a module."""
    return isinstance(node, ast.FunctionDef | ast.Call)


@cache
def modules() -> list[ast.Module]:
    return [ast.parse(read(path)) for path in sorted(SOURCE.rglob("*.py"))]


@cache
def sentences() -> dict[str, set[str]]:
    """Each sentence of an error, and the headings that its failure type allows; none where the code leaves it open."""
    found: dict[str, set[str]] = {}
    for module in modules():
        named = constants(module)
        for text in literals(module):
            found.setdefault(text, set())
        for scope in filter(is_scope, ast.walk(module)):
            used = [named[node.id] for node in ast.walk(scope) if isinstance(node, ast.Name) and node.id in named]
            for text in [*literals(scope), *used]:
                if text in found:
                    found[text] |= headings(scope)
    return {plain(text): places for text, places in found.items() if is_sentence(text)}


@cache
def log_lines() -> set[str]:
    """The warnings that the connector logs."""
    return {
        plain(node.args[0].value)
        for module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "warning"
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }


def mistakes() -> set[str]:
    """What is said about fields of the form, without the field."""
    module = ast.parse(read(Path(options.__file__)))
    raised = [
        text
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ValueError"
        for text in literals(node)
    ]
    return {plain(text) for text in [*options._SENTENCES.values(), *raised]}


def sections() -> dict[str, str]:
    """The troubleshooting section, by its headings."""
    text = read(PAGE).split("### Troubleshooting")[1].split("</HideInUI>")[0]
    parts = [part.split("\n", 1) for part in text.split("\n#### ")[1:]]
    return {heading: body for heading, body in parts}  # noqa: C416


def quoted(body: str) -> set[str]:
    """The messages that a section explains: those with which its items begin."""
    return {" ".join(span.split()) for span in re.findall(r"^- `([^`]+)` ?", body, re.MULTILINE)}


def test_the_code_has_the_sentences_that_this_test_looks_for() -> None:
    for constant in (errors.BAD_CREDENTIALS, errors.NOT_IN_PLAN, errors.NO_ANSWER, companies.SCROLL_HELD):
        assert sentences()[plain(constant)]
    assert len(sentences()) > 20
    assert len(log_lines()) > 5


@pytest.mark.parametrize("sentence", sorted(sentences()))
def test_every_error_is_explained_under_its_failure_type(sentence: str) -> None:
    allowed = sentences()[sentence]
    form = {row[0].strip("`") for row in rows(PAGE, "| message |")}
    places = {heading for heading, body in sections().items() if sentence in quoted(body)}
    places |= {HEADINGS[FailureType.config_error]} if sentence in form else set()
    assert len(places) == 1
    assert not allowed or places <= allowed


@pytest.mark.parametrize("line", sorted(log_lines()))
def test_every_warning_of_the_log_is_explained(line: str) -> None:
    assert line in quoted(sections()[LOG])


def test_nothing_is_explained_that_nobody_says() -> None:
    explained = {message for body in sections().values() for message in quoted(body)}
    assert explained - set(sentences()) - log_lines() == set()


def test_every_mistake_in_the_form_is_explained() -> None:
    table = [row[0] for row in rows(PAGE, "| message |")]
    own = {f"`{sentence}`" for sentence in sentences() if sentence.split()[0] in options.Config.model_fields}
    assert set(table) == {f"`… {mistake}.`" for mistake in mistakes()} | own
    assert len(table) == len(set(table))


# Links

OTHERS = {"node_modules", "build", "dist"}
PAGES = [
    page
    for page in sorted(ROOT.rglob("*.md"))
    if not any(part.startswith(".") or part in OTHERS for part in page.relative_to(ROOT).parts)
]


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The headings of a page, as GitHub links to them."""
    headings = re.findall(r"^#+ +(.+?)\s*$", re.sub(r"```.*?```", "", read(page), flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> list[str]:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", without_code(read(page))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_links_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A title, with `code`\n[a](page.md) [b](#a-title-with-code) [c](https://x.test/y) `[d](nowhere.md)`\n"
        "[e](nowhere.md) [f](#nowhere) ![g](nowhere.png) [h\ni](page.md#nowhere)\n",
        encoding="utf-8",
    )
    assert broken_links(page) == ["nowhere.md", "#nowhere", "nowhere.png", "page.md#nowhere"]


def test_the_pages_are_looked_at() -> None:
    assert {README, PAGE, STREAMS_PAGE} <= set(PAGES)


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
