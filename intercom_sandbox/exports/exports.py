"""Both exports of a workspace: their jobs, their data, and what mutations do to it."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from intercom_sandbox.exports.content import ContentExport
from intercom_sandbox.exports.datasets import DATASETS
from intercom_sandbox.exports.groups import COLUMNS
from intercom_sandbox.exports.jobs import CONTENT, REPORTING, Job, Jobs
from intercom_sandbox.exports.outbox import Outbox
from intercom_sandbox.exports.reporting import ReportingExport
from intercom_sandbox.mutation import Mutation
from intercom_sandbox.settings import Settings
from intercom_sandbox.workspace import Workspace


class Exports:
    """The exports of a workspace; nothing is made before it is asked for."""

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self.settings = settings
        """As the state's: set again when those change."""
        self.outbox = Outbox(workspace)
        self.content = ContentExport(workspace, self.outbox)
        self.reporting = ReportingExport(workspace)
        self.jobs = Jobs(settings.seed)
        self.jobs.finish = {CONTENT.name: self._finish_content, REPORTING.name: self._finish_report}
        self.operations: dict[str, Callable[[Mutation, int], list[str]]] = {
            "send_messages": self._send,
            "engage": self._engage,
            "change_datasets": self._change_datasets,
        }

    def truth(self, name: str) -> Iterator[bytes] | None:
        """JSON of each row of ``content_<group>`` or ``report_<dataset>``; None for what is neither."""
        export, _, which = name.partition("_")
        if export == "content" and which in COLUMNS:
            return map(orjson.dumps, self.content.truth(which, self.settings))
        if export == "report" and which in {each.id for each in DATASETS}:
            return map(orjson.dumps, self.reporting.truth(which, self.settings))
        return None

    def _finish_content(self, job: Job) -> str:
        job.result = self.outbox.now()
        has_rows = self.content.has_rows(span_of(job.asked), job.result)
        return CONTENT.done if has_rows else "no_data"

    def _finish_report(self, job: Job) -> str:
        job.result = self.reporting.file(job.asked, self.settings, job.fault)
        return REPORTING.done

    def _send(self, mutation: Mutation, at: int) -> list[str]:
        """New receipts."""
        return self.outbox.send(mutation.count, at)

    def _engage(self, mutation: Mutation, at: int) -> list[str]:
        """An event happens to receipts: ``fields.event``, an opening unless it says another."""
        return self.outbox.happen(mutation.ids, mutation.count, mutation.fields.get("event", "open"), at)

    def _change_datasets(self, mutation: Mutation, at: int) -> list[str]:
        """Datasets and attributes (``gone``, ``gone_attributes``) are there no more, others are new."""
        fields: dict[str, Any] = mutation.fields
        self.reporting.gone = set(fields.get("gone", ()))
        self.reporting.gone_attributes = set(fields.get("gone_attributes", ()))
        self.reporting.new_attributes = tuple(fields.get("new_attributes", ()))
        return sorted(self.reporting.gone)


def span_of(asked: dict[str, Any]) -> tuple[int, int]:
    """The range that a content job was asked for, both ends included."""
    return asked["created_at_after"], asked["created_at_before"]
