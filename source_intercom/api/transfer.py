"""Bodies on their way: how large one may get, and how many large ones there are at the same time."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local
from typing import IO, Any, Final

import requests
from urllib3.exceptions import HTTPError

from source_intercom.api.disk import told_if_full

LARGE: Final = 1024 * 1024
"""Bytes of a body, decompressed, from which on it is a large one."""

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a body, decompressed, that are taken: far more than Intercom sends."""

PATIENCE: Final = 10.0
"""Seconds for which a body that turns out to be large may wait half read; after more, servers give it up."""

EXPORT: Final = "an export of Intercom's"

_CHUNK: Final = 64 * 1024


class TooLargeError(requests.RequestException):
    """A body of more than LARGEST bytes."""


class NoRoomError(Exception):
    """Another large body is kept for longer than PATIENCE."""


class LargeBodies:
    """Lets one large body at a time into memory, of those whose readers may be many.

    Whoever reads within `kept` holds no second large body, and waits for nothing that needs another reader's body
    while it does: so everybody gets a turn.
    """

    def __init__(self) -> None:
        self._slot = Lock()
        self._readers = local()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Around sending a request and handing on the records of its answer: to its end a large body counts."""
        reader = self._readers.current = _Reader(self._slot)
        try:
            yield
        finally:
            # Not by the thread: it may be another one that closes a generator.
            reader.leave()

    def admit(self) -> None:
        """Let this thread's body be a large one.

        :raises NoRoomError: if another one stays for longer than PATIENCE
        """
        if not self._reader().enter(PATIENCE):
            raise NoRoomError

    def wait(self) -> None:
        """Wait until no other large body is kept; that of this thread may be one then."""
        self._reader().enter(-1)

    def _reader(self) -> "_Reader":
        reader: _Reader | None = getattr(self._readers, "current", None)
        return reader if reader and not reader.has_left else _Reader(Lock())


class _Reader:
    def __init__(self, slot: Lock) -> None:
        self._slot = slot
        self._holds = self.has_left = False

    def enter(self, seconds: float) -> bool:
        self._holds = self._holds or self._slot.acquire(timeout=seconds)
        return self._holds

    def leave(self) -> None:
        self.has_left = True
        if self._holds:
            self._slot.release()


def save(response: requests.Response, file: IO[bytes]) -> None:
    """Put the body of an answer into a file as it came, without what the file held; its size has no bound.

    What it is packed with, be it by the transfer or by itself, is for the reader to see (API notes 10.1).

    :raises requests.RequestException: if the body breaks off
    :raises AirbyteTracedException: a config error if there is no room for it
    """
    with told_if_full(EXPORT):
        file.seek(0)
        file.truncate()
    for chunk in _chunks(response):
        with told_if_full(EXPORT):  # not around the body: what keeps it from coming is an OSError, too
            file.write(chunk)
    with told_if_full(EXPORT):
        file.flush()


def _chunks(response: requests.Response) -> Iterator[bytes]:
    try:
        yield from response.raw.stream(_CHUNK, decode_content=False)
    except (HTTPError, TimeoutError) as error:
        raise requests.exceptions.ChunkedEncodingError(error, request=response.request) from error


class Transfer:
    """The body of an answer as requests reads it from urllib3, within bounds.

    :param raw: urllib3's answer
    """

    def __init__(self, raw: Any, large_bodies: LargeBodies) -> None:
        self._raw = raw
        self._large_bodies = large_bodies

    def stream(self, size: int, decode_content: bool | None = None) -> Iterator[bytes]:
        """The body in pieces.

        :raises TooLargeError: after LARGEST bytes
        :raises NoRoomError: as `LargeBodies.admit`
        """
        length = 0
        for chunk in self._raw.stream(_CHUNK, decode_content=decode_content):
            length += len(chunk)
            if length > LARGEST:
                raise TooLargeError
            if length > LARGE:
                self._large_bodies.admit()
            yield chunk

    def close(self) -> None:
        """Close the connection: the rest of the body is not wanted."""
        self._raw.close()

    def release_conn(self) -> None:
        """Give the connection back."""
        self._raw.release_conn()
