"""Collections of the help center (API notes 3.10)."""

from random import Random
from typing import Any

from intercom_sandbox.data import words
from intercom_sandbox.data.generator import Generator
from intercom_sandbox.data.templates import template

Object = dict[str, Any]
_FIRST = 18
"""The first collections are those that articles lie in."""


class HelpCenterCollections:
    """Makes collections: they have no key ``type`` (API notes 11), and every third lies in another one."""

    def __init__(self, generator: Generator) -> None:
        self._rng = Random(f"{generator.seed}:collections")
        self._template = template("collection") | {"workspace_id": generator.cast.workspace_id}

    def make(self, number: int, created_at: int, updated_at: int) -> Object:
        """The collection with that number; every fourth is multilingual, and only such ones have a default locale."""
        inner = number % 3 == 2
        collection_id, name = str(_FIRST + number), words.title(self._rng)
        collection: Object = {
            **self._template,
            "id": collection_id,
            "name": f"{name} &amp; more",
            "url": None if number % 5 == 4 else f"http://help.example/en/collections/{collection_id}",
            "order": number,
            "created_at": created_at,
            "updated_at": updated_at,
            "description": None if inner else words.title(self._rng),
            "icon": None if number % 7 == 6 else "book-bookmark",
            "parent_id": str(_FIRST + number - 1) if inner else None,
            "help_center_id": None if inner else 79,
        }
        if number % 4 == 0:
            french = {"type": "group_content", "name": "Où est mon colis ?", "description": "Tout sur les livraisons"}
            collection["default_locale"] = "en"
            collection["translated_content"] = {"type": "group_translated_content", "fr": french}
        return collection
