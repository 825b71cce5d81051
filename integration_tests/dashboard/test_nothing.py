"""What is said where there is nothing to show."""

from pathlib import Path

from integration_tests.dashboard.command import dashboard
from integration_tests.dashboard.conftest import Draw
from integration_tests.dashboard.tables import EMPTY, write
from integration_tests.dashboard.window import Window


def test_page_of_an_empty_workspace_says_so_in_the_place_of_each_chart(draw: Draw, window: Window) -> None:
    window.open(draw(EMPTY))
    assert window.texts(".chart") == []
    assert window.texts(".nothing") == [
        "No conversations yet.",
        "No team has answered a conversation yet.",
        "No ratings yet.",
        "No conversations yet.",
        "No open conversations.",
        "No tagged conversations yet.",
        "No outbound messages: the stream message_receipts has none, or is not among those that are read.",
    ]
    assert len(window.texts("section")) == len(window.texts(".nothing"))
    assert window.texts("header p") == ["From intercom.duckdb."]
    assert window.complaints() == []


def test_command_says_to_run_dbt_where_models_are_missing(tmp_path: Path) -> None:
    database, page = tmp_path / "intercom.duckdb", tmp_path / "page.html"
    write(database, {"open_backlog": (), "conversation_volume": (), "fin_share_by_week": ()})
    done = dashboard(database, page)
    assert done.returncode == 1
    assert done.stderr == (
        f"{database} has no support.conversation_metrics_by_week and no support.ratings_by_week "
        "and no support.message_performance_by_week: "
        "run dbt build in examples/dbt on this file first.\n"
    )
    assert not page.exists()


def test_command_says_that_there_is_no_such_file(tmp_path: Path) -> None:
    done = dashboard(tmp_path / "nowhere.duckdb", tmp_path / "page.html")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{tmp_path / 'nowhere.duckdb'} cannot be read: ")
