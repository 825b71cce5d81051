"""The file of a content export, and what the truth says of it."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import IO, Any

from intercom_sandbox.exports.archives import ARCHIVES, gzipped
from intercom_sandbox.exports.groups import COLUMNS, Addresses, Row, Value, rows
from intercom_sandbox.exports.outbox import Moment, Outbox
from intercom_sandbox.exports.tables import Layout, line
from intercom_sandbox.settings import Settings
from intercom_sandbox.workspace import Workspace

_LINES = 500
_PIECE = 1 << 16
_NAMES: dict[str, Callable[[str], str]] = {
    "observed": lambda group: f"{group}_20260105-101500.csv",
    "documented": lambda group: f"{'receipts' if group == 'receipt' else group}_20260105_101500.csv",
    "folder": lambda group: f"export/{group}_20260105-101500.csv",
}


class ContentExport:
    """The rows that content exports hold, in files or as they are."""

    def __init__(self, workspace: Workspace, outbox: Outbox) -> None:
        self._workspace = workspace
        self._outbox = outbox

    def has_rows(self, span: tuple[int, int], known: Moment) -> bool:
        """Whether anything was sent in that range."""
        return next(self._outbox.receipts(*span, known), None) is not None

    def truth(self, group: str, settings: Settings) -> Iterator[dict[str, Value]]:
        """The rows of a group, of all that was sent so far: times are seconds, and null when there was none."""
        known = self._outbox.now()
        for of, row in self._rows((0, known.second), known, settings):
            if of == group:
                yield dict(zip(COLUMNS[group], row, strict=True))

    def file(self, span: tuple[int, int], known: Moment, settings: Settings, fault: dict[str, Any]) -> Iterator[bytes]:
        """The file that holds what was sent in that range, as it was known when the job was done, piece by piece."""
        archive = ARCHIVES[settings.export_format](self._files(span, known, settings, fault))
        return gzipped(archive) if settings.export_encoding == "gzip" else archive

    def _rows(self, span: tuple[int, int], known: Moment, settings: Settings) -> Iterator[tuple[str, Row]]:
        collections = self._workspace.collections
        addresses = Addresses(collections["contacts"], collections["companies"])
        receipts = self._outbox.receipts(*span, known)
        return rows(receipts, span, addresses, only_in_span=settings.export_events == "range")

    def _files(
        self, span: tuple[int, int], known: Moment, settings: Settings, fault: dict[str, Any]
    ) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Names and contents; groups behind the first one are kept on disk meanwhile. Those without rows are absent."""
        change = fault if fault.get("kind") == "columns" else {}
        changed = change.get("group", "receipt")
        layouts = {
            group: Layout(columns, settings.export_times, change if group == changed else {})
            for group, columns in COLUMNS.items()
        }
        name = _NAMES[settings.export_names]
        with ExitStack() as stack:
            kept: dict[str, IO[bytes]] = {}

            def keep(group: str, row: Row) -> None:
                if group not in kept:
                    kept[group] = stack.enter_context(tempfile.TemporaryFile())
                    kept[group].write(layouts[group].header)
                kept[group].write(layouts[group].line(row))

            def receipts() -> Iterator[bytes]:
                yield layouts["receipt"].header
                for group, row in self._rows(span, known, settings):
                    if group == "receipt":
                        yield layouts[group].line(row)
                    else:
                        keep(group, row)

            yield name("receipt"), _in_pieces(receipts())
            if fault.get("kind") == "unknown_group":
                yield name("hologram"), [line(["receipt_id", "beamed_at"]), line(["71000000000", 1735689600])]
                yield "README.txt", [b"No CSV, and no group.\n"]
            for group in COLUMNS:
                if group in kept:
                    kept[group].seek(0)
                    yield name(group), iter(lambda file=kept[group]: file.read(_PIECE), b"")  # type: ignore[misc]


def _in_pieces(lines: Iterator[bytes]) -> Iterator[bytes]:
    while piece := b"".join(islice(lines, _LINES)):
        yield piece
