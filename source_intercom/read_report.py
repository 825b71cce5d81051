"""What a read did, told in the log, and in files for those who do not read logs (docs/report.md)."""

import json
import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from source_intercom.ending import starting_threads
from source_intercom.outcomes import COMPLETE, FAILED
from source_intercom.report_page import page
from source_intercom.summary import READING, STOPPED, Summaries, Summary

INTERVAL: Final = 30.0
"""Seconds after which the files are written anew while the read goes on."""

END_SECONDS: Final = 1.0
"""How long the end of a read waits for the thread that does so: it may hang in a file system that does not answer."""


def _json(summary: Summary) -> str:
    return json.dumps(summary.value(), indent=1) + "\n"


FORMS: Final[Mapping[str, Callable[[Summary], str]]] = {".html": page, ".json": _json}
"""What is written, by the suffix of the file."""


class ReadReport:
    """A context around a read; at its end come the lines in the log.

    The files are written when it begins, every INTERVAL, when it is told to stop, and at its end. So there are numbers
    of a read that was killed, and those of the read before are not taken for its own. A thread of its own writes
    meanwhile: where nobody takes messages any more, the one that hands them out gets no further. Each file is
    replaced as a whole. One that cannot be written is told once in the log, and costs the read nothing.
    """

    def __init__(self, files: Sequence[Path], summaries: Summaries, logger: logging.Logger) -> None:
        self._files = files
        self._summaries = summaries
        self._logger = logger
        self._lock = threading.Lock()
        self._told: set[tuple[Path, str]] = set()
        self._has_ended = False
        self._reason = ""
        self._awake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="report", daemon=True)

    def __enter__(self) -> Self:
        if self._files:
            self._write(self._summaries.now(READING))
            with starting_threads():
                self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        summary = self._summaries.now(_outcome(error), "" if isinstance(error, Exception) else str(error or ""))
        for line in summary.lines():
            self._logger.info(line)
        self._write(summary, is_last=True)
        self._awake.set()
        if self._thread.is_alive():
            self._thread.join(END_SECONDS)

    def stop(self, reason: BaseException) -> None:
        """The read is told to stop: another thread writes how far it is."""
        self._reason = str(reason)
        self._awake.set()

    def _run(self) -> None:
        while not self._awake.wait(INTERVAL):
            self._write(self._summaries.now(READING))
        self._write(self._summaries.now(STOPPED, self._reason))

    def _write(self, summary: Summary, *, is_last: bool = False) -> None:
        with self._lock:
            if self._has_ended:
                return
            self._has_ended = is_last
            for file in self._files:
                try:
                    _replace(file, FORMS[file.suffix.lower()](summary))
                except Exception as error:  # all rows may have come, which is what the read is for
                    self._tell(file, (isinstance(error, OSError) and error.strerror) or type(error).__name__)

    def _tell(self, file: Path, reason: str) -> None:
        if (file, reason) not in self._told:
            self._told.add((file, reason))
            self._logger.warning(
                "The report %s cannot be written (%s), and the read goes on without it; name a file in a directory "
                "that is there and that the connector may write to.",
                file,
                reason,
            )


def _outcome(error: BaseException | None) -> str:
    if error is None:
        return COMPLETE
    return FAILED if isinstance(error, Exception) else STOPPED


def _replace(file: Path, text: str) -> None:
    target = file.resolve()
    whole = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        whole.write_text(text, encoding="utf-8")
        whole.replace(target)
    except BaseException:
        with suppress(OSError):
            whole.unlink()
        raise
