"""Builds the whole workspace, and single objects for mutations."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, TypeVar

from intercom_sandbox.data.calendar import Calendar
from intercom_sandbox.data.cast import Cast
from intercom_sandbox.data.examples import Examples
from intercom_sandbox.data.words import Texts
from intercom_sandbox.kind import Kind, Make
from intercom_sandbox.settings import Settings

Object = dict[str, Any]
Shared = TypeVar("Shared")
_SAMPLE = 50


class Generator:
    """Makes the objects of a workspace; the same settings always make the same ones, in the same order.

    Builders take from it what they need: the settings, the calendar, the cast, texts, what others hold of the objects
    made so far (``references``), and the first fifty of them (``samples``), both by kind.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.seed = settings.seed
        self.calendar = Calendar(settings)
        self.cast = Cast(settings, self.calendar)
        self.texts = Texts(Random(f"{settings.seed}:texts"))
        self.references: dict[str, list[Any]] = defaultdict(list)
        self.samples: dict[str, list[Object]] = defaultdict(list)
        self._examples: dict[str, Examples] = {}
        self._shared: dict[Any, Any] = {}
        self._numbers: dict[str, Iterator[int]] = defaultdict(itertools.count)

    def build(self, kind: Kind) -> Iterator[Object]:
        """All objects of a kind, as the settings ask."""
        if kind.given is not None:
            given = kind.given(self)
            self._numbers[kind.name] = itertools.count(len(given))
            yield from given
            return
        count = getattr(self.settings, kind.name) if kind.count is None else kind.count
        edges = count // kind.edge if kind.edge else 0
        for created, updated in self.calendar.spans(count, share_imported=kind.imported, edges=edges):
            yield self.make(kind, created, updated)

    def make(self, kind: Kind, created_at: int, updated_at: int, **asked: int) -> Object:
        """The next object of a kind, from what its builder asks. ``ValueError`` when none can be made."""
        made = self._maker(kind)(next(self._numbers[kind.name]), created_at, updated_at, **asked)
        if kind.reference is not None:
            self.references[kind.name].append(kind.reference(made))
        if len(self.samples[kind.name]) < _SAMPLE:
            self.samples[kind.name].append(made)
        return made

    def _maker(self, kind: Kind) -> Make:
        if kind.is_plain:
            if kind.name not in self._examples:
                self._examples[kind.name] = Examples(self.seed, kind)
            return self._examples[kind.name].make
        if kind.builder is None:
            raise ValueError(f"no {kind.name} can be made")
        return self.shared(kind.builder)

    def shared(self, making: Callable[["Generator"], Shared]) -> Shared:
        """What that function makes of this generator: made once, and then always the same."""
        if making not in self._shared:
            self._shared[making] = making(self)
        made: Shared = self._shared[making]
        return made
