"""Plain kinds: objects that are copies of a response example, so that a new list of the API is one row."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path as File
from shutil import copytree
from typing import Any

import orjson
import pytest

from intercom_sandbox.data import examples
from intercom_sandbox.data.generator import Generator
from intercom_sandbox.kind import Kind, Path
from intercom_sandbox.kinds import KINDS
from intercom_sandbox.mutation import Mutation
from intercom_sandbox.mutations import Mutator
from intercom_sandbox.scopes import TAGS
from intercom_sandbox.settings import Settings
from intercom_sandbox.shapes import Whole
from intercom_sandbox.store import Object
from intercom_sandbox.workspace import Workspace

SIZES = Settings(contacts=20, companies=5, conversations=10, parts=20, tickets=10, activity_logs=10)
COUNT = 12
WHIM = {"type": "whim", "id": "135", "label": {"name": "Whim", "locale": "en"}, "admin_id": 7}

Given = Callable[..., None]


def plain(**more: Any) -> Kind:
    return Kind("whims", (Path("/whims", Whole("list", "data"), TAGS),), visible="label.name", count=COUNT, **more)


@pytest.fixture
def given(tmp_path: File, monkeypatch: pytest.MonkeyPatch) -> Given:
    """Writes the rows of the example, which lies among the others."""
    copytree(examples.EXAMPLES, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(examples, "EXAMPLES", tmp_path)

    def write(*rows: Object) -> None:
        (tmp_path / "whims.json").write_bytes(orjson.dumps({"type": "list", "data": rows}))

    return write


def built(kind: Kind, seed: int = 1) -> list[Object]:
    return list(Generator(Settings(seed=seed)).build(kind))


def test_there_are_as_many_as_the_kind_says_each_with_an_id_and_a_name_of_its_own(given: Given) -> None:
    given(WHIM)
    made = built(plain())
    ids = [item["id"] for item in made]
    assert len(set(ids)) == len({item["label"]["name"] for item in made}) == COUNT
    assert sorted(ids) != sorted(ids, key=int)
    assert [{**item, "id": "135", "label": WHIM["label"]} for item in made] == [WHIM] * COUNT


def test_all_rows_of_the_example_are_copied(given: Given) -> None:
    given(WHIM, {**WHIM, "admin_id": None})
    assert [item["admin_id"] for item in built(plain())] == [7, None] * (COUNT // 2)


def test_times_of_creation_and_update_are_those_of_the_workspace_where_the_example_has_them(given: Given) -> None:
    given({**WHIM, "created_at": 1, "updated_at": None, "seen_at": 1})
    made = built(plain())
    calendar = Generator(SIZES).calendar
    assert all(calendar.first <= item["created_at"] <= item["updated_at"] <= calendar.last for item in made)
    assert len({item["created_at"] for item in made}) > 1
    assert {item["seen_at"] for item in made} == {1}


@pytest.mark.parametrize(
    ("example", "form"),
    [("2025-06-25T10:57:57Z", "%Y-%m-%dT%H:%M:%SZ"), ("2025-06-25T10:57:57.123Z", "%Y-%m-%dT%H:%M:%S.000Z")],
)
def test_times_that_are_texts_in_the_example_are_such_texts(given: Given, example: str, form: str) -> None:
    given({**WHIM, "created_at": 1, "updated_at": 1})
    seconds = [item["updated_at"] for item in built(plain())]
    given({**WHIM, "created_at": example, "updated_at": example})
    assert [item["updated_at"] for item in built(plain())] == [
        datetime.fromtimestamp(second, UTC).strftime(form) for second in seconds
    ]


def test_a_time_that_is_a_text_stays_one_when_its_object_is_updated(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    given({**WHIM, "updated_at": "2025-06-25T10:57:57.000Z"})
    monkeypatch.setitem(KINDS, "whims", plain())
    workspace = Workspace(SIZES)
    (updated,) = Mutator(workspace, seed=1).perform(Mutation("update", "whims", at=1_750_849_077))
    record = workspace.collections["whims"].get(updated)
    assert record is not None
    assert (record.updated_at, record.parse()["updated_at"]) == (1_750_849_077, "2025-06-25T10:57:57.000Z")


@pytest.mark.parametrize("value", [135, "135", "67ade2e5a4b6b0d1e5f3c2a1", "en"])
def test_ids_are_like_that_of_the_example(given: Given, value: int | str) -> None:
    given({**WHIM, "id": value})
    ids = [item["id"] for item in built(plain())]
    assert len(set(ids)) == COUNT
    assert {type(each) for each in ids} == {type(value)}
    if len(str(value)) > 8:
        assert {len(each) for each in ids} == {len(str(value))}


def test_the_fields_of_another_key_are_told_apart_too(given: Given) -> None:
    given({name: WHIM[name] for name in WHIM if name != "id"} | {"code": "x"})
    assert len({item["code"] for item in built(plain(key=("code",)))}) == COUNT


def test_the_same_seed_makes_the_same_objects(given: Given) -> None:
    given({**WHIM, "id": "67ade2e5a4b6b0d1e5f3c2a1", "created_at": 1})
    assert built(plain()) == built(plain()) != built(plain(), seed=2)


def test_an_example_without_rows_is_an_error(given: Given) -> None:
    given()
    with pytest.raises(ValueError, match="the example of whims has no rows"):
        built(plain())


def test_they_are_in_the_truth_and_change_and_all_others_are_as_they_are_without_them(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    given({**WHIM, "created_at": 1, "updated_at": 1})
    before = Workspace(SIZES)
    others = {name: list(before.truth(kind)) for name, kind in KINDS.items()}
    monkeypatch.setitem(KINDS, "whims", plain())
    workspace = Workspace(SIZES)
    assert {name: list(workspace.truth(KINDS[name])) for name in others} == others
    assert workspace.counts()["whims"] == COUNT

    mutator = Mutator(workspace, seed=1)
    (created,) = mutator.perform(Mutation("create", "whims", at=5))
    mutator.perform(Mutation("update", "whims", at=6, ids=[created]))
    rows = {row["id"]: row for row in map(orjson.loads, workspace.truth(KINDS["whims"]))}
    assert (rows[created]["created_at"], rows[created]["updated_at"]) == (5, 6)
    assert rows[created]["label"]["name"].startswith("Changed")
    mutator.perform(Mutation("delete", "whims", ids=[created]))
    assert workspace.counts()["whims"] == COUNT


def test_either_a_setting_or_the_row_of_a_kind_says_how_many_there_are() -> None:
    counted = [kind for kind in KINDS.values() if kind.given is None and kind.nested is None]
    assert [kind.name for kind in counted if hasattr(SIZES, kind.name) is not (kind.count is None)] == []
