"""What is known of the wire that Intercom's OpenAPI description of 2.16 does not say, and how it is known."""

from collections.abc import Iterator

from integration_tests.sandbox import differences_conversations, differences_people
from integration_tests.sandbox.description import Difference
from integration_tests.sandbox.difference import Known, Never

_WITHOUT_401 = ("/me", "/conversations/search", "/tickets/search", "/contacts/94/notes", "/companies/94/notes")

_KNOWN: Known = (
    *differences_people.KNOWN,
    *differences_conversations.KNOWN,
    ("articles", "type", "2.2: the address of the next page", "pages", ("next",)),
    ("articles", "undocumented", "11: in an example of 2.16", "statistics", ("conversations",)),
    ("articles", "undocumented", "14: on all articles", "", ("content_id",)),
    ("articles", "undocumented", "1.2: audience fields since 2.16", "", ("audience_ids",)),
    ("admins/activity_logs", "type", "2.2: the address of the next page", "pages", ("next",)),
    ("admins/activity_logs", "type", "11: in an example of 2.16", "metadata", ("before", "after")),
    ("admins/activity_logs", "undocumented", "11: in an example of 2.16", "metadata", ("message",)),
    ("me", "undocumented", "7.4: in the answer", "app", ("secure",)),
    ("errors", "format", "2.0: no UUID", "", ("request_id",)),
    ("errors", "endpoint", "6: a 401 on every endpoint", "", _WITHOUT_401),
)

_LANGUAGES = (
    *("ar", "bg", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "he", "hr", "hu", "id", "it", "ja", "ko"),
    *("lt", "lv", "mn", "nb", "nl", "pl", "pt", "ro", "ru", "sl", "sr", "sv", "tr", "vi", "zh-CN", "zh-TW"),
)

_NEVER: Never = (
    *differences_people.NEVER,
    *differences_conversations.NEVER,
    ("articles", "two languages stand for all", "translated_content", _LANGUAGES),
    ("conversations", "3.6: only of a single admin", "company.notes.notes.author", ("away_status_reason_id",)),
    ("articles/versions", "2.2: no `next`", "pages", ("next",)),
    ("help_center/collections", "2.2: no `next`", "pages", ("next",)),
    (
        *("help_center/collections", "two languages stand for all", "translated_content"),
        (*_LANGUAGES, "pt-BR"),
    ),
    ("me", "7.4: not in the answer", "", ("away_mode_enabled", "away_mode_reassign", "job_title", "team_ids")),
    ("errors", "6: with few of them", "errors", ("field",)),
)


def _paths(path: str, names: tuple[str, ...]) -> Iterator[str]:
    return (f"{path}.{name}" if path else name for name in names)


DIFFERENCES = {
    Difference(kind, path, how): evidence
    for kind, how, evidence, within, names in _KNOWN
    for path in _paths(within, names)
}
"""The evidence of each known difference."""
EMPTY = {(kind, path): reason for kind, reason, within, names in _NEVER for path in _paths(within, names)}
"""Why a documented field never has a value."""
