"""An empty workspace, and what breaks readers in its small lists."""

from dataclasses import fields
from typing import Any

from integration_tests.sandbox.api import Api
from intercom_sandbox.client import Sandbox, start
from intercom_sandbox.kinds import KINDS, STREAMS
from intercom_sandbox.settings import Settings
from unit_tests.contracts import CONTRACTS, Way


def test_an_empty_workspace_can_be_served() -> None:
    sizes = {each.name for each in fields(Settings)} & {*STREAMS, "parts"} - {"admins"}
    with start(**dict.fromkeys(sizes, 0)) as empty:
        api = Api(empty)
        for searched in (name for name, each in CONTRACTS.items() if each.way == Way.SEARCH):
            assert api.found(searched, {"field": "updated_at", "operator": ">", "value": 0}) == []
        assert api.scroll() == []
        assert api.get("/articles").json()["pages"] == {"type": "pages", "page": 1, "per_page": 25, "total_pages": 0}
        always = {"admins": 6, "data_attributes": len(api_attributes(api))}
        plain = {kind.name: kind.count for kind in KINDS.values() if kind.count is not None}
        seen = {kind.name: len(empty.truth(kind.name)) for kind in KINDS.values() if kind.shown is not None}
        inside = {kind.name for kind in KINDS.values() if kind.nested and kind.nested.parent in plain}
        counts = {name: count for name, count in empty.counts().items() if name not in inside}
        assert counts == dict.fromkeys(set(STREAMS) - inside, 0) | always | plain | seen


def api_attributes(api: Api) -> list[Any]:
    attributes: list[Any] = api.get("/data_attributes").json()["data"]
    return attributes


def test_the_bot_author_is_an_admin_of_the_list(sandbox: Sandbox) -> None:
    bots = {part["author"]["id"] for part in sandbox.truth("conversation_parts") if part["author"]["type"] == "bot"}
    assert bots == {admin["id"] for admin in sandbox.truth("admins") if admin["name"] == "Fin"}


def test_html_entities_arrive_escaped(sandbox: Sandbox) -> None:
    assert "Phone &amp; SMS" in {team["name"] for team in sandbox.truth("teams")}


def test_ids_in_articles_and_teams_are_numbers(sandbox: Sandbox) -> None:
    assert all(type(a["author_id"]) is int for a in sandbox.truth("articles"))
    assert all(type(i) is int for team in sandbox.truth("teams") for i in team["admin_ids"])


def test_articles_have_a_content_id(sandbox: Sandbox) -> None:
    assert all(article["content_id"] for article in sandbox.truth("articles"))
