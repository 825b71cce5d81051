"""The file of a reporting export: a CSV whose headers are the simple ids, and what the truth says of a dataset."""

import gzip
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from intercom_sandbox.errors import ApiError
from intercom_sandbox.exports.datasets import DATASETS, Dataset, figures
from intercom_sandbox.exports.groups import Value
from intercom_sandbox.exports.tables import line
from intercom_sandbox.settings import Settings
from intercom_sandbox.workspace import Workspace

_DAY = 86_400


def _bad(message: str) -> ApiError:
    return ApiError(400, "bad_request", message)


class ReportingExport:
    """The datasets of the workspace. Some may be gone, and have other attributes, since somebody saw their list."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.gone: set[str] = set()
        """Ids of datasets that are there no more."""
        self.gone_attributes: set[str] = set()
        self.new_attributes: tuple[str, ...] = ()
        """Qualified ids; every dataset has the new ones, without a value."""

    def datasets(self) -> list[dict[str, Any]]:
        """Those that there are, with their attributes."""
        return [each.told(self.gone_attributes, self.new_attributes) for each in DATASETS if each.id not in self.gone]

    def check(self, asked: dict[str, Any], settings: Settings) -> None:
        """400 ``bad_request`` for what cannot be exported."""
        dataset_id = self._required(asked, "dataset_id")
        known = {each["id"]: each for each in self.datasets()}
        if dataset_id not in known:
            raise _bad(f"{dataset_id} is not a valid dataset_id")
        ids = self._required(asked, "attribute_ids")
        if not isinstance(ids, list):
            raise _bad(f"'attribute_ids' {ids} must be of type Array")
        if not ids:
            raise _bad("attribute_ids must contain at least one attribute_id")
        valid = {each["qualified_id"] for each in known[dataset_id]["attributes"]}
        if wrong := [str(each) for each in ids if each not in valid]:
            raise _bad(f"attribute_ids invalid for {dataset_id} dataset: {', '.join(wrong)}")
        for name in ("start_time", "end_time"):
            if not isinstance(self._required(asked, name), int):
                raise _bad(f"'{name}' must be a Unix timestamp")
        if asked["start_time"] < self._oldest(settings):
            raise _bad(f"start_time must be within the last {settings.report_retention} days")

    def truth(self, dataset_id: str, settings: Settings) -> Iterator[dict[str, str]]:
        """The rows that can be exported now, by qualified ids, written as in the CSV."""
        dataset = _dataset(dataset_id)
        ids = [each["qualified_id"] for each in dataset.told(self.gone_attributes, self.new_attributes)["attributes"]]
        for row in figures(dataset, self._workspace, self._oldest(settings), int(time.time())):
            yield dict(zip(ids, _written(row, ids, settings), strict=True))

    def file(self, asked: dict[str, Any], settings: Settings, fault: dict[str, Any]) -> bytes:
        """The CSV of what was asked for, as it is now."""
        dataset, ids = _dataset(asked["dataset_id"]), asked["attribute_ids"]
        if fault.get("kind") == "columns":
            ids = [each for each in ids if each not in fault.get("missing", ())]
            ids = [*ids[::-1]] if fault.get("reordered") else ids
        simple = settings.report_headers == "simple"
        header = [each.partition(".")[2] if simple else each for each in ids]
        extra = [fault["extra"]] if fault.get("extra") else []
        found = figures(dataset, self._workspace, asked["start_time"], asked["end_time"])
        beyond = ["x, y"] if extra else []
        lines = [line([*header, *extra]), *(line([*_written(row, ids, settings), *beyond]) for row in found)]
        text = b"".join([b"\xef\xbb\xbf" if settings.report_bom else b"", *lines])
        return gzip.compress(text, 1, mtime=0) if settings.report_format == "gzip" else text

    @staticmethod
    def _required(asked: dict[str, Any], name: str) -> Any:
        if asked.get(name) is None:
            raise _bad(f"'{name}' is a required parameter")
        return asked[name]

    @staticmethod
    def _oldest(settings: Settings) -> int:
        days = settings.report_retention
        return int(time.time()) - days * _DAY if days else 0


def _dataset(dataset_id: str) -> Dataset:
    return next(each for each in DATASETS if each.id == dataset_id)


def _written(row: dict[str, Value], ids: Iterable[str], settings: Settings) -> list[str]:
    zone: tzinfo = UTC if settings.report_zone == "utc" else ZoneInfo(settings.timezone)
    return [_cell(row.get(each), zone) for each in ids]


def _cell(value: Value, zone: tzinfo) -> str:
    if isinstance(value, int):
        return datetime.fromtimestamp(value, zone).strftime("%Y-%m-%d %H:%M:%S")
    return value or ""
