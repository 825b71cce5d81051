import errno
import tempfile
import threading
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import given, settings
from hypothesis import strategies as st

from source_intercom.read import spool as module
from source_intercom.read.spool import Spool
from unit_tests.examples import tries

RECORDS = [{"id": str(number), "name": "é\n😀" * number} for number in range(50)]

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=3,
)
records = st.dictionaries(TEXT, json_values, max_size=2)


def drained(spool: Spool) -> list[dict[str, Any]]:
    return list(spool)


def test_records_come_out_as_they_went_in() -> None:
    spool = Spool()
    assert spool.put(RECORDS[:20])
    assert spool.put([])
    assert spool.put(RECORDS[20:])
    spool.end()
    assert drained(spool) == RECORDS


def test_an_empty_spool_ends() -> None:
    spool = Spool()
    spool.end()
    assert drained(spool) == []


def test_what_does_not_fit_into_memory_waits_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MEMORY_BYTES", 100)
    spool = Spool()
    for record in RECORDS:
        spool.put([record])
    spool.end()
    assert drained(spool) == RECORDS


@settings(max_examples=tries(50))
@given(st.lists(st.tuples(st.lists(records, max_size=4), st.integers(0, 5)), max_size=8), st.integers(1, 200))
def test_any_records_in_any_rhythm_keep_their_order(
    rhythm: list[tuple[list[dict[str, Any]], int]], memory: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MEMORY_BYTES", memory)
        spool = Spool()
    reader, waiting, taken = iter(spool), 0, []
    for put, take in rhythm:
        spool.put(put)
        waiting += len(put)
        for _ in range(min(take, waiting)):
            taken.append(next(reader))
            waiting -= 1
    spool.end()
    assert taken + list(reader) == [record for put, _ in rhythm for record in put]


def test_space_is_used_again_once_all_is_read() -> None:
    spool = Spool()
    reader = iter(spool)
    for _ in range(100):
        spool.put(RECORDS)
        assert [next(reader) for _ in RECORDS] == RECORDS
    spool._file.seek(0, 2)
    assert spool._file.tell() < 2 * sum(len(str(record).encode()) for record in RECORDS)


def test_an_error_comes_after_the_records_before_it() -> None:
    spool = Spool()
    spool.put(RECORDS[:2])
    spool.end(RuntimeError("broken"))
    reader = iter(spool)
    assert [next(reader), next(reader)] == RECORDS[:2]
    with pytest.raises(RuntimeError, match="broken"):
        next(reader)


def test_nothing_more_is_wanted_when_the_reader_has_gone() -> None:
    spool = Spool()
    spool.put(RECORDS)
    spool.close()
    assert not spool.put(RECORDS)


def test_a_reader_waits_for_the_writer() -> None:
    spool = Spool()
    taken: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: taken.extend(spool), daemon=True)
    thread.start()
    for record in RECORDS:
        spool.put([record])
    spool.end()
    thread.join(9)
    assert taken == RECORDS


def test_a_writer_does_not_wait_for_the_reader() -> None:
    spool = Spool()
    writer = threading.Thread(target=lambda: [spool.put(RECORDS) for _ in range(200)], daemon=True)
    writer.start()
    writer.join(9)
    assert not writer.is_alive()
    spool.end()
    assert sum(1 for _ in spool) == 200 * len(RECORDS)


class Full(SpooledTemporaryFile[bytes]):
    """A file whose disk has no room."""

    def write(self, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_with_the_directory_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SpooledTemporaryFile", Full)
    with pytest.raises(AirbyteTracedException, match=r"No space left on device\); make room there") as error:
        Spool().put(RECORDS)
    assert tempfile.gettempdir() in str(error.value)
    assert error.value.failure_type == FailureType.config_error
