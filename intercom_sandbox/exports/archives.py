"""The file that holds the CSVs of an export, made while it is sent: nothing of it is in memory for long."""

import io
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator

Files = Iterable[tuple[str, Iterable[bytes]]]
"""Names and contents, in the order in which they are written."""
_CHUNK = 1 << 16
_DATE = (2026, 1, 5, 10, 15, 0)


class _Sink(io.RawIOBase):
    """Takes what is written, until it is taken away."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        before = len(self._written)
        self._written += memoryview(data)  # type: ignore[arg-type]
        return len(self._written) - before

    def full(self) -> bool:
        """Whether it is worth sending."""
        return len(self._written) >= _CHUNK

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self._written)
        self._written.clear()
        return taken


def zipped(files: Files) -> Iterator[bytes]:
    """A ZIP."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as entry:
                for piece in content:
                    entry.write(piece)
                    if sink.full():
                        yield sink.take()
    yield sink.take()


def tarred(files: Files) -> Iterator[bytes]:
    """A gzipped tar; each file is kept on disk until its length is known."""
    sink = _Sink()
    with tarfile.open(mode="w|gz", fileobj=sink) as archive:
        for name, content in files:
            with tempfile.TemporaryFile() as kept:
                kept.writelines(content)
                info = tarfile.TarInfo(name)
                info.size = kept.tell()
                kept.seek(0)
                archive.addfile(info, kept)
            yield sink.take()
    yield sink.take()


def first_gzipped(files: Files) -> Iterator[bytes]:
    """The first file alone, gzipped."""
    return gzipped(first_plain(files))


def first_plain(files: Files) -> Iterator[bytes]:
    """The first file alone."""
    for _, content in files:
        yield from content
        return


def gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Gzip around anything."""
    packer = zlib.compressobj(level=1, wbits=31)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


ARCHIVES: dict[str, Callable[[Files], Iterator[bytes]]] = {
    "zip": zipped,
    "tgz": tarred,
    "gzip": first_gzipped,
    "csv": first_plain,
}
