"""The page shows what goes on, on every screen, for everybody."""

from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from integration_tests.browser.contrast import READABLE, contrast, luminance
from integration_tests.connector import Connector
from integration_tests.front.front import Front
from integration_tests.sandbox.api import Api
from integration_tests.sandboxes import start

NARROW = 390


def test_the_counts_are_those_of_the_control_endpoint(front: Front) -> None:
    assert front.counts() == front.sandbox.counts()
    front.sandbox.mutate("create", object="companies", count=2)
    front.wait_for_counts(front.sandbox.counts())


def test_a_read_is_shown_while_it_runs_and_when_it_has_ended(front: Front, api: Api) -> None:
    front.sandbox.reset_requests()
    front.sandbox.configure(get_latency=0.1)
    with Connector(front.sandbox).reading(("contacts", "conversation_parts", "companies", "tags")) as reading:
        reading.next_line()
        front.press("kill")
        front.wait("return document.querySelectorAll('#last tbody tr').length > 0")
        front.press("update", object="contacts", count=1)
        run = reading.finish()
    front.sandbox.configure(get_latency=0)
    assert run.exit_code == 0
    front.wait("return document.querySelector('#faults').textContent === 'No answer fails.'")
    front.wait_for_windows(front.sandbox.requests()["windows"])
    front.wait_for_last(front.sandbox.log()[:-17:-1])
    assert front.complaints() == []


def test_bars_are_as_high_as_the_windows_of_the_control_endpoint(front: Front, api: Api) -> None:
    front.sandbox.reset_requests()
    front.sandbox.configure(rate_limit=4)
    for _ in range(7):
        api.get("/me")
    windows = front.sandbox.requests()["windows"]
    front.wait_for_windows(windows)
    bars = front.bars()
    assert sum(refused for _, _, refused in windows) > 0
    assert [title.partition(": ")[2] for title, _, _ in bars] == [
        f"{allowed} let through, {refused} refused" for _, allowed, refused in windows
    ]
    for (_, allowed, refused), (_, high, above) in zip(windows, bars, strict=True):
        assert (high * 4, above * 4) == pytest.approx((allowed, refused), abs=0.1)
    assert front.texts("#chart .limit") == ["4"]


def test_without_a_limit_there_is_no_line(front: Front) -> None:
    front.sandbox.configure(rate_limit=0)
    front.wait("return document.querySelector('#chart .limit').hidden")
    assert front.texts("#now")[0].endswith("; there is no limit.")


def test_the_page_says_how_a_connector_reaches_the_sandbox(front: Front) -> None:
    assert front.texts("#address, #token") == [front.sandbox.url, front.sandbox.access_token]
    front.sandbox.revoke()
    front.wait("return !document.querySelector('#revoked').hidden")
    front.sandbox.revoke(False)
    front.wait("return document.querySelector('#revoked').hidden")


def test_nothing_is_loaded_from_elsewhere(front: Front) -> None:
    assert front.loaded()
    assert [each for each in front.loaded() if not each.startswith(f"{front.sandbox.url}/_sandbox/")] == []
    assert front.complaints() == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_all_words_stand_out_from_their_ground(front: Front, dark: bool) -> None:
    front.open(dark=dark)
    colours = {tuple(each) for each in front.run(COLOURS)}
    assert len(colours) > 3
    assert (luminance(front.run("return getComputedStyle(document.body).backgroundColor")) < 0.05) == dark
    assert [pair for pair in colours if contrast(*pair) < READABLE] == []


COLOURS = """
const ground = (each) => {
  const own = getComputedStyle(each).backgroundColor;
  return own === "rgba(0, 0, 0, 0)" ? ground(each.parentElement) : own;
};
return [...document.querySelectorAll("body *")]
  .filter((each) => each.checkVisibility())
  .filter((each) => [...each.childNodes].some((part) => part.nodeType === 3 && part.data.trim()))
  .map((each) => [getComputedStyle(each).color, ground(each)]);
"""
"""The colour of each text, with that of its ground."""


def test_page_is_no_wider_than_a_phone(front: Front) -> None:
    front.open(width=NARROW)
    assert front.run("return [innerWidth, document.documentElement.scrollWidth]") == [NARROW, NARROW]
    heights = front.run(
        "return [...document.querySelectorAll('button, input, select')].map((each) => each.offsetHeight)"
    )
    assert min(heights) >= 40, "too small for a thumb"


def test_every_control_and_the_chart_have_a_name_for_those_who_do_not_see_them(front: Front) -> None:
    names = [
        (each.tag_name, each.accessible_name)
        for each in front.browser.find_elements(By.CSS_SELECTOR, "button, input, select, summary, table, .plot, form")
        if each.is_displayed()
    ]
    assert len(names) > 20
    assert [tag for tag, name in names if not name] == []


def test_page_says_that_the_sandbox_has_ended(tab_of_module: Chrome) -> None:
    with start(contacts=5, companies=3, conversations=5, parts=10, tickets=2, articles=2) as ended:
        front = Front(tab_of_module, ended)
        front.open()
    front.wait("return !document.querySelector('#trouble').hidden")
    assert front.texts("#trouble") == ["The sandbox does not answer: see whether it still runs."]


def test_names_in_the_data_do_no_harm(front: Front, api: Api) -> None:
    harm: Any = "/<img src=x onerror=document.title='harmed'>"
    api.get(harm)
    front.wait("return document.querySelector('#last td:nth-child(2)').textContent.includes('onerror')")
    assert front.run("return [document.images.length, document.title]") == [0, "Intercom sandbox"]
    front.sandbox.reset_requests()
