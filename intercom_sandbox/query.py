"""What a search asks: validation of its query and translation into a range and a predicate (API notes 2.1)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from intercom_sandbox.days import day_bounds
from intercom_sandbox.errors import ApiError, invalid
from intercom_sandbox.store import Object, Record

MAX_FILTERS = 15
MAX_NESTING = 2
OPERATORS = ("=", "!=", "IN", "NIN", "<", ">", "<=", ">=", "~", "!~", "^", "$")
DATE_OPERATORS = ("=", "!=", "<", ">", "<=", ">=")
DAY_OPERATORS = ("=", "<", ">")
"""Contact dates up to 2.16 refuse all others (API notes 2.1)."""
_FAR = 1 << 62
_ON_RECORD = ("id", "created_at", "updated_at")


class Interval(NamedTuple):
    """Seconds from ``low`` to ``high``, both included."""

    low: int = -_FAR
    high: int = _FAR

    def meet(self, other: "Interval") -> "Interval":
        """The seconds in both."""
        return Interval(max(self.low, other.low), min(self.high, other.high))

    def holds(self, value: Any) -> bool:
        """Whether a value is a number in the interval."""
        return isinstance(value, int | float) and self.low <= value <= self.high


@dataclass(frozen=True)
class Dialect:
    """How one kind of object is searched.

    ``dates`` are its date fields and ``fields`` all fields it can be searched by (None: any dotted path). ``zone`` set
    means that dates are days of that zone (contacts up to 2.16); else they are seconds, and ``inclusive`` tells whether
    ``>`` and ``<`` include the bound. ``paths`` leads from a search field to where its values are in the object.
    ``holds`` are fields of which an object has nothing: asked for a value and the object's id.
    """

    dates: frozenset[str]
    paths: dict[str, str]
    fields: frozenset[str] | None = None
    zone: ZoneInfo | None = None
    inclusive: bool = False
    holds: dict[str, Callable[[str, str], bool]] = field(default_factory=dict)


class View:
    """A record whose JSON is parsed at most once, and only when a filter needs it."""

    __slots__ = ("_parsed", "_record")

    def __init__(self, record: Record) -> None:
        self._record = record
        self._parsed: Object | None = None

    def values(self, path: str) -> list[Any]:
        """The values at a dotted path; lists on the way are entered, a missing key is null."""
        if path in _ON_RECORD:
            return [getattr(self._record, path)]
        if self._parsed is None:
            self._parsed = self._record.parse()
        found = _walk(self._parsed, path)
        return found or [None]


def _walk(value: Any, path: str) -> list[Any]:
    if isinstance(value, list):
        return [found for each in value for found in _walk(each, path)]
    if not path:
        return [value]
    if not isinstance(value, dict):
        return []
    if path in value:  # names of custom attributes may contain dots
        return _walk(value[path], "")
    head, _, rest = path.partition(".")
    return _walk(value[head], rest) if head in value else []


Predicate = Callable[[View], bool]


@dataclass(frozen=True)
class Plan:
    """A query, translated: the range of the sort field, and what else must hold (None: nothing)."""

    interval: Interval
    predicate: Predicate | None


def compile_query(query: Any, dialect: Dialect, sort_field: str | None) -> Plan:
    """Validates a query (None: everything) and translates it.

    Top-level range filters on ``sort_field`` narrow the interval and leave no predicate behind. Raises ``ApiError`` for
    what the API refuses.
    """
    if query is None:
        return Plan(Interval(), None)
    interval = Interval()
    predicates = []
    operator, conditions = ("AND", [query]) if _is_filter(query) else _group(query, 1)
    for condition in conditions:
        predicate = _compile(condition, dialect, 2)
        span = None
        if operator == "AND" and _is_filter(condition) and condition["field"] == sort_field:
            span = _interval(condition, dialect)
        if span is None:
            predicates.append(predicate)
        else:
            interval = interval.meet(span)
    return Plan(interval, _combine(operator, predicates) if predicates else None)


def _is_filter(node: Any) -> bool:
    return isinstance(node, dict) and "field" in node


def _group(node: Any, level: int) -> tuple[str, list[Any]]:
    if (
        not isinstance(node, dict)
        or node.get("operator") not in ("AND", "OR")
        or not isinstance(node.get("value"), list)
    ):
        raise invalid("A query is a filter with field, operator and value, or an AND/OR group of them")
    if level > MAX_NESTING:
        raise invalid(f"Queries may be nested at most {MAX_NESTING} levels deep")
    if not 1 <= len(node["value"]) <= MAX_FILTERS:
        raise invalid(f"A group holds 1 to {MAX_FILTERS} filters")
    return node["operator"], node["value"]


def _combine(operator: str, predicates: list[Predicate]) -> Predicate:
    if len(predicates) == 1:
        return predicates[0]
    if operator == "AND":
        return lambda view: all(predicate(view) for predicate in predicates)
    return lambda view: any(predicate(view) for predicate in predicates)


def _compile(node: Any, dialect: Dialect, level: int) -> Predicate:
    if not _is_filter(node):
        operator, conditions = _group(node, level)
        return _combine(operator, [_compile(condition, dialect, level + 1) for condition in conditions])
    field, operator = node["field"], node.get("operator")
    if not isinstance(field, str) or operator not in OPERATORS or "value" not in node:
        raise invalid("A filter needs a field, a known operator and a value")
    if dialect.fields is not None and field not in dialect.fields and not field.startswith("ticket_attribute."):
        raise ApiError(400, "invalid_field", f"Field {field} is not searchable")
    path = dialect.paths.get(field, field)
    if field in dialect.holds:
        return _holder(dialect.holds[field], operator, node["value"])
    if field in dialect.dates:
        span = _interval(node, dialect)
        if span is not None:
            return lambda view: any(span.holds(value) for value in view.values(path))
    return _matcher(path, operator, node["value"])


def _holder(holds: Callable[[str, str], bool], operator: str, value: Any) -> Predicate:
    """Whether what a value names holds the object; no other operators than these are known (API notes 3.1)."""
    if operator not in ("=", "!=") or not isinstance(value, str):
        raise invalid(f"Operator {operator} needs a text here, and is = or !=")
    return lambda view: holds(value, view.values("id")[0]) is (operator == "=")


def _interval(node: Any, dialect: Dialect) -> Interval | None:
    """The seconds that a date filter admits; None when it is no range. A day is a day of the workspace's zone."""
    field, operator, value = node["field"], node["operator"], node["value"]
    days = dialect.zone is not None
    if operator not in DATE_OPERATORS or (days and operator not in DAY_OPERATORS):
        raise invalid(f"Operator {operator} is not supported for date field {field}")
    if operator == "!=" or value is None:
        return None
    first = last = _seconds(value)
    if dialect.zone is not None:
        try:
            first, after = day_bounds(first, dialect.zone)
        except (ValueError, OverflowError, OSError):
            raise invalid(f"{value} is not a date") from None
        last = after - 1
    inside = int(not dialect.inclusive or days)
    return {
        "=": Interval(first, last),
        ">": Interval(low=last + inside),
        "<": Interval(high=first - inside),
        ">=": Interval(low=first),
        "<=": Interval(high=last),
    }[operator]


