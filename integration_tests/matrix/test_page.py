"""The written matrix shows a whole run in which nothing was lost."""

import re

from integration_tests.matrix.__main__ import PAGE
from integration_tests.matrix.cells import MODES
from integration_tests.matrix.conditions import conditions

GOOD = ", ".join(["0/0"] * len(MODES))


def _tables() -> dict[str, list[list[str]]]:
    """The rows of each family's table, its head first."""
    families = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    rows = {
        family.splitlines()[0]: [line for line in family.splitlines() if line.startswith("| ")] for family in families
    }
    return {
        family: [[cell.strip() for cell in row.split("|")[1:-1]] for row in table] for family, table in rows.items()
    }


def test_the_page_has_every_condition_of_today() -> None:
    wanted: dict[str, list[str]] = {}
    for condition in conditions():
        wanted.setdefault(condition.family, [""]).append(condition.name)
    assert {family: table[0] for family, table in _tables().items()} == wanted


def test_every_cell_of_the_page_is_good() -> None:
    streams = {condition.family: condition.streams for condition in conditions()}
    for family, (head, *rows) in _tables().items():
        assert [row[0] for row in rows] == list(streams[family]), family
        assert [row[1:] for row in rows] == [[GOOD] * (len(head) - 1)] * len(rows), family
