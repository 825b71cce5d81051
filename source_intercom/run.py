"""The console script `source-intercom`: sets up garbage collection, threads and malloc, then runs the command."""

import ctypes
import gc
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from source_intercom import configuring
from source_intercom.shutdown import Shutdown

GC_THRESHOLDS: Final = (50_000, 20, 100)
"""Records are trees without cycles, so that looking for cycles often is in vain (docs/benchmarks.md)."""

SWITCH_SECONDS: Final = 0.02
"""For which a thread computes at most while others wait to: as often each of those wakes up to see whether it may, and
dozens do. With the interpreter's own five milliseconds a read of all streams switched threads half as often again."""

_M_ARENA_MAX: Final = -8
"""The option's number in glibc's malloc.h."""


def run() -> None:
    """Run the command that the process was started with: `catalog` by itself, all others with the CDK.

    Exit code 0 when the command succeeded, as a check does that finds a bad connection; 1 when it failed;
    2 when the arguments are wrong; 128 and the signal's number when it was stopped by one.
    """
    if sys.argv[1:2] == [configuring.COMMAND]:
        configuring.configure(sys.argv[2:], sys.stdin, sys.stdout)
        return
    with Shutdown() as shutdown:
        launch = load()
        gc.set_threshold(*GC_THRESHOLDS)
        sys.setswitchinterval(SWITCH_SECONDS)
        _share_one_arena()
        launch(sys.argv[1:], shutdown)


def load() -> Callable[[Sequence[str], Shutdown], None]:
    """Load the modules; what they hold stays, so that cycles are not looked for while they load, nor in them later."""
    gc.disable()
    try:
        from source_intercom.entrypoint import launch
    finally:
        gc.freeze()
        gc.enable()
    return launch


def _share_one_arena() -> None:
    """With glibc, let all threads allocate from one arena: each would keep what its largest page once took."""
    # Windows has no library by the name of None, other C libraries have no such call.
    with suppress(TypeError, OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
