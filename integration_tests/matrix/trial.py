"""One condition in one mode, tried out: what fills a cell for each stream."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from random import Random

from integration_tests.comparison import truth
from integration_tests.matrix import changes
from integration_tests.matrix.cells import Cell, Mode
from integration_tests.matrix.child import PAGE_SIZE, Kill
from integration_tests.matrix.conditions import Condition
from integration_tests.matrix.destination import Destination, Rows, is_complete
from integration_tests.matrix.runner import KILLED, Runner
from integration_tests.messages import Run
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox
from unit_tests.contracts import CONTRACTS, Way

SIZES = {
    "contacts": 90,
    "companies": 45,
    "conversations": 45,
    "parts": 225,
    "tickets": 45,
    "articles": 31,
    "scroll_page": PAGE_SIZE,
}

SCROLL_EXPIRY = 0.25
"""Seconds after which a scroll that a run left behind lets the next one begin."""

IN_A_ROW = 5
"""Runs of one journey that are killed, at most."""


_FIRST_SYNCS: dict[tuple[Hashable, ...], Destination] = {}


@dataclass(frozen=True)
class Outcome:
    """What a trial showed: a cell per stream, and how many runs it took, killed ones among them."""

    cells: list[Cell]
    runs: int
    kills: int

    @property
    def bad(self) -> list[str]:
        """The cells in which something is lost or stale, in words."""
        return [str(cell) for cell in self.cells if not cell.is_good]


def tried(condition: Condition, mode: Mode, seed: int, broken: str | None = None) -> Outcome:
    """Tries a condition in a mode, in a workspace of its own.

    :param broken: the name of a function of `sabotage` that breaks the connector
    """
    with start(rate_limit=0, seed=seed, **SIZES) as sandbox:
        trial = _Trial(sandbox, condition, mode, seed, broken)
        trial.run()
        return Outcome(trial.cells, trial.runs, trial.kills)


class _Trial:
    """One condition in one mode.

    Each journey begins with the same destination: empty, or filled by an undisturbed sync that many changes followed.
    Then come the runs that the condition disturbs, each from the last state that came out, and, when the dust has
    settled, one more.
    """

    def __init__(self, sandbox: Sandbox, condition: Condition, mode: Mode, seed: int, broken: str | None) -> None:
        self.cells = [Cell(stream, condition.name, mode, seed) for stream in condition.streams]
        self.runs = 0
        self.kills = 0
        self._sandbox = sandbox
        self._runner = Runner(sandbox, broken)
        self._broken = broken
        self._condition = condition
        self._mode = mode
        self._seed = seed
        self._rng = Random(f"{seed}:{condition.family}:{condition.name}:{mode}")
        self._changes = -1
        self._held: dict[str, Rows] = {}

    def run(self) -> None:
        """Fills the cells."""
        begin = self._condition.destination()
        if self._mode == "incremental":
            begin = self._after_first_sync()
            changes.history(self._sandbox, self._rng)
        extent = self._measured(begin) if self._condition.kills else 0
        self._journey(begin.copy(), extent)
        while self._condition.kills and self.kills < self._condition.least_kills and not self._has_noticed():
            self._journey(begin.copy(), extent)

    def _after_first_sync(self) -> Destination:
        """What an undisturbed sync fills; it is read once, as workspaces of a seed hold the same."""
        condition = self._condition
        key: tuple[Hashable, ...] = (
            condition.destination.__name__,
            condition.streams,
            *condition.options.items(),
            self._seed,
            self._broken,
        )
        if key not in _FIRST_SYNCS:
            filled = condition.destination()
            filled.apply(self._read(filled))
            _FIRST_SYNCS[key] = filled
        return _FIRST_SYNCS[key].copy()

    def _has_noticed(self) -> bool:
        """Whether a connector that is broken on purpose has shown it."""
        return bool(self._broken) and not all(cell.is_good for cell in self.cells)

    def _journey(self, destination: Destination, extent: int) -> None:
        before = self._truths()
        self._sandbox.configure(scroll_expiry=SCROLL_EXPIRY)
        self._condition.begin(self._sandbox, self._rng)
        reports = ""
        for run in self._disturbed(destination, extent):
            destination.apply(run)
            reports += " ".join(run.reports.values())
            assert run.exit_code == KILLED or (run.exit_code == 0) == (not run.failures), run.failures
        if not self._broken:
            self._assert_condition_was_met(reports)
        self._look_right_after(run, destination, before)
        self._condition.afterwards(self._sandbox)
        self._calm_down()
        settled = self._read(destination)
        assert (settled.exit_code, settled.failures) == (0, []), settled.failures
        destination.apply(settled)
        at_the_end = self._truths()
        assert self._condition.changes == (before != at_the_end), "what should have changed did not"
        for cell in self.cells:
            expected = destination.expected(self._sandbox, cell.stream, at_the_end[cell.stream])
            rows, marked = destination.rows[cell.stream], destination.marked[cell.stream]
            is_nested = CONTRACTS[cell.stream].way is Way.NESTED  # and goes when its parent is edited
            deletes = self._condition.deletes or (is_nested and self._condition.changes)
            cell.look_at_the_end(rows, expected, marked, deletes=deletes)

    def _disturbed(self, destination: Destination, extent: int) -> Iterator[Run]:
        """The runs under the condition; the caller takes in each before it asks for the next."""
        if not self._condition.kills:
            for _ in range(self._condition.reads):
                yield self._read(destination, scaled=self._condition.scaled)
            return
        for _ in range(IN_A_ROW):
            place = self._rng.randint(1, extent)
            if self._condition.kills == "lines":
                run = self._read(destination, lines=place)
            else:
                run = self._read(destination, kill=Kill(place, answered=self._rng.random() < 0.5))
            self.kills += run.exit_code == KILLED
            yield run
            if run.exit_code != KILLED:
                return

    def _read(
        self, destination: Destination, *, kill: Kill | None = None, lines: int | None = None, scaled: bool = True
    ) -> Run:
        self.runs += 1
        options = self._condition.options
        return self._runner.read(
            destination.states, streams=self._condition.streams, kill=kill, lines=lines, scaled=scaled, **options
        )

    def _measured(self, begin: Destination) -> int:
        """How many requests or lines an undisturbed run takes."""
        self._sandbox.reset_requests()
        run = self._read(begin)
        return len(run.messages) if self._condition.kills == "lines" else int(self._sandbox.requests()["total"])

    def _assert_condition_was_met(self, reports: str) -> None:
        seen = self._sandbox.requests()["by_status"].keys()
        met = [sign for sign in self._condition.signs if sign in seen or sign in reports]
        assert met or not self._condition.signs, f"the condition was not met: {reports}"

    def _look_right_after(self, run: Run, destination: Destination, before: dict[str, Rows]) -> None:
        after = self._truths()
        for cell in self.cells:
            if is_complete(cell.stream, run) and not self._condition.lags:
                cell.look_right_after(destination.rows[cell.stream], before[cell.stream], after[cell.stream])

    def _calm_down(self) -> None:
        self._sandbox.faults([])
        self._sandbox.job_faults([])
        self._sandbox.schedule([])
        self._sandbox.hold_scroll(0)
        self._sandbox.configure(
            index_lag=0.0, fresh_bodies=False, rate_limit=0, other_clients=0.0, jitter=0.0, scroll_expiry=60.0
        )
        self._sandbox.configure(deleted_order="deletion", activity_store_down=False)

    def _truths(self) -> dict[str, Rows]:
        """What the workspace holds of each stream: the same as before, unless something has changed it."""
        changes = self._sandbox.status()["changes"]
        if changes != self._changes:
            self._held = {stream: truth(self._sandbox, stream) for stream in self._condition.streams}
            self._changes = changes
        return self._held
