"""The whole lists, and what `/me` says of the workspace."""

from integration_tests.sandbox.api import Api

SETTINGS = {"contacts": 10, "timezone": "Europe/Dublin", "region": "EU"}


def test_me_tells_zone_region_and_workspace(api: Api) -> None:
    me = api.get("/me").json()
    app = me["app"]
    assert (me["type"], app["type"], app["timezone"], app["region"]) == ("admin", "app", "Europe/Dublin", "EU")
    assert app["id_code"] == api.sandbox.truth("contacts")[0]["workspace_id"]


def test_envelopes_of_the_whole_lists(api: Api) -> None:
    types = {path: api.get(path).json()["type"] for path in ("/admins", "/teams", "/tags", "/segments")}
    assert types == {"/admins": "admin.list", "/teams": "team.list", "/tags": "list", "/segments": "segment.list"}


def test_whole_lists_ignore_paging(api: Api) -> None:
    assert len(api.get("/tags?per_page=1&page=2").json()["data"]) == 12
