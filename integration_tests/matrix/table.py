"""The matrix in Markdown: for each family of conditions a table, with streams of each way of reading as rows."""

from collections.abc import Iterator, Sequence

from integration_tests.matrix.cells import MODES, Cell
from integration_tests.matrix.conditions import Condition
from integration_tests.matrix.trial import Outcome

HEAD = """\
# The matrix

Written by `python -m integration_tests.matrix --write`, from a run: it shows what that run has found and nothing else.
What is promised, and how the matrix is run, is told in [promises.md](promises.md). Its streams are some of each way of
reading.

Each cell shows rows lost / rows stale, of a first sync and of an incremental one, when the dust has settled: after the
read that was disturbed, one more follows from the last state that came out. Lost are also rows that were there,
unchanged, all the time while a stream was read that then said it was complete. Rows are compared with all they contain.
A `+` counts rows that should not be there: with the option `apply_deletes` those of who is gone, too.
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
        families: dict[str, list[Condition]] = {}
        for condition in conditions:
            families.setdefault(condition.family, []).append(condition)
        return "\n".join([HEAD, self._summary(), *(self._table(*each) for each in families.items())])

    def _summary(self) -> str:
        cells = list(self._cells.values())
        return (
            f"Seed {self._seed}: {len(cells)} cells, {sum(cell.is_good for cell in cells)} of them good; "
            f"{self._runs} runs of the connector, {self._kills} of them killed; "
            f"{sum(cell.rows for cell in cells)} rows compared, "
            f"{sum(cell.kept for cell in cells)} more kept that Intercom had deleted.\n"
        )

    def _table(self, family: str, conditions: list[Condition]) -> str:
        return f"## {family}\n\n" + "".join(f"{line}\n" for line in self._lines(conditions))

    def _lines(self, conditions: list[Condition]) -> Iterator[str]:
        yield f"| | {' | '.join(each.name for each in conditions)} |"
        yield "|---" * (len(conditions) + 1) + "|"
        for stream in conditions[0].streams:
            yield f"| {stream} | {' | '.join(self._both_modes(each, stream) for each in conditions)} |"

    def _both_modes(self, condition: Condition, stream: str) -> str:
        return ", ".join(_numbers(self._cells[condition.family, condition.name, mode, stream]) for mode in MODES)


def _numbers(cell: Cell) -> str:
    extra = f" +{len(cell.extra)}" if cell.extra else ""
    return f"{len(cell.lost | cell.missed)}/{len(cell.stale)}{extra}"
