"""Mutations while a reader reads: performed as a certain request is answered."""

import re
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intercom_sandbox.errors import invalid
from intercom_sandbox.mutation import Mutation
from intercom_sandbox.mutations import Mutator


@dataclass
class Entry:
    """A mutation that is performed as the ``after``-th request on a path is answered.

    It is performed again at each ``every``-th request from there, or only once when ``every`` is 0. ``seen`` counts the
    matching requests.
    """

    path: re.Pattern[str]
    after: int
    every: int
    mutation: Mutation
    seen: int = 0

    @classmethod
    def of(cls, request: dict[str, Any]) -> "Entry":
        """``{"path": regex, "after": n, "every"?: k, "mutation": {…}}``; 400 when it is none."""
        try:
            mutation = Mutation.of(request["mutation"])
            return cls(re.compile(request["path"]), request.get("after", 1), request.get("every", 0), mutation)
        except (KeyError, TypeError, re.error) as error:
            raise invalid(f"Bad schedule entry: {error}") from None

    def due(self, path: str) -> bool:
        """Counts a request; whether the mutation is due now."""
        if not self.path.search(path):
            return False
        self.seen += 1
        late = self.seen - self.after
        return late == 0 or (late > 0 and self.every > 0 and late % self.every == 0)


class Schedule:
    """ASGI layer. An answer is complete before the mutation and leaves after it: the next request always sees it."""

    def __init__(self, app: ASGIApp, mutator: Mutator) -> None:
        self._app = app
        self._mutator = mutator
        self.entries: list[Entry] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Performs what is due when the answer starts."""
        if not self.entries:
            await self._app(scope, receive, send)
            return

        async def mutate_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                for entry in self.entries:
                    if entry.due(scope["path"]):
                        self._mutator.perform(entry.mutation)
            await send(message)

        await self._app(scope, receive, mutate_and_send)
