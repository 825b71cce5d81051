"""Files with tables, however they are packed, and however they are broken."""

import gzip
import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from typing import IO

import pytest

from source_intercom.read.archives import BROKEN, LONGEST_LINE, Archive
from unit_tests.exports import Tables, csv_of, gzipped, tarred, text_of, zipped

TABLES: Tables = {
    "receipt": [{"receipt_id": "1", "content_title": 'Été, "50 % off"\nonly today', "received_at": 5}],
    "open": [{"receipt_id": "1", "opened_at": second} for second in (6, 6, 7)],
}


def opened(content: bytes) -> Archive:
    return Archive(io.BytesIO(content))


def read(archive: Archive) -> dict[str, list[dict[str, str]]]:
    tables = {}
    for name in archive.names:
        table = archive.table(name)
        tables[name.partition("_")[0]] = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    return tables


EXPECTED = {
    group: [{name: str(value) for name, value in row.items()} for row in rows] for group, rows in TABLES.items()
}


@pytest.mark.parametrize("packed", [zipped(TABLES), tarred(TABLES), gzipped(zipped(TABLES)), gzipped(tarred(TABLES))])
def test_tables_are_found_whatever_they_are_packed_with(packed: bytes) -> None:
    archive = opened(packed)
    assert archive.lines() > 0
    assert read(archive) == EXPECTED


@pytest.mark.parametrize("packed", [csv_of(TABLES["receipt"]), gzipped(csv_of(TABLES["receipt"]))], ids=["csv", "gzip"])
def test_a_table_by_itself_has_no_name(packed: bytes) -> None:
    assert read(opened(packed)) == {"": EXPECTED["receipt"]}


def test_a_byte_order_mark_and_what_is_no_text_cost_no_row() -> None:
    content = b"\xef\xbb\xbf" + text_of(["id", "name"], [["1", "x"]]).replace(b"x", b"\xff\x00") + b"\r\n\r\n"
    assert read(opened(content)) == {"": [{"id": "1", "name": "\ufffd\x00"}]}


def test_lines_may_end_in_any_way() -> None:
    assert [read(opened(text)) for text in (b"id\n1\n2", b"id\r\n1\r\n2\r\n", b"id\r1\r2\r")] == [
        {"": [{"id": "1"}, {"id": "2"}]}
    ] * 3


def test_an_archive_may_be_empty() -> None:
    assert opened(zipped({})).names == []
    assert opened(zipped({})).lines() == 0


def test_lines_of_all_tables_are_counted() -> None:
    tables: Tables = {"open": [{"id": n} for n in range(5)], "click": [{"id": n} for n in range(7)]}
    assert [opened(packed).lines() for packed in (zipped(tables), csv_of(tables["open"]))] == [14, 6]


def corrupted(content: bytes) -> bytes:
    middle = len(content) // 3
    return content[:middle] + bytes(byte ^ 0xFF for byte in content[middle : middle + 20]) + content[middle + 20 :]


MANY: Tables = {"receipt": [{"receipt_id": n, "title": hash(str(n))} for n in range(2_000)]}


@pytest.mark.parametrize("pack", [zipped, tarred, lambda tables: gzipped(csv_of(tables["receipt"]))])
@pytest.mark.parametrize(
    "break_", [corrupted, lambda content: content[: len(content) // 2], lambda content: content[:-12]]
)
def test_what_is_cut_off_or_damaged_is_seen_before_a_row_is_taken(pack: object, break_: object) -> None:
    assert callable(pack)
    assert callable(break_)
    with pytest.raises(BROKEN):
        opened(break_(pack(MANY))).lines()


def test_a_zip_that_is_encrypted_is_broken() -> None:
    packed = bytearray(zipped(TABLES))
    central = packed.index(b"PK\x01\x02")
    packed[6] |= 1
    packed[central + 8] |= 1
    with pytest.raises(BROKEN):
        opened(bytes(packed)).lines()


def test_a_line_without_an_end_is_no_table() -> None:
    archive = opened(b"id\n" + b"x" * (2 * LONGEST_LINE))
    with pytest.raises(BROKEN):
        read(archive)


def bomb(size: int) -> bytes:
    """A ZIP with a table of so many bytes, all alike."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("receipt_20260101.csv", "w") as file,
    ):
        file.write(b"receipt_id,received_at\n")
        for _ in range(size // 1_000_000):
            file.write(b"1,5\n" * 250_000)
    return packed.getvalue()


def peak(work: Iterator[object]) -> int:
    tracemalloc.start()
    try:
        for _ in work:
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_follows_no_file_however_much_is_in_it() -> None:
    """A bomb is one that unpacks to far more than it is; it is read as any other."""

    def all_of(file: IO[bytes]) -> Iterator[object]:
        archive = Archive(file)
        yield archive.lines()
        yield from archive.table(archive.names[0]).rows

    small, large = io.BytesIO(bomb(1_000_000)), io.BytesIO(bomb(8_000_000))
    assert large.getbuffer().nbytes < 100_000
    assert peak(all_of(large)) < 1.2 * peak(all_of(small))


def test_memory_follows_no_line() -> None:
    packed = gzip.compress(b"id\n" + b"0" * 50_000_000)

    def broken() -> Iterator[object]:
        archive = opened(packed)
        yield archive.lines()
        with pytest.raises(BROKEN):
            yield list(archive.table("").rows)

    assert peak(broken()) < 20_000_000
