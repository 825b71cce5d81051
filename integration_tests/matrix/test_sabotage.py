"""A matrix that is always green proves nothing: a connector that is broken on purpose turns it red, where it should."""

import pytest

from integration_tests.connector import CURSORS
from integration_tests.matrix.cells import Mode
from integration_tests.matrix.conditions import SEED, conditions
from integration_tests.matrix.trial import tried

TRIES = 5
"""Seeds: which rows are lost depends on the order in which requests happen to come."""


@pytest.mark.parametrize(
    ("broken", "condition", "mode", "streams"),
    [
        ("promise_what_was_only_begun", "at requests", "first sync", {"conversation_parts"}),
        ("promise_windows_with_gaps", "at requests", "first sync", {"contacts", "conversations", "tickets"}),
        ("trust_the_index", "by 9 minutes", "incremental", {"tickets"}),
        ("take_errors_for_empty_pages", "502 HTML", "first sync", {"conversation_parts"}),
        ("take_repeated_cursors_for_the_end", "repeated", "first sync", set(CURSORS)),
        ("count_nothing", "records left out", "first sync", {"contacts", "conversations", "tickets"}),
        ("trust_the_order", "deleted conversations by their ids", "incremental", {"deleted_conversations"}),
        ("trust_the_index_with_deletions", "the index lags", "first sync", {"contacts", "conversations"}),
        ("take_creations_for_deletions", "undisturbed", "first sync", {"contacts"}),
        ("take_expired_scrolls_for_the_end", "expired (404)", "first sync", {"companies"}),
    ],
)
def test_a_connector_that_is_broken_on_purpose_turns_its_cells_red(
    broken: str, condition: str, mode: Mode, streams: set[str]
) -> None:
    (chosen,) = (each for each in conditions() if each.name == condition)
    cells = (cell for seed in range(SEED, SEED + TRIES) for cell in tried(chosen, mode, seed, broken).cells)
    assert any(cell.stream in streams and not cell.is_good for cell in cells)
