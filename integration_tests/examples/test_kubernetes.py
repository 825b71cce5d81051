"""The files for Airbyte on Kubernetes, as far as they can be checked without a cluster."""

import json
from typing import Any

import yaml
from airbyte_api.models import ConnectionCreateRequest  # type: ignore[import-untyped]

from integration_tests.connector import ROOT, STREAMS, discovered
from integration_tests.postgres.server import Server

FILES = ROOT / "examples" / "kubernetes"
CONNECTIONS: list[dict[str, Any]] = yaml.safe_load((FILES / "connections.yaml").read_text())
UNITS = {"Mi": 2**20, "Gi": 2**30}


def needed() -> dict[str, Any]:
    """The resources that metadata.yaml asks for."""
    metadata = yaml.safe_load((ROOT / "metadata.yaml").read_text())["data"]
    resources: dict[str, Any] = metadata["resourceRequirements"]
    return resources


def size_of(memory: str) -> int:
    number, unit = memory[:-2], memory[-2:]
    return int(number) * UNITS[unit]


def test_connections_are_what_airbytes_api_takes() -> None:
    for body in CONNECTIONS:
        understood = json.loads(ConnectionCreateRequest.from_dict(body).to_json())
        assert part_of(understood, body) == body


def part_of(found: Any, expected: Any) -> Any:
    """Of what was understood, what has been said: the rest are defaults."""
    if isinstance(expected, dict):
        return {key: part_of(found[key], value) for key, value in expected.items() if key in found}
    if isinstance(expected, list):
        return [part_of(*pair) for pair in zip(found, expected, strict=True)]
    return found


def test_every_stream_of_the_connections_is_in_one_of_them_with_a_mode_that_it_has() -> None:
    streams = [stream for body in CONNECTIONS for stream in body["configurations"]["streams"]]
    names = [stream["name"] for stream in streams]
    assert set(names) <= set(STREAMS)
    assert len(names) == len(set(names))
    for stream in streams:
        incremental = "incremental" in discovered()[stream["name"]]["supported_sync_modes"]
        mode = "incremental_deduped_history" if incremental else "full_refresh_overwrite"
        assert stream["syncMode"] == mode, stream


def test_sql_sets_what_the_metadata_asks_for(postgres: Server) -> None:
    with postgres.connect() as database:
        database.execute("CREATE TEMP TABLE actor_definition (docker_repository text, resource_requirements jsonb)")
        database.execute("INSERT INTO actor_definition VALUES ('our.registry/source-intercom'), ('airbyte/source-x')")
        script: Any = (FILES / "resources.sql").read_text()
        database.execute(script)
        found = database.execute("SELECT * FROM actor_definition ORDER BY 1").fetchall()
    assert found == [("airbyte/source-x", None), ("our.registry/source-intercom", needed())]


def test_memory_for_all_connectors_is_enough_for_this_one() -> None:
    values = yaml.safe_load((FILES / "airbyte-values.yaml").read_text())
    memory = values["global"]["workloads"]["resources"]["mainContainer"]["memory"]
    (sync,) = needed()["jobSpecific"]
    assert size_of(memory["request"]) >= size_of(sync["resourceRequirements"]["memory_request"])
    assert size_of(memory["limit"]) >= size_of(sync["resourceRequirements"]["memory_limit"])
