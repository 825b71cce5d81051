"""The shapes of the tables of differences."""

Known = tuple[tuple[str, str, str, str, tuple[str, ...]], ...]
"""Kind of object, how it differs, section of docs/intercom-api.md, path of what follows, fields."""

Never = tuple[tuple[str, str, str, tuple[str, ...]], ...]
"""Kind of object, section of docs/intercom-api.md, path of what follows, fields."""
