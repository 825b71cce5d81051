"""The tables in a file of Intercom's, whatever it is packed with (API notes 10.1).

What it is shows by its first bytes: a ZIP or a tar with a CSV for each table, or one CSV; each of them may be packed
with gzip. Nothing is unpacked but piece by piece, so that memory follows no file, and no bomb.
"""

import csv
import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from typing import IO, Final, NamedTuple, cast

LONGEST_LINE: Final = 1024 * 1024
"""Characters of a line, and of a field, at most: far more than a message's title or an answer in a survey has."""

BROKEN: Final = (
    zipfile.BadZipFile,
    tarfile.TarError,
    gzip.BadGzipFile,
    zlib.error,
    csv.Error,
    EOFError,
    NotImplementedError,  # a ZIP's ways of packing, some of which are never seen
    RuntimeError,  # a ZIP that is encrypted
)
"""What reading a file raises that is cut off, or no such file at all."""

_CHUNK: Final = 256 * 1024
_MOST_LAYERS: Final = 3
_TAR_MARK: Final = (257, b"ustar")


class BrokenTableError(Exception):
    """A table is not what it has to be."""


class Table(NamedTuple):
    """A CSV: the name of its file, its header, and its rows as they are read."""

    name: str
    header: Sequence[str]
    rows: Iterator[list[str]]


class Archive:
    """A file with tables.

    :param file: as Intercom sent it
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = _unpacked(file)
        self._zip = zipfile.ZipFile(self._file) if _starts_with(self._file, b"PK") else None
        start, mark = _TAR_MARK
        self._tar = None
        if self._zip is None and _starts_with(self._file, mark, start):
            self._tar = tarfile.open(fileobj=self._file, mode="r:")  # noqa: SIM115 - is no file

    def lines(self) -> int:
        """How many lines there are in all tables, as all bytes are read, which shows whether they are whole.

        A gzip and a ZIP say what they hold; a CSV that is not packed is as long as it has come.
        """
        if self._zip is None:
            self._file.seek(0)
            return _count_lines(self._file)
        total = 0
        for entry in self._zip.infolist():
            with self._zip.open(entry) as packed:
                total += _count_lines(packed)
        return total

    @property
    def names(self) -> list[str]:
        """The files with tables; one without a name if the file is a table itself."""
        if self._zip:
            names = [entry.filename for entry in self._zip.infolist() if not entry.is_dir()]
        elif self._tar:
            names = [entry.name for entry in self._tar.getmembers() if entry.isfile()]
        else:
            names = [""]
        return names

    def table(self, name: str) -> Table:
        """The table of a file. Its rows are to be read before another's."""
        rows = _rows(self._open(name))
        return Table(name, [field.strip() for field in next(rows, [])], rows)

    def _open(self, name: str) -> IO[bytes]:
        if self._zip:
            return self._zip.open(name)
        if self._tar:
            return cast("IO[bytes]", self._tar.extractfile(name))
        self._file.seek(0)
        return self._file


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    for _ in range(_MOST_LAYERS):
        if not _starts_with(file, b"\x1f\x8b"):
            break
        file = cast("IO[bytes]", gzip.GzipFile(fileobj=file, mode="rb"))
    return file


def _starts_with(file: IO[bytes], mark: bytes, start: int = 0) -> bool:
    file.seek(0)
    head = file.read(start + len(mark))
    file.seek(0)
    return head[start:] == mark


def _count_lines(file: IO[bytes]) -> int:
    return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))


def _rows(file: IO[bytes]) -> Iterator[list[str]]:
    """The rows of a CSV that have anything in them; bytes that are no text are replaced."""
    csv.field_size_limit(LONGEST_LINE)
    text = TextIOWrapper(file, "utf-8-sig", "replace", newline="")
    try:
        yield from filter(None, csv.reader(_lines(text)))
    finally:
        text.detach()  # else it would close the file


def _lines(text: TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise csv.Error("a line without an end")
        yield line
