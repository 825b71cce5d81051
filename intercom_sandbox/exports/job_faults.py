"""What goes wrong with export jobs, handed out to them as they are asked for."""

import re
from dataclasses import dataclass
from typing import Any

from intercom_sandbox.errors import invalid

KINDS = (
    *("stuck", "vanishes", "poll_error", "expired", "truncated", "other_host", "no_url", "word"),
    *("unknown_group", "columns"),
)


@dataclass
class JobFault:
    """Of the jobs of an ``export`` (None: of both), for a ``dataset`` if one is named, the first ``after`` are spared.

    Then the next ``jobs`` (None: all) get the ``action``, which is ``{"status": …}`` for how a job ends, or
    ``{"kind": …}``.
    """

    action: dict[str, Any]
    export: str | None = None
    dataset: str | None = None
    after: int = 0
    jobs: int | None = 1
    seen: int = 0

    @classmethod
    def of(cls, request: dict[str, Any]) -> "JobFault":
        """The fault that a request describes; 400 when it is none."""
        try:
            fault = cls(**request)
        except TypeError as error:
            raise invalid(f"Bad job fault: {error}") from None
        if fault.action.get("kind", "status") not in (*KINDS, "status") or not fault.action:
            raise invalid(f"Unknown job fault {fault.action}")
        return fault

    def takes(self, export: str, asked: dict[str, Any]) -> bool:
        """Counts a job; whether it shall go wrong."""
        if self.export not in (None, export) or not re.search(self.dataset or "", str(asked.get("dataset_id"))):
            return False
        self.seen += 1
        late = self.seen - self.after
        return late > 0 and (self.jobs is None or late <= self.jobs)

    def handed_out(self) -> dict[str, Any]:
        """The action for one job, which counts its times by itself."""
        return dict(self.action)
