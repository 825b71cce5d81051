"""The cache by itself, with rows that no sandbox sends on demand."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from integration_tests.conftest import needs_pyairbyte
from integration_tests.connector import ROOT
from integration_tests.postgres.server import PASSWORD, Server

pytestmark = needs_pyairbyte

Row = tuple[str, int | None]
Load = Callable[..., list[Row]]

SCHEMA = {"properties": {"id": {"type": "string"}, "seen_at": {"type": ["null", "integer"]}}}


@pytest.fixture
def load(postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Loads rows into a table through a cache of that class, and returns what the table holds then."""
    monkeypatch.setenv("DO_NOT_TRACK", "1")
    monkeypatch.setenv("AIRBYTE_LOGGING_ROOT", str(tmp_path))
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    protocol = importlib.import_module("airbyte_protocol.models")
    progress = importlib.import_module("airbyte.progress")
    strategies = importlib.import_module("airbyte.strategies")
    catalogs = importlib.import_module("airbyte.shared.catalog_providers")
    stream = {
        "stream": {"name": "things", "json_schema": SCHEMA, "supported_sync_modes": ["full_refresh"]},
        "sync_mode": "full_refresh",
        "destination_sync_mode": "overwrite",
        "primary_key": [["id"]],
    }
    catalog = protocol.ConfiguredAirbyteCatalog.model_validate({"streams": [stream]})

    def load_rows(module: str, name: str, *rows: Row) -> list[Row]:
        cache: Any = getattr(importlib.import_module(module), name)(
            host=postgres.host,
            port=postgres.port,
            username=postgres.user,
            password=PASSWORD.replace("%", "%25").replace("@", "%40").replace("/", "%2F"),
            database=postgres.database,
            schema_name=name.lower(),
            cache_dir=tmp_path,
        )
        records = ({"stream": "things", "data": {"id": key, "seen_at": at}, "emitted_at": 0} for key, at in rows)
        messages = [protocol.AirbyteMessage.model_validate({"type": "RECORD", "record": each}) for each in records]
        provider = catalogs.CatalogProvider(catalog)
        tracker = progress.ProgressTracker(source=None, cache=cache, destination=None, expected_streams=["things"])
        cache.get_record_processor(source_name="source", catalog_provider=provider).process_airbyte_messages(
            messages, write_strategy=strategies.WriteStrategy.MERGE, progress_tracker=tracker
        )
        return sorted((row["id"], row["seen_at"]) for row in postgres.rows("things", name.lower()))

    return load_rows


def test_of_rows_with_the_same_key_the_last_one_is_kept(load: Load) -> None:
    ours = ("postgres_cache", "ExactPostgresCache")
    assert load(*ours, ("1", 1700000000), ("2", 5), ("1", 1600000000)) == [("1", 1600000000), ("2", 5)]
    assert load(*ours, ("2", None), ("3", 1), ("3", 2)) == [("1", 1600000000), ("2", None), ("3", 2)]


def test_pyairbytes_own_cache_still_needs_a_replacement(load: Load) -> None:
    """Why there is another one. It can go when this fails, and then `test_postgres.py` says whether more is missing."""
    with pytest.raises(Exception, match="of type bigint but expression is of type timestamp"):
        load("airbyte.caches", "PostgresCache", ("1", 1700000000))
