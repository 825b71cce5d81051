"""Articles (API notes 3.10)."""

from random import Random
from typing import Any

from intercom_sandbox.data import words
from intercom_sandbox.data.cast import Cast
from intercom_sandbox.data.templates import template

Object = dict[str, Any]
_FIRST = 39


class Articles:
    """Makes help-center articles; ``author_id``, ``content_id`` and ``parent_ids`` are numbers."""

    def __init__(self, seed: int, cast: Cast, texts: words.Texts) -> None:
        self._rng = Random(f"{seed}:articles")
        self._cast = cast
        self._texts = texts
        self._template = template("article") | {"workspace_id": cast.workspace_id}

    def make(self, number: int, created_at: int, updated_at: int) -> Object:
        """The article with that number; every fifth is a draft without url, every fourth other one multilingual."""
        article_id, author_id = str(_FIRST + number), int(self._rng.choice(self._cast.people)["id"])
        draft = number % 5 == 4
        article: Object = {
            **self._template,
            "id": article_id,
            "content_id": 4_000_000 + number,
            "parent_ids": [18 + number % 7] if number % 3 else [],
            "title": words.title(self._rng),
            "description": "" if number % 2 else words.title(self._rng),
            "body": self._texts.draw(self._rng, "article"),
            "author_id": author_id,
            "state": "draft" if draft else "published",
            "created_at": created_at,
            "updated_at": updated_at,
            "url": None if draft else f"http://help.example/en/articles/{article_id}",
            "ai_chatbot_availability": number % 2 == 0,
            "ai_copilot_availability": number % 3 == 0,
            "ai_sales_agent_availability": False,
            "audience_ids": [7 + number % 3] if number % 6 == 0 else [],
            "exclude_from_article_suggestions": number % 9 == 8,
            "help_center_audience": "restricted" if number % 6 == 0 else "everyone",
            "scheduled_publish_at": updated_at + 86400 if draft else None,
            "scheduled_unpublish_at": updated_at + 864000 if number % 10 == 3 else None,
            "tags": {"type": "tag.list", "tags": self._tags(number, author_id, updated_at)},
        }
        if number % 2:
            staged = number % 10 == 3
            article |= {"body_markdown": "# Hello\n", "created_by_id": author_id, "updated_by_id": author_id}
            article |= {"has_unpublished_changes": staged, "draft_updated_at": updated_at if staged else None}
        if number % 4 == 0 and not draft:
            article |= {"default_locale": "en", "translated_content": self._translations(article, number)}
        return article

    def _translations(self, article: Object, number: int) -> Object:
        """Two languages; each has what the article has, and may have changes of its own that wait."""
        copied = (
            *("body", "author_id", "state", "created_at", "updated_at", "url", "audience_ids"),
            *("ai_chatbot_availability", "ai_copilot_availability", "ai_sales_agent_availability"),
        )
        staged = number % 8 == 0
        changed: Object = {
            "has_unpublished_changes": staged,
            "draft_updated_at": article["updated_at"] if staged else None,
            "created_by_id": article["author_id"],
            "updated_by_id": article["author_id"],
        }
        content = {"type": "article_content", **{key: article[key] for key in copied}, **changed}
        return {
            "type": "article_translated_content",
            "fr": content | {"title": "Où est mon colis ?", "description": "Livraison", "body_markdown": "# Colis\n"},
            "pt-BR": content
            | {"title": "Onde está?", "description": "Entrega", "body_markdown": "# Prazo &amp; entrega\n"},
        }

    def _tags(self, number: int, admin_id: int, moment: int) -> list[Object]:
        applied = {"applied_at": moment, "applied_by": {"type": "admin", "id": str(admin_id)}}
        return [{**tag, **applied} for tag in self._cast.tags[: number % 3]]
