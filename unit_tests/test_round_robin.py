from hypothesis import given
from hypothesis import strategies as st

from source_intercom.round_robin import RoundRobin


def filled(owners: list[str]) -> RoundRobin[tuple[str, int]]:
    """A queue of items that know their owner and when they came."""
    queue = RoundRobin[tuple[str, int]]()
    for number, owner in enumerate(owners):
        queue.add(owner, (owner, number))
    return queue


def emptied(queue: RoundRobin[tuple[str, int]]) -> list[tuple[str, int]]:
    """All items in the order in which they come out."""
    items = []
    while queue:
        items.append(queue.take())
    return items


def test_one_item_does_not_wait_for_the_hundred_of_another_owner() -> None:
    queue = filled(["parts"] * 100 + ["tags", "contacts", "contacts"])
    owners = [owner for owner, _ in emptied(queue)]
    assert owners[:7] == ["parts", "tags", "contacts", "parts", "contacts", "parts", "parts"]


def test_what_was_taken_out_of_turn_does_not_come() -> None:
    queue = filled(["tags", "parts", "parts"])
    queue.remove("tags", ("tags", 0))
    queue.remove("parts", ("parts", 1))
    assert queue.counts() == {"parts": 1}
    assert emptied(queue) == [("parts", 2)]


@given(st.lists(st.sampled_from("abcde"), max_size=60))
def test_an_owner_gets_at_most_one_turn_more_than_another_who_waits_and_keeps_its_order(owners: list[str]) -> None:
    items = emptied(filled(owners))
    came = [owner for owner, _ in items]
    assert sorted(items, key=lambda item: item[1]) == list(enumerate_owners(owners))
    for number, owner in enumerate(came):
        before = came[:number]
        assert all(before.count(other) <= before.count(owner) + 1 for other in owners)
    for owner in set(owners):
        assert [number for each, number in items if each == owner] == [
            n for n, each in enumerate(owners) if each == owner
        ]


def enumerate_owners(owners: list[str]) -> list[tuple[str, int]]:
    return [(owner, number) for number, owner in enumerate(owners)]
