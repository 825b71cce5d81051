import threading
from itertools import pairwise
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests_mock import Mocker

from source_intercom import report
from source_intercom.api.search import Order, start_of_day, start_of_next_day
from source_intercom.read import family
from source_intercom.read.dates import WorkspaceDays
from source_intercom.read.search import HISTORY
from source_intercom.read.search_pages import SearchPages
from source_intercom.read.windows import Window, plan
from source_intercom.streams.contacts import Contacts
from source_intercom.streams.context import StreamContext
from unit_tests import builders
from unit_tests.builders import NOW, START, URL, Json, SearchServer, contact, ids, me, messages, read, states
from unit_tests.examples import tries
from unit_tests.read.finders import Deaf, records_in, search_of

ZONES = ["UTC", "America/Los_Angeles", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati"]
HOUR, DAY = 3600, 86_400
GUARD = 600


def serve(mocker: Mocker, records: list[Json], zone: str | None, by_day: bool = True) -> SearchServer:
    """A workspace in a zone, which answers searches by days or by seconds."""
    mocker.get(f"{URL}me", json=me(zone))
    server = SearchServer("data", records, zone=ZoneInfo(zone or "Asia/Kathmandu") if by_day else None)
    mocker.post(f"{URL}contacts/search", json=server)
    return server


def zoned(zone: str | None) -> WorkspaceDays:
    """The dates of a workspace in a zone."""
    return WorkspaceDays(lambda: ZoneInfo(zone) if zone else None)


def around_midnights(zone: str, days: int = 6) -> list[Json]:
    """Contacts at the first and last seconds of the last days of a zone, and at noon."""
    records = []
    second = NOW
    for _ in range(days):
        start, end = start_of_day(second, ZoneInfo(zone)), start_of_next_day(second, ZoneInfo(zone))
        records += [at for at in (start, start + 1, start + 12 * HOUR, end - 2, end - 1) if at <= NOW]
        second = start - 1
    return [contact(number, at) for number, at in enumerate(records)]


# Days


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("by_day", [True, False])
@pytest.mark.parametrize("state", [None, {}])
def test_every_contact_around_midnight_comes_however_windows_are_cut(
    zone: str,
    by_day: bool,
    state: Json | None,
    now: SimpleNamespace,
    context: StreamContext,
    requests_mock: Mocker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The symptom without it: a whole day of contacts is lost per window."""
    monkeypatch.setattr(family, "WINDOW_RECORDS", 5)
    records = around_midnights(zone)
    server = serve(requests_mock, records, zone, by_day)
    assert sorted(ids(read(Contacts(context), state))) == sorted(ids(records))
    assert len({body["query"]["value"][0]["value"] for body in server.pages}) > 3, "there was but one window"


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("by_day", [True, False])
def test_a_single_busy_day_is_read_from_both_ends(
    zone: str,
    by_day: bool,
    now: SimpleNamespace,
    context: StreamContext,
    requests_mock: Mocker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(SearchPages, "page_size", 5)
    morning = start_of_day(NOW - 3 * DAY, ZoneInfo(zone)) + 6 * HOUR
    records = [contact(number, morning + number) for number in range(100)]
    server = serve(requests_mock, records, zone, by_day)
    assert sorted(ids(read(Contacts(context), {}))) == sorted(ids(records))
    orders = [body["sort"]["order"] for body in server.pages]
    assert 10 <= orders.count("descending") <= 13
    assert 10 <= orders.count("ascending") <= 14
    assert context.reports.count("contacts", report.RESTARTS) == 0


@pytest.mark.parametrize("second", [0, 6 * HOUR])
def test_a_busy_second_is_read_in_one_walk(
    second: int,
    now: SimpleNamespace,
    context: StreamContext,
    requests_mock: Mocker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(SearchPages, "page_size", 5)
    day = start_of_day(NOW - 3 * DAY, ZoneInfo("UTC"))
    records = [contact(number, day + second) for number in range(100)]
    server = serve(requests_mock, records, "UTC")
    assert sorted(ids(read(Contacts(context), {}))) == sorted(ids(records))
    assert len([body for body in server.pages if "starting_after" not in body["pagination"]]) == 1


@pytest.mark.parametrize("zone", ZONES)
def test_changes_of_the_same_day_arrive_with_the_next_sync(
    zone: str, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: they arrive tomorrow."""
    serve(requests_mock, [contact(1, NOW - 30), contact(2, NOW)], zone)
    assert ids(read(Contacts(context), {"updated_at": NOW - HOUR})) == ids([contact(2, 0), contact(1, 0)])


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("by_day", [True, False])
def test_nothing_outside_the_window_is_emitted(
    zone: str, by_day: bool, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    cursor = NOW - 2 * DAY
    inside = [contact(1, cursor - GUARD), contact(2, cursor), contact(3, NOW)]
    outside = [contact(4, cursor - GUARD - 1), contact(5, cursor - DAY), contact(6, NOW + 1), contact(7, NOW + HOUR)]
    serve(requests_mock, inside + outside, zone, by_day)
    assert sorted(ids(read(Contacts(context), {"updated_at": cursor}))) == ids(inside)


def test_an_unknown_zone_loses_nothing(now: SimpleNamespace, context: StreamContext, requests_mock: Mocker) -> None:
    cursor = NOW - HOUR
    records = [contact(number, cursor + number) for number in range(0, HOUR, 60)]
    serve(requests_mock, [*records, contact(9999, cursor - GUARD - 1)], zone=None)
    assert sorted(ids(read(Contacts(context), {"updated_at": cursor}))) == ids(records)


def test_dates_know_no_operators_but_greater_and_less(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, [contact(1, NOW - 5)], "Europe/London")
    read(Contacts(context))
    read(Contacts(context), {"updated_at": NOW - DAY})
    operators = [one["operator"] for body in server.bodies for one in body["query"]["value"]]
    assert set(operators) == {">", "<"}


def test_an_hourly_sync_does_not_read_the_whole_day_again(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    earlier = [contact(number, NOW - 10 * HOUR + number) for number in range(1000)]
    server = serve(requests_mock, [*earlier, contact(5000, NOW - 60)], "UTC")
    assert len(read(Contacts(context), {"updated_at": NOW - HOUR})) == 1
    assert len(server.bodies) == 1


def test_a_window_that_begins_within_a_day_is_read_over_many_pages(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    records = [contact(number, NOW - 3000 + number) for number in range(400)]
    server = serve(requests_mock, [*records, *(contact(9000 + n, NOW - 5 * HOUR - n) for n in range(400))], "UTC")
    assert sorted(ids(read(Contacts(context), {"updated_at": NOW - HOUR}))) == ids(records)
    assert [body["sort"]["order"] for body in server.bodies] == ["descending"] * 3


def test_the_state_is_the_latest_contact_whatever_the_order(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, [contact(1, NOW - 50), contact(2, NOW - 20), contact(3, NOW - 90)], "UTC")
    stream = Contacts(context)
    read(stream, {"updated_at": NOW - HOUR})
    assert states(messages(stream))[-1] == {"updated_at": NOW - 20}


# Windows


def test_whole_days_are_read_oldest_first() -> None:
    dates = zoned("America/Los_Angeles")
    day = start_of_day(NOW, ZoneInfo("America/Los_Angeles"))
    assert dates.order(Window(day, NOW)) == "ascending"
    assert dates.order(Window(day + 1, NOW)) == "descending"
    assert dates.order(Window(day - 1, NOW)) == "descending"
    assert zoned(None).order(Window(day, NOW)) == "descending"


windows = st.tuples(st.integers(START, NOW - 1), st.integers(1, 40 * DAY)).map(
    lambda pair: Window(pair[0], min(sum(pair), NOW))
)


@settings(max_examples=tries(40))
@given(windows, st.sampled_from([*ZONES, "America/Sao_Paulo", "America/Havana"]))
def test_windows_are_cut_at_midnight_down_to_single_days(window: Window, zone: str) -> None:

    def count(one: Window, order: Order) -> tuple[int, int | None]:
        return one.end - one.start, one.start if order == "ascending" else one.end - 1

    split = zoned(zone).split
    cut = list(plan(window, window.end - window.start, 0, count, split, lambda window, occupied: (window,)))
    midnights = [start_of_day(one.start, ZoneInfo(zone)) for one in cut]
    assert all(one.start == midnight for one, midnight in list(zip(cut, midnights, strict=True))[1:])
    assert all(one.end <= start_of_next_day(one.start, ZoneInfo(zone)) for one in cut)
    assert (cut[0].start, cut[-1].end) == window


@settings(max_examples=tries(40))
@given(windows, st.sampled_from(ZONES), st.data())
def test_a_crowded_window_is_covered_whatever_the_search_says(window: Window, zone: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(window.start, window.end - 1))
    occupied = Window(start, data.draw(st.integers(start + 1, window.end)))
    seconds = st.none() | st.integers(0, 2 * NOW)
    cut = list(zoned(zone).split_busy(window, occupied, lambda *_: (1000, data.draw(seconds))))
    assert (cut[0].start, cut[-1].end) == window
    assert all(one.end == two.start for one, two in pairwise(cut))
    assert all(one.start < one.end for one in cut)


def test_without_a_zone_there_is_one_window() -> None:
    assert zoned(None).split(Window(0, 10**9)) is None


# Records


def test_custom_attributes_keep_their_names_and_values(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: some are dropped, or merged with others."""
    attributes = {"Plan": "a", "plan": "b", "Amount: EUR": 1.5, "id": 7, "owner_id": 8, "x y": None, "list": [1, {}]}
    serve(requests_mock, [contact(1, NOW - 60, custom_attributes=attributes)], "UTC")
    (record,) = read(Contacts(context))
    assert record["custom_attributes"] == attributes


def test_ids_are_text(now: SimpleNamespace, context: StreamContext, requests_mock: Mocker) -> None:
    serve(requests_mock, [contact(1, NOW - 60, owner_id=321)], "UTC")
    (record,) = read(Contacts(context))
    assert record["owner_id"] == "321"


@pytest.mark.parametrize(("start", "at_once", "in_all"), [(NOW - HISTORY, 3, 3), (NOW - HISTORY + 1, 1, 2)])
def test_a_long_range_is_counted_together_with_its_first_cuts(
    start: int, at_once: int, in_all: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(at_once, timeout=9)
    windows: list[Window] = []

    def search(pages: SearchPages, window: Window, *_: object, **__: object) -> Json:
        windows.append(window)
        together.wait()
        return {"data": [], "total_count": 601 if window.start == start else 300}

    monkeypatch.setattr(SearchPages, "search", search)
    stream = Contacts(builders.context())
    monkeypatch.setattr(stream.context.api, "time_zone", lambda: ZoneInfo("UTC"))
    assert len(list(search_of(stream).plan(Window(start, NOW), 10**9, Deaf()))) == 2
    assert len(windows) == in_all


def test_a_window_that_ends_within_a_day_is_left_at_the_first_contact_behind_it_that_has_not_changed_lately(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    day = NOW - NOW % DAY - DAY
    server = serve(requests_mock, [contact(number, day + number) for number in range(600)], "UTC")
    server.fresh = {contact(5, 0)["id"]: NOW - 30}
    found = records_in(search_of(Contacts(context)), Window(day, day + 100))
    assert ids(found) == ids(contact(number, 0) for number in range(100))
    assert len(server.bodies) == 1
