"""Airbyte source connector for Intercom."""

from typing import Any


def __getattr__(name: str) -> Any:
    """`SourceIntercom`, where Airbyte's tools look for it, loaded when asked for (see `source_intercom.run`)."""
    if name == "SourceIntercom":
        from source_intercom.source import SourceIntercom

        return SourceIntercom
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
