"""Runs the connector where no directory takes temporary files: `python no_disk.py read …`."""

import tempfile

from source_intercom.run import run


def gettempdir() -> str:
    """As with a disk that is full, or read-only, everywhere."""
    raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")


tempfile.gettempdir = gettempdir
run()
