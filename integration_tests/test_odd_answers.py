"""Answers that are no errors and yet odd: nothing is lost, nothing hangs, and nothing is read from elsewhere."""

import pytest

from integration_tests.comparison import NONE, difference
from integration_tests.conftest import Workspaces
from integration_tests.connector import COMMAND, Connector
from integration_tests.faults import fault_of
from unit_tests.contracts import REPRESENTATIVES, Way, by_way, relying_on

WHOLE_LISTS = by_way(Way.WHOLE)


@pytest.mark.parametrize("style", ["url", "object", "numbers"])
def test_lists_that_come_in_pages_after_all_are_read_whole(style: str, workspace: Workspaces) -> None:
    paged = workspace(tags=7)
    paged.faults([fault_of(name, kind="paged", size=2, next=style) for name in WHOLE_LISTS])
    run = Connector(paged).read(WHOLE_LISTS)
    assert (run.exit_code, run.failures) == (0, [])
    assert {name: difference(paged, name, run) for name in WHOLE_LISTS} == dict.fromkeys(WHOLE_LISTS, NONE)
    assert paged.requests()["by_path"]["GET /tags"] == 2 * 4, "read again, as nothing counts the rows"


def test_a_list_without_an_object_around_it_is_read_where_it_may_come_so_and_else_a_broken_body(
    workspace: Workspaces,
) -> None:
    bare = workspace(tags=7)
    bare.faults([fault_of(name, kind="bare") for name in ("away_status_reasons", "tags")])
    run = Connector(bare).read(["away_status_reasons", "tags"])
    assert run.failed_streams.keys() == {"tags"}
    assert run.failed_streams["tags"].kind == "transient_error"
    assert difference(bare, "away_status_reasons", run) == NONE


def test_oddities_that_one_can_live_with_cost_no_row(workspace: Workspaces) -> None:
    odd = workspace(rate_limit=1667, companies=250)
    odd.faults(
        [
            fault_of("articles", status=503, headers={"Retry-After": "2"}, times=1),
            fault_of("articles", kind="replaced", missing=["total_count"]),
            fault_of("segments", kind="replaced", values={"total_count": 99}),
            fault_of("tags", kind="half_character", field="name"),
            fault_of("teams", kind="replaced", values={"teams": None}, times=1),
            fault_of("companies", kind="replaced", values={"data": {}}, after=1, times=1),
            fault_of(by_way(Way.CHILD)[0], kind="rate", remaining=0, reset_in=31_536_000, times=1),
        ]
    )
    others = {*REPRESENTATIVES, "segments", "teams"} - {"tags"}
    run = Connector(odd).read(sorted({*others, "tags"}))
    assert (run.exit_code, run.failures) == (0, [])
    assert {name: difference(odd, name, run) for name in others} == dict.fromkeys(others, NONE)
    cut, *whole = sorted(run.records["tags"], key=lambda tag: not tag["name"].endswith("cut here: \ufffd"))
    assert cut["name"] == "cut here: \ufffd"
    assert len(whole) == odd.counts()["tags"] - 1
    assert "1 value replaced" in run.reports["tags"]
    assert "counted by Intercom and not returned" in run.reports["segments"]
    assert "429" not in odd.requests()["by_status"]


@pytest.mark.timeout(600)  # for two minutes it is waited that a scroll can begin
def test_what_has_no_end_or_no_bound_or_is_elsewhere_is_an_error(workspace: Workspaces) -> None:
    endless = workspace(scroll_expiry=1)
    endless.faults(
        [
            fault_of("tags", kind="paged", size=2, next="url", endless=True),
            fault_of("teams", kind="inflated", megabytes=200),
            fault_of("articles", kind="redirect", location="http://127.0.0.2:1/articles"),
            fault_of("segments", kind="replaced", values={"has_more": True}),
            fault_of("companies", kind="replaced", missing=["scroll_param"]),
        ]
    )
    failing = relying_on("tags", "teams", "articles", "segments", "companies")
    run = Connector(endless, COMMAND).read([*sorted(failing), "admins"])
    assert run.exit_code == 1
    told = {name: (failure.kind, failure.message) for name, failure in run.failed_streams.items()}
    assert told.keys() == failing
    for name, kind, words in (
        ("tags", "transient_error", "list of tags has pages without end"),
        ("teams", "transient_error", "a body of more than 64 MB"),
        ("articles", "config_error", "a redirect to 127.0.0.2"),
        ("segments", "system_error", "a list goes on, but not how"),
        ("companies", "transient_error", "scroll_param is missing"),
    ):
        assert told[name][0] == kind
        assert words in told[name][1]
    assert 0 < run.peak_memory < 300 * 1024 * 1024
    assert endless.requests()["total"] < 1_000
