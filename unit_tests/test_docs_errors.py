"""The page for users explains every error, warning and mistake that the connector tells."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from airbyte_cdk.models import FailureType

from source_intercom import config as options
from source_intercom.api.sentences import BAD_CREDENTIALS, NO_ANSWER, NOT_IN_PLAN
from source_intercom.read import scroll
from unit_tests.pages import PAGE, SOURCE, read, rows

HEADINGS = {
    FailureType.config_error: "Config errors",
    FailureType.transient_error: "Transient errors",
    FailureType.system_error: "System errors",
}
LOG = "Lines in the log that are no errors"


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


@cache
def constants() -> dict[str, str]:
    """The texts that modules name."""
    return {
        node.target.id: text
        for module in modules()
        for node in module.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        if isinstance(node.value, ast.Constant | ast.JoinedStr)
        for text in literals(node.value)
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
    found: dict[str, set[str]] = {text: set() for module in modules() for text in literals(module)}
    named = constants()
    for scope in (node for module in modules() for node in ast.walk(module) if is_scope(node)):
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
    for constant in (BAD_CREDENTIALS, NOT_IN_PLAN, NO_ANSWER, scroll.SCROLL_HELD):
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


def test_every_error_says_its_sentence_for_the_log_too() -> None:
    """The CDK prints what errors are made of: `AirbyteTracedException(None)` where there is no internal message."""
    raised = [
        node
        for module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "AirbyteTracedException"
    ]
    named = [{keyword.arg for keyword in call.keywords} for call in raised]
    assert len(raised) > 5
    for call, names in zip(raised, named, strict=True):
        assert len(call.args) >= 2 or {"message", "internal_message"} <= names, ast.unparse(call)


def test_nothing_is_explained_that_nobody_says() -> None:
    explained = {message for body in sections().values() for message in quoted(body)}
    assert explained - set(sentences()) - log_lines() == set()


def test_every_mistake_in_the_form_is_explained() -> None:
    table = [row[0] for row in rows(PAGE, "| message |")]
    own = {f"`{sentence}`" for sentence in sentences() if sentence.split()[0] in options.Config.model_fields}
    assert set(table) == {f"`… {mistake}.`" for mistake in mistakes()} | own
    assert len(table) == len(set(table))
