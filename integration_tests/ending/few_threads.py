"""Runs the connector where only so many threads can be started: `python few_threads.py NUMBER read …`."""

import sys
import threading

start = threading.Thread.start


def refuse_more(thread: threading.Thread) -> None:
    """As the system does where the limit of processes is reached."""
    if threading.active_count() > number:
        raise RuntimeError("can't start new thread")
    start(thread)


number = int(sys.argv.pop(1))
threading.Thread.start = refuse_more  # type: ignore[method-assign, assignment]

from source_intercom.run import run  # noqa: E402 - limited from the start

run()
