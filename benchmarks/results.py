"""Everything that one run of the benchmarks measured."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime

from benchmarks.families import Walk
from benchmarks.micro import ColdStart, CpuPerRecord, Loading, NoChanges, Step
from benchmarks.rates import Capacity, RateUse
from benchmarks.suite import Comparison


@dataclass
class Results:
    """What came out, and when and on how busy a machine; what was not asked for is empty."""

    command: str
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    comparisons: list[Comparison] = field(default_factory=list)
    cpu: list[CpuPerRecord] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    formats: list[CpuPerRecord] = field(default_factory=list)
    starts: list[ColdStart] = field(default_factory=list)
    loading: list[Loading] = field(default_factory=list)
    unchanged: list[NoChanges] = field(default_factory=list)
    walks: list[Walk] = field(default_factory=list)
    rates: list[RateUse] = field(default_factory=list)
    capacity: list[Capacity] = field(default_factory=list)
