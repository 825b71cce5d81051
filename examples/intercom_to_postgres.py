"""Reads Intercom into PostgreSQL with PyAirbyte: `python intercom_to_postgres.py [stream …]`, or all streams.

Needs PyAirbyte and the connector, as docs/scale.md says. Takes Intercom's token from INTERCOM_TOKEN, the database from
PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE, and its schema from INTERCOM_SCHEMA ("intercom" if there is none).
The last line that it prints is a JSON object: how many rows each table holds now.

Of a read that fails, be it in one stream only, PyAirbyte loads nothing: then each stream is read again by itself. When
some have failed, the others are loaded, the last line on stderr says which have, and the exit code is 1.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

os.environ.setdefault("AIRBYTE_OFFLINE_MODE", "1")
os.environ.setdefault("DO_NOT_TRACK", "1")

import airbyte
from airbyte_protocol.models import SyncMode
from postgres_cache import ExactPostgresCache


def read(wanted: list[str]) -> tuple[dict[str, int], list[str]]:
    """Read these streams, or all; how many rows the tables hold of those that were loaded, and which were not.

    What can be read incrementally is read from where the last run ended, and new rows replace older ones of the same
    key; all else is read in full, and the table becomes what was read, so that what was deleted goes.
    """
    rows: dict[str, int] = {}
    failed: list[str] = []
    source = airbyte.get_source(
        "source-intercom",
        local_executable=Path(sys.executable).with_name("source-intercom"),
        config={
            "credentials": {"auth_type": "AccessToken", "access_token": os.environ["INTERCOM_TOKEN"]},
            "start_date": os.environ.get("INTERCOM_START_DATE", "2024-01-01T00:00:00Z"),
        },
    )
    catalog = source.discovered_catalog.streams
    full_only = {stream.name: SyncMode.incremental not in stream.supported_sync_modes for stream in catalog}
    if unknown := set(wanted) - full_only.keys():
        sys.exit(f"There is no stream {', '.join(sorted(unknown))}.")
    with tempfile.TemporaryDirectory() as directory:
        cache = ExactPostgresCache(
            host=os.environ["PGHOST"],
            port=int(os.environ.get("PGPORT", "5432")),
            username=os.environ["PGUSER"],
            password=quote(os.environ["PGPASSWORD"], safe=""),  # PyAirbyte makes a URL of it
            database=os.environ["PGDATABASE"],
            schema_name=os.environ.get("INTERCOM_SCHEMA", "intercom"),
            cache_dir=Path(directory),
        )

        def load(streams: list[str], full: bool) -> None:
            strategy = "replace" if full else "merge"
            result = source.read(cache, streams=streams, write_strategy=strategy, force_full_refresh=full)
            rows.update({stream: len(result[stream]) for stream in streams})

        for full in (True, False):
            together = [stream for stream in wanted or full_only if full_only[stream] is full]
            if not together:
                continue
            try:
                load(together, full)
            except Exception:
                for stream in together:
                    try:
                        load([stream], full)
                    except Exception as error:
                        sys.stderr.write(f"\n{stream}: {error}\n")
                        failed.append(stream)
    return rows, failed


if __name__ == "__main__":
    rows, failed = read(sys.argv[1:])
    sys.stdout.write(json.dumps(rows) + "\n")
    if failed:
        sys.exit(f"\nNot loaded, for the reasons above: {', '.join(failed)}. All other streams are.")
