"""Intercom's own figures: a stream for each dataset that the workspace can export (API notes 10.2)."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final, NamedTuple

from airbyte_cdk.models import ConfiguredAirbyteCatalog, FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.exports import DATASETS, REPORTING
from source_intercom.api.jobs import RULES, Jobs
from source_intercom.api.sentences import NO_ANSWER, says
from source_intercom.read.datasets import PREFIX, Attribute, Dataset, datasets_in, schema_of
from source_intercom.read.finder import Finder
from source_intercom.read.report_export import DAY, ReportExport
from source_intercom.read.rows import Record
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.context import StreamContext

HISTORY: Final = 729
"""Days for which Intercom has figures, less the one in which a sync may wait for its turn."""

CORRECTIONS: Final = 30
"""Days before its cursor from which each sync reads again, as rows change after their time: ratings, closes."""

ANY: Final = f"{PREFIX}*"
"""What stands for all of these streams where none is known."""

_RETRIES: Final = 1
"""How often the list of datasets is asked for again where it is asked for on behalf of no stream."""

_LOGGER = logging.getLogger("airbyte")


class Facts(NamedTuple):
    """What is known of a stream.

    `dataset`   as the list of datasets has it; None if it has none of that name
    `selected`  the columns of the configured catalog; empty stands for all
    `error`     what kept Intercom from listing datasets
    """

    name: str
    dataset: Dataset | None = None
    selected: frozenset[str] = frozenset()
    error: AirbyteTracedException | None = None


class Report(IntercomStream):
    """The rows of a dataset. A class for each is made once it is known; those with a key are read incrementally."""

    endpoint = DATASETS
    permission = "Export reporting data"
    facts: ClassVar[Facts] = Facts(ANY)

    @property
    def name(self) -> str:
        """The dataset's id in snake case, behind a prefix."""
        return self.facts.name

    @property
    def own_schema(self) -> Mapping[str, Any]:
        """What the dataset's attributes make of it."""
        return schema_of(self.facts.dataset or Dataset(self.name, "", "", "", ()))

    def get_json_schema(self) -> Mapping[str, Any]:  # type: ignore[override] # the CDK's is a cached one
        """The same, as there is no file."""
        return self.declared

    def starts_at(self, now: int) -> int:
        """As always, but not before Intercom's figures begin; with a state so many days before."""
        start, config = super().starts_at(now), self.context.config
        if self._resumed is not None:
            start = max(config.start_second, start - CORRECTIONS * DAY)
        return max(start, now - HISTORY * DAY)

    def finder(self) -> Finder:
        """The export of the dataset."""
        reader = self.reader(may_be_gone=True)
        jobs = Jobs(REPORTING, reader, self.reader(rules=RULES))
        return ReportExport(jobs, reader, self.rows, self.dataset, self.columns)

    def dataset(self) -> Dataset | None:
        """The dataset; None if there is none.

        :raises AirbyteTracedException: what keeps Intercom from telling
        """
        if self.facts.error:
            raise self.facts.error
        return self.facts.dataset

    def columns(self, dataset: Dataset) -> Mapping[str, Attribute]:
        """The attributes to ask for; those that are gone or new since the catalog was made are told of."""
        columns, selected = dataset.columns, self.facts.selected
        if not selected:
            return columns
        gone, new = sorted(selected - columns.keys()), sorted(columns.keys() - selected)
        self.count(report.ALTERED, len(gone) + len(new))
        if gone:
            self.logger.warning("%s: the dataset has no %s any more; they stay empty.", self.name, ", ".join(gone))
        if new:
            self.logger.info("%s: not in the schema of the connection, refresh it: %s.", self.name, ", ".join(new))
        return {column: each for column, each in columns.items() if column in selected}

    def rows_of(self, record: Record) -> Iterable[Record]:
        """The row."""
        rows = self.rows.fit([record["row"]])
        self.note_emitted(rows)
        return rows

    def probe(self) -> None:
        """Ask for the list of datasets."""
        _datasets(self)


def reports_in_workspace(context: StreamContext) -> list[IntercomStream]:
    """The streams of the datasets that the workspace has now; none, and a line in the log, where they are not told.

    That is where the token may not read them, or nobody answers. What passes is not taken for none: whoever refreshes
    a connection's schema would lose its streams.

    :raises AirbyteTracedException: a transient error if Intercom answers that it cannot tell them now
    """
    try:
        found = _datasets(Report(context), _RETRIES)
    except AirbyteTracedException as error:
        if error.failure_type == FailureType.transient_error and not says(error, NO_ANSWER):
            raise
        _LOGGER.warning("No streams %s, since datasets cannot be listed. %s", ANY, error)
        return []
    return [_made(context, Facts(name, dataset)) for name, dataset in found.items()]


def reports_in_catalog(context: StreamContext, catalog: ConfiguredAirbyteCatalog) -> list[IntercomStream]:
    """The streams of datasets that a configured catalog has, whether the workspace has them still or not."""
    configured = {each.stream.name: each.stream for each in catalog.streams if each.stream.name.startswith(PREFIX)}
    if not configured:
        return []
    found: Mapping[str, Dataset] = {}
    refusal = None
    try:
        found = _datasets(Report(context, next(iter(configured))))
    except AirbyteTracedException as error:
        refusal = error
    return [
        _made(context, Facts(name, found.get(name), frozenset(stream.json_schema.get("properties") or ()), refusal))
        for name, stream in configured.items()
    ]


def _datasets(stream: Report, retries: int | None = None) -> Mapping[str, Dataset]:
    reader = stream.reader(records_key=stream.records_key)
    return datasets_in(reader.get(DATASETS) if retries is None else reader.get(DATASETS, retries=retries))


def _made(context: StreamContext, facts: Facts) -> IntercomStream:
    dataset = facts.dataset
    cursor = dataset.time if dataset and dataset.key and dataset.time else []
    kind = type("Report", (Report,), {"facts": facts, "cursor_field": cursor, "__doc__": Report.__doc__})
    stream: IntercomStream = kind(context)
    return stream
