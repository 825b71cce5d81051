"""Columns that a search fills only when its query string asks for them (API notes 14)."""

import threading
from collections.abc import Callable, Collection, Mapping

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.bodies import Body

Request = Callable[[Mapping[str, str]], Body]
"""Sends a request with these parameters, and returns the body of its answer."""

Refused = Callable[[Mapping[str, str]], None]
"""Told, once in a read, the flags that Intercom refuses, each with its column."""


class Flags:
    """The flags of a search that somebody wants, less those that Intercom refuses.

    Whether they need a plan or a permission is unknown.

    :param columns: the column that each flag fills
    """

    def __init__(self, columns: Mapping[str, str]) -> None:
        self._columns = columns
        self._sent: Mapping[str, str] = {}
        self._wanted: list[tuple[Mapping[str, str], Refused]] = []
        self._lock = threading.Lock()

    def want(self, columns: Collection[str], refused: Refused) -> None:
        """Send those that fill some columns; `refused` is told of them, before any answer lacks a column."""
        wanted = {flag: column for flag, column in self._columns.items() if column in columns}
        self._wanted.append((wanted, refused))
        self._sent = {**self._sent, **dict.fromkeys(wanted, "true")}

    def ask(self, request: Request) -> Body:
        """The answer to a request with the flags, or without those that are refused.

        :raises AirbyteTracedException: what keeps Intercom from answering without any flag, too
        """
        sent = self._sent
        try:
            return request(sent)
        except AirbyteTracedException as error:
            if not sent or error.failure_type == FailureType.transient_error:
                raise
        with self._lock:
            if sent is self._sent:
                return self._learn(request)
        return self.ask(request)

    def _learn(self, request: Request) -> Body:
        """Find out which flags are refused, one after the other; the last answer that came."""
        body = request({})
        accepted: dict[str, str] = {}
        for flag in self._sent:
            answer = _unless_refused(request, {**accepted, flag: "true"})
            if answer is not None:
                body = answer
                accepted[flag] = "true"
        if refused := self._sent.keys() - accepted.keys():
            for wanted, tell in self._wanted:
                if lost := {flag: column for flag, column in wanted.items() if flag in refused}:
                    tell(lost)
            self._sent = accepted
        return body


def _unless_refused(request: Request, flags: Mapping[str, str]) -> Body | None:
    """The answer; None if it is refused twice: a firewall may refuse one request of many, whatever it asks for."""
    for _ in range(2):
        try:
            return request(flags)
        except AirbyteTracedException as error:
            if error.failure_type == FailureType.transient_error:
                raise
    return None
