"""A queue between one writer and one reader that keeps little in memory and the rest in a private file."""

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import Any, Final

import orjson

from source_intercom.api.disk import told_if_full

MEMORY_BYTES: Final = 4 * 1024 * 1024
"""What waits beyond this is kept on disk."""

WAITING: Final = "the companies that wait for the destination"


class Spool:
    """Records put in by one thread come out in another, in order; whoever puts never waits for who takes.

    The file has no name in the file system, so that nothing remains of it when the process ends.
    """

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=MEMORY_BYTES)  # noqa: SIM115 - closed by `close`
        self._changed = threading.Condition()
        self._read_at = 0
        self._written_to = 0
        self._ended = False
        self.number = 0
        """Records that were put in."""
        self._error: BaseException | None = None

    def put(self, records: list[dict[str, Any]]) -> bool:
        """Append records; False when the reader has gone and no more are wanted.

        :raises AirbyteTracedException: a config error if the file cannot take them
        """
        lines = b"".join(_line(record) for record in records)
        with self._changed, told_if_full(WAITING):
            if self._file.closed:
                return False
            if self._read_at == self._written_to:
                self._read_at = self._written_to = 0
                self._file.seek(0)
                self._file.truncate()
            self._file.seek(self._written_to)
            self._file.write(lines)
            self._written_to += len(lines)
            self.number += len(records)
            self._changed.notify_all()
        return True

    def end(self, error: BaseException | None = None) -> None:
        """No more records come; `error` is raised to the reader after those that did."""
        with self._changed:
            self._ended, self._error = True, error
            self._changed.notify_all()

    def wait(self) -> None:
        """Until no more records come."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The records as they come, until the end."""
        while line := self._next_line():
            yield orjson.loads(line)
        if self._error:
            raise self._error

    def _next_line(self) -> bytes:
        with self._changed, told_if_full(WAITING):
            while self._read_at == self._written_to and not self._ended:
                self._changed.wait()
            if self._read_at == self._written_to:
                return b""
            self._file.seek(self._read_at)
            line = self._file.readline()
            self._read_at += len(line)
            return line

    def close(self) -> None:
        """The reader takes no more."""
        with self._changed, suppress(OSError):  # what does not fit on the disk now is not wanted any more
            self._file.close()


def _line(record: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(record) + b"\n"
    except TypeError:  # orjson reads deeper values than it writes
        return json.dumps(record).encode() + b"\n"
