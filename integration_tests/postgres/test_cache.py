"""The cache by itself, with rows that no sandbox sends on demand."""

import importlib
from pathlib import Path

import pytest

from integration_tests.connector import ROOT
from integration_tests.postgres.server import PASSWORD, Server


def test_of_rows_with_the_same_key_the_last_one_is_kept(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DO_NOT_TRACK", "1")
    monkeypatch.setenv("AIRBYTE_LOGGING_ROOT", str(tmp_path))
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    cache_class = importlib.import_module("postgres_cache").ExactPostgresCache
    protocol = importlib.import_module("airbyte_protocol.models")
    progress = importlib.import_module("airbyte.progress")
    strategies = importlib.import_module("airbyte.strategies")
    catalogs = importlib.import_module("airbyte.shared.catalog_providers")

    cache = cache_class(
        host=postgres.host,
        port=postgres.port,
        username=postgres.user,
        password=PASSWORD.replace("%", "%25").replace("@", "%40").replace("/", "%2F"),
        database=postgres.database,
        schema_name="same_key",
        cache_dir=tmp_path,
    )
    schema = {"properties": {"id": {"type": "string"}, "seen_at": {"type": ["null", "integer"]}}}
    stream = {
        "stream": {"name": "things", "json_schema": schema, "supported_sync_modes": ["full_refresh"]},
        "sync_mode": "full_refresh",
        "destination_sync_mode": "overwrite",
        "primary_key": [["id"]],
    }
    catalog = protocol.ConfiguredAirbyteCatalog.model_validate({"streams": [stream]})

    def load(*rows: tuple[str, int | None]) -> list[tuple[str, int | None]]:
        records = ({"stream": "things", "data": {"id": key, "seen_at": at}, "emitted_at": 0} for key, at in rows)
        messages = [protocol.AirbyteMessage.model_validate({"type": "RECORD", "record": each}) for each in records]
        provider = catalogs.CatalogProvider(catalog)
        tracker = progress.ProgressTracker(source=None, cache=cache, destination=None, expected_streams=["things"])
        cache.get_record_processor(source_name="source", catalog_provider=provider).process_airbyte_messages(
            messages, write_strategy=strategies.WriteStrategy.MERGE, progress_tracker=tracker
        )
        return sorted((row["id"], row["seen_at"]) for row in postgres.rows("things", "same_key"))

    assert load(("1", 1700000000), ("2", 5), ("1", 1600000000)) == [("1", 1600000000), ("2", 5)]
    assert load(("2", None), ("3", 1), ("3", 2)) == [("1", 1600000000), ("2", None), ("3", 2)]