def _seconds(value: Any) -> int:
    """A date as sent: seconds, as a number or as a numeric string (API notes 2.1)."""
    try:
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            return int(value)
    except (ValueError, OverflowError):
        pass
    raise invalid(f"{value!r} is not a date")


def _matcher(path: str, operator: str, wanted: Any) -> Predicate:
    """The predicate of a filter that is no range of dates; numbers and their texts are equal."""
    if operator in ("IN", "NIN"):
        if not isinstance(wanted, list):
            raise invalid(f"Operator {operator} needs an array")
        among = {_text(each) for each in wanted}
        return lambda view: any(_text(value) in among for value in view.values(path)) is (operator == "IN")
    if operator in ("=", "!="):
        text = _text(wanted)
        return lambda view: any(_text(value) == text for value in view.values(path)) is (operator == "=")
    if operator in ("<", ">", "<=", ">="):
        bound = _number(wanted)
        if bound is None:
            raise invalid(f"Operator {operator} needs a number")
        return lambda view: any(_compare(_number(value), operator, bound) for value in view.values(path))
    if not isinstance(wanted, str):
        raise invalid(f"Operator {operator} needs a string")
    part = wanted.casefold()
    tests: dict[str, Callable[[str], bool]] = {
        "~": lambda text: part in text,
        "!~": lambda text: part not in text,
        "^": lambda text: text.startswith(part),
        "$": lambda text: text.endswith(part),
    }
    return lambda view: any(tests[operator]((_text(value) or "").casefold()) for value in view.values(path))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: Any) -> float | None:
    try:
        return None if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def _compare(value: float | None, operator: str, bound: float) -> bool:
    if value is None:
        return False
    if operator[0] == ">":
        return value > bound or (operator == ">=" and value == bound)
    return value < bound or (operator == "<=" and value == bound)
