"""All that a running sandbox holds and changes."""

from dataclasses import dataclass, field
from random import Random

from intercom_sandbox.exports.exports import Exports
from intercom_sandbox.limits import RateWindows
from intercom_sandbox.mutations import Mutator
from intercom_sandbox.requestlog import RequestLog
from intercom_sandbox.scroll import Scroll
from intercom_sandbox.settings import Settings
from intercom_sandbox.workspace import Workspace


@dataclass
class State:
    """One sandbox; ``rng`` serves the random choices made while it runs."""

    settings: Settings
    workspace: Workspace
    scroll: Scroll
    mutator: Mutator
    rng: Random
    exports: Exports
    limits: RateWindows = field(default_factory=RateWindows)
    requests: RequestLog = field(default_factory=RequestLog)
    issued_tokens: set[str] = field(default_factory=set)
    revoked: bool = False

    @classmethod
    def create(cls, settings: Settings) -> "State":
        """A fresh sandbox with its data generated."""
        seed, workspace = settings.seed, Workspace(settings)
        exports = Exports(workspace, settings)
        mutator = Mutator(workspace, seed, exports.operations)
        return cls(settings, workspace, Scroll(seed, settings.scroll_page), mutator, Random(f"{seed}:run"), exports)
