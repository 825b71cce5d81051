"""What there is to say of one kind of object: everything else in the sandbox derives from it.

The kinds themselves are in ``kinds/``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import orjson
from starlette.datastructures import QueryParams

from intercom_sandbox.scopes import Scope
from intercom_sandbox.store import Object

if TYPE_CHECKING:
    from intercom_sandbox.data.generator import Generator
    from intercom_sandbox.shapes import Shape
    from intercom_sandbox.versions import Version
    from intercom_sandbox.workspace import Workspace

INLINE = 10
"""Nested lists hold at most that many entries; ``has_more`` tells of the rest (API notes 3.1)."""

Make = Callable[..., Object]
"""Makes the object with a number, from ``created_at`` and ``updated_at`` in seconds, and from what its kind asks."""


@dataclass(frozen=True)
class Path:
    """An address of the API: the wire shape of its answer, and the scope that it needs.

    ``flags`` are the parameters of its query string that bring a field which is absent otherwise. ``since`` is
    the first version of the API that has it.
    """

    path: str
    shape: "Shape"
    scope: Scope
    method: str = "GET"
    flags: Mapping[str, str] = field(default_factory=dict)
    since: "Version" = (2, 11)

    def asked_for(self, query: QueryParams) -> frozenset[str]:
        """The optional fields that a request asks for."""
        return frozenset(name for parameter, name in self.flags.items() if query.get(parameter) == "true")


class RowMaker(Protocol):
    """Makes rows of a parent."""

    def make(self, parent: Object, at: int) -> Object:
        """A new row at that second. ``ValueError`` when the parent can have no other."""


@runtime_checkable
class FirstRowsMaker(RowMaker, Protocol):
    """Makes those too that a parent has from its beginning."""

    def first(self, parent: Object) -> list[bytes]:
        """JSON of the rows of a parent that was just made, in ascending order."""


def _nothing_else(parent: Object, rows: list[bytes]) -> None:
    pass


@dataclass(frozen=True)
class _Nested:
    """Rows that belong to a parent, a kind of its own; the parent moves when they change.

    In the truth they have fields of their parent too: ``inherited`` are these fields by the names that they get.
    ``settle`` sets what the parent itself says of its rows.
    """

    parent: str
    inherited: Mapping[str, str]
    settle: Callable[[Object, list[bytes]], None] = field(default=_nothing_else, kw_only=True)

    def of_parent(self, parent: Object) -> Object:
        """What the truth adds to a row of that parent."""
        return {name: parent[field] for name, field in self.inherited.items()}

    def for_maker(self, parent: Object, rows: list[Object]) -> Object:
        """The parent as it is shown to who makes another row."""
        return parent


@dataclass(frozen=True)
class Inside(_Nested):
    """Rows in a list inside of the parent's object; ``path`` leads there.

    The parent's builder makes the first ones; where the parent is plain and has none, their own maker does.
    """

    path: tuple[str, ...]
    maker: Callable[["Generator"], RowMaker]


@dataclass(frozen=True)
class Beside(_Nested):
    """Rows that are kept beside the parent's object; of many only the newest ``served`` can be read."""

    maker: Callable[["Generator"], FirstRowsMaker]
    served: int | None = None

    def shown(self, rows: list[bytes]) -> list[bytes]:
        """Those of a parent's rows that can be read."""
        return rows if self.served is None else rows[-self.served :]


@dataclass(frozen=True)
class Links(Beside):
    """Links to other objects, kept beside the parent's object, whose own lists show the first ten of each list.

    ``lists`` are the names of these lists, each with what the truth says of its links besides. Where there are more
    the API lists all of them as the objects that they lead to, which ``whole`` makes of a link. The truth knows what
    both ways tell of links: no ``url``.
    """

    lists: Mapping[str, Object] = field(kw_only=True)
    whole: Callable[["Workspace", Object], Object] = field(kw_only=True)

    def shown(self, rows: list[bytes]) -> list[bytes]:
        """All links, as a reader knows them whichever way they came."""
        links = [orjson.loads(row) for row in rows]
        return [orjson.dumps({name: link[name] for name in link if name != "url"}) for link in links]

    def for_maker(self, parent: Object, rows: list[Object]) -> Object:
        """The parent with all links in its lists."""
        return {**parent, **{name: {"data": self.of_list(name, rows)} for name in self.lists}}

    def of_list(self, name: str, links: list[Object]) -> list[Object]:
        """The links that are in a list of the parent's."""
        return [link for link in links if self.lists[name].items() <= link.items()]


