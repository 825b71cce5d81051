"""Tells what is in a container: runs there, with its Python, and prints JSON. Uses nothing but the standard library."""

import ast
import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

UNWANTED_MODULES = ("pip", "cyclonedx", "pytest", "intercom_sandbox", "integration_tests", "unit_tests", "benchmarks")
OUR_CODE = (sys.prefix, "/airbyte")
COMPILERS = ("cc", "gcc", "g++", "c++", "clang", "ld", "make", "cargo", "rustc")


def main() -> None:
    code = Path("/airbyte/integration_code")
    sys.path.insert(0, str(code))
    importlib.import_module("source_intercom.entrypoint")
    facts = {
        "user": [os.getuid(), os.getgid()],
        "distributions": {each.metadata["Name"].lower().replace("_", "-"): each.version for each in distributions()},
        "bill": json.loads(Path(sys.prefix, "sbom.cdx.json").read_bytes()),
        "unwanted": [name for name in UNWANTED_MODULES if importlib.util.find_spec(name)],
        "compilers": [name for name in COMPILERS if shutil.which(name)],
        "code": sorted(path.name for path in code.iterdir()),
        "writable": [str(path) for path in every_file(code, Path(sys.prefix)) if os.access(path, os.W_OK)],
        "missing": missing_imports(),
    }
    print(json.dumps(facts))  # noqa: T201


def every_file(*directories: Path) -> Iterator[Path]:
    for directory in directories:
        yield directory
        yield from directory.rglob("*")


def missing_imports() -> dict[str, list[str]]:
    """By module that is not there: the loaded modules that import it anywhere, be it in a function never called."""
    missing: dict[str, list[str]] = {}
    for name, module in sorted(sys.modules.items()):
        source = getattr(module, "__file__", None) or ""
        if source.endswith(".py") and source.startswith(OUR_CODE):
            for imported in imports_of(Path(source)):
                if imported not in sys.modules and importlib.util.find_spec(imported) is None:
                    missing.setdefault(imported, []).append(name)
    return missing


def imports_of(source: Path) -> set[str]:
    """The top-level modules that a file imports."""
    imported = set()
    for node in ast.walk(ast.parse(source.read_bytes())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            imported.add(node.module.partition(".")[0])
    return imported


main()
