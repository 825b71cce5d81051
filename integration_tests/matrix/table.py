"""The matrix in Markdown: for each family of conditions a table, with streams of each way of reading as rows."""

from collections.abc import Iterator, Sequence

from integration_tests.matrix.cells import MODES, Cell
from integration_tests.matrix.conditions import Condition
from integration_tests.matrix.trial import Outcome
from unit_tests.contracts import REPRESENTATIVES

HEAD = """\
# The matrix

Written by `python -m integration_tests.matrix --write`, from a run: it shows what that run has found and nothing else.
What is promised, and how the matrix is run, is told in [promises.md](promises.md). Its streams are some of each way of
reading.

Each cell shows rows lost / rows stale, of a first sync and of an incremental one, when the dust has settled: after the
read that was disturbed, one more follows from the last state that came out. Lost are also rows that were there,
unchanged, all the time while a stream was read that then said it was complete. Rows are compared with all they contain.
"""


class Results:
    """What has been found so far."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._cells: dict[tuple[str, str, str, str], Cell] = {}
        self._runs = self._kills = 0

    def add(self, condition: Condition, outcome: Outcome) -> None:
        """Takes in what a trial showed."""
        for cell in outcome.cells:
            self._cells[condition.family, condition.name, cell.mode, cell.stream] = cell
        self._runs += outcome.runs
        self._kills += outcome.kills

    @property
    def bad(self) -> list[str]:
        """The cells in which something is lost or stale, in words."""
        return [str(cell) for cell in self._cells.values() if not cell.is_good]

    def markdown(self, conditions: Sequence[Condition]) -> str:
        """The whole page."""
        names: dict[str, list[str]] = {}
        for condition in conditions:
            names.setdefault(condition.family, []).append(condition.name)
        return "\n".join([HEAD, self._summary(), *(self._table(family, names[family]) for family in names)])

    def _summary(self) -> str:
        cells = list(self._cells.values())
        return (
            f"Seed {self._seed}: {len(cells)} cells, {sum(cell.is_good for cell in cells)} of them good; "
            f"{self._runs} runs of the connector, {self._kills} of them killed; "
            f"{sum(cell.rows for cell in cells)} rows compared, "
            f"{sum(cell.kept for cell in cells)} more kept that Intercom had deleted.\n"
        )

    def _table(self, family: str, names: list[str]) -> str:
        return f"## {family}\n\n" + "".join(f"{line}\n" for line in self._lines(family, names))

    def _lines(self, family: str, names: list[str]) -> Iterator[str]:
        yield f"| | {' | '.join(names)} |"
        yield "|---" * (len(names) + 1) + "|"
        for stream in REPRESENTATIVES:
            yield f"| {stream} | {' | '.join(self._both_modes(family, name, stream) for name in names)} |"

    def _both_modes(self, family: str, name: str, stream: str) -> str:
        return ", ".join(_numbers(self._cells[family, name, mode, stream]) for mode in MODES)


def _numbers(cell: Cell) -> str:
    extra = f" +{len(cell.extra)}" if cell.extra else ""
    return f"{len(cell.lost | cell.missed)}/{len(cell.stale)}{extra}"
