"""Which of the streams that are read together form families."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypeVar

from source_intercom.read.children import Children
from source_intercom.read.family import Family
from source_intercom.read.finder import Finder
from source_intercom.read.member import Member
from source_intercom.read.rows import Record


class Relative(Member, Protocol):
    """What has to be known of a stream to find its family."""

    family: Family | None
    children: Children | None

    def ask(self, finder: Finder) -> None:
        """Say which columns of the records found, that may have to be asked for, are needed."""
        ...

    @classmethod
    def root(cls) -> type[Any]:
        """The stream whose finder finds what this one's rows are made of."""
        ...

    @classmethod
    def children_root(cls) -> type[Any] | None:
        """The stream whose requests bring what this one's rows are made of, if a record found does not hold them."""
        ...

    def stand_in(self, kind: type[Any]) -> Any:
        """A stream that is not selected, on behalf of this one."""
        ...


S = TypeVar("S", bound=Relative)


def families(streams: Sequence[S]) -> dict[str, Family]:
    """The family of each stream, by name: those whose records the same finder finds share one.

    Within it those share children that are made of the answers to the same requests.
    """
    found: dict[str, Family] = {}
    for root, members in _by_kind([(stream.root(), stream) for stream in streams]).items():
        asking = _by_kind([(kind, member) for member in members if (kind := member.children_root())])
        sources = [(_selected_or_not(kind, group), group) for kind, group in asking.items()]
        children = [Children(source, group) for source, group in sources]
        finder = _selected_or_not(root, members).finder()
        for member in members:
            member.ask(finder)
        family = Family(finder, members, children)
        for each, (_, group) in zip(children, sources, strict=True):
            for member in group:
                member.children = each
        for member in members:
            member.family = found[member.name] = family
    return found


def read_alone(stream: Relative) -> Iterator[Record]:
    """All records of a stream, read by the thread that takes them."""
    family = families([stream])[stream.name]
    family.has_one_reader = True
    for task in family.tasks(stream):
        yield from (row for _, row in task.read())


def _by_kind(pairs: Sequence[tuple[type[Any], S]]) -> dict[type[Any], list[S]]:
    groups: dict[type[Any], list[S]] = {}
    for kind, stream in pairs:
        groups.setdefault(kind, []).append(stream)
    return groups


def _selected_or_not(kind: type[Any], group: Sequence[Relative]) -> Any:
    """The stream of a kind, which stands in where it is not in the group."""
    own = next((stream for stream in group if isinstance(stream, kind)), None)
    return own or group[0].stand_in(kind)
