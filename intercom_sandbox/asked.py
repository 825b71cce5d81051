"""A request that passed the gate, together with what its answer comes from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request

from intercom_sandbox.kind import Kind, Path
from intercom_sandbox.store import Collection
from intercom_sandbox.versions import Version

if TYPE_CHECKING:
    from intercom_sandbox.state import State


@dataclass(frozen=True)
class Asked:
    """A request for objects of a kind, on one of its paths."""

    state: "State"
    kind: Kind
    path: Path
    request: Request

    @property
    def collection(self) -> Collection:
        """The objects of the kind."""
        return self.state.workspace.collections[self.kind.name]

    @property
    def version(self) -> Version:
        """The API version in which the answer shall be."""
        version: Version = self.request.scope["version"]
        return version

    @property
    def fields(self) -> frozenset[str]:
        """The optional fields that it asks for."""
        return self.path.asked_for(self.request.query_params)

    def parameter(self, name: str) -> str | None:
        """A parameter of the query string."""
        return self.request.query_params.get(name)
