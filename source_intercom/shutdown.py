"""How the process ends before its work is done: at a signal, when nobody reads its output any more, or by an error."""

import logging
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Final, NoReturn, Self

GRACE: Final = 5.0
"""Seconds in which what is printed may be printed to its end; then the process ends wherever its threads are."""

_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")
_STDOUT: Final = 1
_DONE: Final = 0
"""In the place of a signal's number: there is nothing to watch over any more."""


class Stopped(BaseException):
    """Raised where messages are taken, when the process is told to end or its reader has left.

    :param code: the process's exit code
    """

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Shutdown:
    """Around all that the process does.

    A thread of its own waits for signals and for the end of who reads stdout. So they act as well on a process that
    has the number 1, for which the system ignores signals that nobody waits for; no line is cut in the middle where it
    is still read; and a thread that hangs does not hold the process up. An error is told by the hook for uncaught ones,
    and ends the process at once, without waiting for any thread: exit code 1, 128 and the signal's number for a signal.
    """

    def __init__(self) -> None:
        self.stop: Callable[[BaseException], None] = _leave_at_once
        """What ends the work that goes on."""

    def __enter__(self) -> Self:
        if hasattr(select, "poll"):  # not on Windows, which has neither containers' signals nor its pipes
            self._read, self._write = os.pipe()
            os.set_blocking(self._write, False)
            signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
            numbers = [number for name in _SIGNALS if (number := getattr(signal, name, None))]
            heeded = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
            self._handlers = {number: signal.signal(number, _noted) for number in heeded}
            threading.Thread(target=self._watch, name="shutdown", daemon=True).start()
            # Only that thread is interrupted by them: a line that is being printed would be cut off where it was.
            signal.pthread_sigmask(signal.SIG_BLOCK, self._handlers)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and not isinstance(error, SystemExit):
            _end(error)
        if hasattr(select, "poll"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, self._handlers)
            for number, handler in self._handlers.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(-1)
            os.write(self._write, bytes([_DONE]))
            os.close(self._write)

    def _watch(self) -> None:
        poll = select.poll()
        poll.register(self._read, select.POLLIN)
        poll.register(_STDOUT, 0)  # only errors: that nobody reads it any more
        while ready := dict(poll.poll()):
            if self._read in ready:
                number = os.read(self._read, 1)[0]
                if number == _DONE:
                    os.close(self._read)
                    return
                self._stop(Stopped(128 + number, f"The connector was told to stop by {signal.Signals(number).name}."))
            if ready[_STDOUT] & (select.POLLERR | select.POLLHUP):
                self._stop(_no_reader())
            poll.unregister(_STDOUT)  # it is closed from the start

    def _stop(self, reason: Stopped) -> NoReturn:
        self.stop(reason)
        threading.Event().wait(GRACE)
        os._exit(reason.code)


def _no_reader() -> Stopped:
    return Stopped(1, "Nobody reads the connector's output any more.")


def _leave_at_once(reason: BaseException) -> NoReturn:
    os._exit(reason.code if isinstance(reason, Stopped) else 1)


def _noted(number: int, frame: FrameType | None) -> None:
    """That Python has a handler makes the system write the number to the wake-up pipe."""


def _end(error: BaseException) -> NoReturn:
    stopped = _no_reader() if isinstance(error, BrokenPipeError) else error
    code = 1
    try:
        if isinstance(stopped, Stopped):
            code = stopped.code
            print(stopped, file=sys.__stderr__)
        elif isinstance(stopped, KeyboardInterrupt):
            code = 128 + signal.SIGINT
        else:
            sys.excepthook(type(error), error, error.__traceback__)
        logging.shutdown()  # lines of the log may wait in a buffer
        for stream in (sys.stdout, sys.__stderr__):
            if stream:
                stream.flush()
    finally:
        os._exit(code)
