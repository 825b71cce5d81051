"""The kinds of objects: one row each, a family a file, from which everything else derives.

What a row says is told in ``kind.py``. A new list of objects is a row here, with how many there are as its ``count``:
they are copies of the response example in ``unit_tests/examples``. Those that need more life have a builder in
``data/``, and a setting with their number.
"""

from starlette.routing import compile_path

from intercom_sandbox.kinds import (
    calls,
    companies,
    contacts,
    content,
    conversations,
    custom_objects,
    deletions,
    events,
    help_center,
    tickets,
    workspace,
)
from intercom_sandbox.scopes import EXPORT_CONTENT, EXPORT_REPORTING, LISTED, Scope

_ROWS = (
    *contacts.ROWS,
    *events.ROWS,
    *conversations.ROWS,
    *tickets.ROWS,
    *companies.ROWS,
    *workspace.ROWS,
    *help_center.ROWS,
    *content.ROWS,
    *calls.ROWS,
    *custom_objects.ROWS,
    *deletions.ROWS,
)

KINDS = {kind.name: kind for kind in _ROWS}
"""The kinds by name."""
STREAMS = tuple(KINDS)

_PATHS = [path for kind in _ROWS for path in kind.paths]
_EXACT = {path.path: path.scope for path in _PATHS if "{" not in path.path}
_PATTERNS = [(compile_path(path.path)[0], path.scope) for path in _PATHS if "{" in path.path]
_EXPORTS = {
    "/export/reporting_data/": EXPORT_REPORTING,
    "/download/reporting_data/": EXPORT_REPORTING,
    "/export/content/": EXPORT_CONTENT,
    "/export/cancel/": EXPORT_CONTENT,
    "/download/content/": EXPORT_CONTENT,
}
"""What begins with these is no path of a kind."""


SCOPES = tuple(dict.fromkeys((*LISTED, *(path.scope for path in _PATHS), *_EXPORTS.values())))
"""In the order in which the consent page shows them; those that are known by their rows only come last."""


def needed_scope(path: str) -> Scope | None:
    """The scope that a request's path needs; None where no object is."""
    if path in _EXACT:
        return _EXACT[path]
    exported = (scope for beginning, scope in _EXPORTS.items() if path.startswith(beginning))
    return next((scope for pattern, scope in _PATTERNS if pattern.match(path)), next(exported, None))
