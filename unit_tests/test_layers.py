"""Who may know whom: api/ sends, read/ reads, streams/ declares, and the sandbox is a second witness."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from unit_tests.pages import ROOT, SOURCE

FORBIDDEN = {
    SOURCE / "api": ("source_intercom.config", "source_intercom.read", "source_intercom.streams"),
    SOURCE / "read": ("source_intercom.config", "source_intercom.streams"),
    ROOT / "intercom_sandbox": ("source_intercom",),
}


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it, and what it imports from each."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("folder", FORBIDDEN, ids=lambda folder: folder.name)
def test_a_layer_knows_nothing_of_those_above_it(folder: Path) -> None:
    files = sorted(folder.rglob("*.py"))
    assert len(files) > 5
    known = {(path.name, module) for path in files for module in imported(path)}
    assert [
        (name, module)
        for name, module in sorted(known)
        if any(module == one or module.startswith(f"{one}.") for one in FORBIDDEN[folder])
    ] == []


def test_what_a_file_imports_is_found(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text("import a.b\n\ndef f():\n    from c import d\n")
    assert set(imported(path)) == {"a.b", "c", "c.d"}