@dataclass(frozen=True)
class Derived(_Nested):
    """Rows that ``rows`` reads off the parent's object; they have no life of their own, and change with it.

    The parent may be a row itself; what the truth says of it is what is read off then.
    """

    rows: Callable[[Object], list[Object]]


@dataclass(frozen=True)
class Joined(_Nested):
    """Rows that name those objects of another kind for which ``holds``; they change with both.

    ``column`` is the field of a row with the id of the other object; ``holds`` is asked for the ids of both.
    """

    of: str
    column: str
    holds: Callable[[str, str], bool]


Nested = Inside | Beside
"""Where rows are that can be made, changed and deleted."""


def of_parent(parent: str) -> dict[str, str]:
    """What rows inherit from a parent that tells when it was updated."""
    return {f"{parent}_id": "id", f"{parent}_updated_at": "updated_at"}


@dataclass(frozen=True)
class Kind:
    """One kind of object, or of row inside of others; its name is that of the stream.

    :param paths: where the API shows it; none for rows that are seen in their parents only
    :param nested: whose rows it is (None: these are objects of their own)
    :param key: the fields that tell two of them apart
    :param visible: the dotted path of the field that an update changes
    :param numeric_ids: whether ties are broken by the id as a number
    :param shown: whether an object is in the truth (None: all are)
    :param deleted_with: the kind whose object of the same id goes with it

    The rest is of objects of their own. There are as many as the setting of the kind's name says. Without ``builder``
    and ``given`` it is a plain one: its objects are copies of the example of its name (``data/examples.py``).

    :param count: how many there are where no setting says it
    :param vary: what else differs between copies of the example, changed in the one with a number
    :param stage: it is made together with all of this stage, for it refers to those of earlier stages
    :param builder: what makes it (None: it is plain, or none can be made later)
    :param asks: what a mutation that makes one says to its builder
    :param given: all of them, if the builder does not make them one by one
    :param imported: the share that came with one import
    :param edge: each so-maniest was updated where a day begins or ends
    :param reference: what others hold of it
    :param adapt: turns one into the shape of an older API version
    """

    name: str
    paths: tuple[Path, ...] = ()
    nested: Nested | Derived | Joined | None = None
    key: tuple[str, ...] = ("id",)
    visible: str = "name"
    numeric_ids: bool = False
    shown: Callable[[Object], bool] | None = None
    deleted_with: str | None = None
    count: int | None = None
    vary: Callable[[Object, int], None] | None = None
    stage: int = 0
    builder: Callable[["Generator"], Make] | None = None
    asks: tuple[str, ...] = ()
    given: Callable[["Generator"], list[Object]] | None = None
    imported: float = 0.05
    edge: int | None = None
    reference: Callable[[Object], Any] | None = None
    adapt: Callable[[Object, "Version"], None] | None = None

    @property
    def is_plain(self) -> bool:
        """Whether its objects are copies of an example."""
        return self.builder is None and self.given is None and self.nested is None

    @property
    def optional(self) -> list[str]:
        """The fields that some request has to ask for, sorted."""
        return sorted({name for path in self.paths for name in path.flags.values()})

    def place_of_visible(self, item: Object) -> tuple[Object, str]:
        """The innermost object that holds the field which an update changes, and the field's name in it.

        A number in the dotted path is a place in a list.
        """
        *above, last = self.visible.split(".")
        inner: Any = item
        for name in above:
            inner = inner[int(name) if isinstance(inner, list) else name]
        return inner, last

    def id_of(self, item: Object) -> str:
        """What mutations call an object: its key as a text."""
        return ":".join(str(item[name]) for name in self.key)
