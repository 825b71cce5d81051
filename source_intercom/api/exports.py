"""Where Intercom's two exports are, and what their jobs may say (API notes 10)."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from source_intercom.api.session import DOWNLOADS

UNDONE: Final = "failed"
EMPTY: Final = "no_data"
LEFT: Final = ("canceled", "cancelled")
DONE: Final = "complete"
"""What a job's status is, or how it begins, when it has come to an end: `completed` of one export, `complete` of the
other. Whatever else it is, the job goes on."""


@dataclass(frozen=True)
class Export:
    """The addresses of an export's jobs, below the API's URL.

    The path of a file is made here from the id of its job: what the job's `download_url` says is not looked at, since
    the token goes to no other host.

    `at_once`  how many jobs Intercom makes for a workspace at the same time, whoever asked for them
    `begin`    to which a job is posted
    `folder`   where jobs and files are, by their ids
    `cancel`   to which the end of a job is posted, with `{id}`; empty where a job cannot be ended
    `names_id`  whether the id is also told as a parameter
    """

    at_once: int
    begin: str
    folder: str
    cancel: str = ""
    names_id: bool = False

    def job(self, job_id: str) -> str:
        """Where a job is."""
        return f"export/{self.folder}/{_step(job_id)}"

    def file(self, job_id: str) -> str:
        """Where its file is."""
        return f"{DOWNLOADS}{self.folder}/{_step(job_id)}"

    def end(self, job_id: str) -> str:
        """To which its end is posted."""
        return self.cancel.format(id=_step(job_id))

    def parameters(self, job_id: str) -> dict[str, str]:
        """What goes with requests for a job and its file."""
        return {"job_identifier": job_id} if self.names_id else {}


def _step(job_id: str) -> str:
    return quote(job_id, safe="")


CONTENT: Final = Export(1, "export/content/data", "content/data", "export/cancel/{id}")

REPORTING: Final = Export(5, "export/reporting_data/enqueue", "reporting_data", names_id=True)

DATASETS: Final = "export/reporting_data/get_datasets"
"""Lists what can be exported."""

ROWS: Final = 10_000_000
"""Rows of an export at most; what is beyond them Intercom leaves out without a word."""
