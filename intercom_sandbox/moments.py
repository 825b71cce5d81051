"""Times as the API writes them: Unix seconds, here and there ISO 8601 text (API notes 2.0)."""

from datetime import UTC, datetime


def second_of(value: int | str | None) -> int:
    """The second of a time in either form; 0 where there is none."""
    return int(datetime.fromisoformat(value).timestamp()) if isinstance(value, str) else value or 0


def written_like(example: object, second: int) -> int | str:
    """A second in the form of another time: a text with milliseconds, a text without, or a number."""
    if not isinstance(example, str):
        return second
    text = datetime.fromtimestamp(second, UTC).isoformat(timespec="milliseconds" if "." in example else "seconds")
    return text.replace("+00:00", "Z")
