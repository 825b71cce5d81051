"""Our connector without one of the things that make it cheap: `python without.py STEP read …`.

Runs in the environment of the connector, which has no other package of this project.
"""

import gc
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from copy import copy, deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from source_intercom import run

run.load()

from airbyte_cdk.models import SyncMode  # noqa: E402 - loaded as the connector loads it
from airbyte_cdk.sources.streams.concurrent.adapters import StreamPartition  # noqa: E402
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition  # noqa: E402

from source_intercom import entrypoint  # noqa: E402
from source_intercom.api import bodies  # noqa: E402
from source_intercom.api.connections import Connections, Socket  # noqa: E402
from source_intercom.api.session import IntercomSession  # noqa: E402
from source_intercom.read.member import Task  # noqa: E402
from source_intercom.read.partitions import TaskPartitions  # noqa: E402


def _nothing() -> None:
    pass


def _collect_often_and_everything() -> None:
    run.GC_THRESHOLDS = gc.get_threshold()  # type: ignore[misc]
    gc.freeze = _nothing


def _read_the_environment_each_time() -> None:
    IntercomSession._read_environment = lambda self, url: None  # type: ignore[method-assign]


def _load_certificates_for_each_connection() -> None:
    for name in ("build_connection_pool_key_attributes", "cert_verify"):
        delattr(Connections, name)


def _parse_with_the_standard_library() -> None:
    module: Any = bodies
    module.orjson = SimpleNamespace(loads=json.loads, JSONDecodeError=json.JSONDecodeError)


def _parse_whenever_asked() -> None:
    parse = bodies.json_object

    def parse_again(response: requests.Response, list_key: str | None = None) -> bodies.Body | None:
        response.__dict__.pop(bodies._PARSED, None)
        return parse(response, list_key)

    for module in [module for name, module in sys.modules.items() if name.startswith("source_intercom")]:
        if getattr(module, "json_object", None) is parse:
            module.json_object = parse_again  # type: ignore[attr-defined]


def _adapt_as_the_cdk_does() -> None:
    def adapted(member: Any, task: Task) -> StreamPartition:
        stream: Any = copy(member)
        stream.read_records = lambda **_: (row for _, row in task.read())
        return StreamPartition(
            stream, deepcopy(task.stream_slice), member.context.messages, SyncMode.full_refresh, None, None
        )

    def generate(self: TaskPartitions) -> Iterable[Partition]:
        return (adapted(self._member, task) for task in self._family.tasks(self._member))

    TaskPartitions.generate = generate  # type: ignore[method-assign]


def _set_timeouts_for_each_request() -> None:
    del Socket.settimeout


def _let_threads_take_short_turns() -> None:
    run.SWITCH_SECONDS = sys.getswitchinterval()  # type: ignore[misc]


def _use_many_arenas() -> None:
    run._share_one_arena = _nothing


def _print_in_large_pieces() -> None:
    entrypoint.FLUSH_SECONDS = 0.1  # type: ignore[misc]


STEPS: Final[Mapping[str, Callable[[], None]]] = {
    "nothing left out": _nothing,
    "rare garbage collection": _collect_often_and_everything,
    "the environment read once": _read_the_environment_each_time,
    "certificates loaded once": _load_certificates_for_each_connection,
    "orjson for bodies": _parse_with_the_standard_library,
    "bodies parsed once": _parse_whenever_asked,
    "slices and records handed on as they are": _adapt_as_the_cdk_does,
    "timeouts set once": _set_timeouts_for_each_request,
    "long turns of threads": _let_threads_take_short_turns,
    "one arena for all threads": _use_many_arenas,
    "output in small pieces": _print_in_large_pieces,
}
"""What can be left out, each with what undoes it."""


if __name__ == "__main__":
    STEPS[sys.argv.pop(1)]()
    run.run()
