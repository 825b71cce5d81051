"""Questions that docs/warehouse.md asks, and what DuckDB answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "warehouse.md"

ASKED: Final = (
    "What is it about?",
    "What waits, and for whom?",
    "How content are people, by the teammate that they rated?",
)

_WITH_SQL: Final = re.compile(r"^([^\n?]+\?)[^`]*```sql\n(.*?)```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """A question in words, the names of the columns of its answer, and the rows."""

    question: str
    columns: list[str]
    rows: list[tuple[Any, ...]]


def answers(path: Path) -> Iterator[Answer]:
    """Asks a DuckDB file some of the questions."""
    queries = dict(_WITH_SQL.findall(PAGE.read_text(encoding="utf-8")))
    with duckdb.connect(path, read_only=True) as database:
        for question in ASKED:
            found = database.execute(queries[question])
            yield Answer(question, [column[0] for column in found.description or []], found.fetchall())
