"""What the AI agent did in a conversation (API notes 4.1, 4.3)."""

from random import Random
from typing import Any

from intercom_sandbox.data.story import Story

Object = dict[str, Any]
_CONTENT_SOURCE: Object = {
    "content_type": "content_snippet",
    "url": "/fin-ai-agent/content?content=content_snippet&id=3234924",
    "title": "Internal snippet",
    "locale": "en",
}
_ARTICLE: Object = {
    "content_type": "article",
    "url": "/help/articles/4712?lang=pt-BR",
    "title": "Retours &amp; Erstattungen",
    "locale": "pt-BR",
}
_OUTCOMES = ("escalated", "escalated", "escalated", "negative_feedback", "procedure_handoff")
"""What became of an attempt after which an admin had to answer."""
_SOURCES = ("workflow", "workflow", "profile", "essentials_plan_setup")


def ai_agent(story: Story, rng: Random) -> Object:
    """Whether it took part, and how that ended: a conversation that no admin answered and that is closed, it solved."""
    spoken = [at for step, at, _ in story.events if step.voice == "bot"]
    if not spoken:
        return {"ai_agent": None, "ai_agent_participated": False}
    answered = any(step.voice == "admin" for step, _, _ in story.events)
    if answered:
        outcome: str | None = rng.choice(
            ("escalated", "escalated", "escalated", "negative_feedback", "procedure_handoff")
        )
    else:
        outcome = rng.choice(("assumed_resolution", "confirmed_resolution")) if story.state == "closed" else None
    rated = outcome == "confirmed_resolution" or rng.random() < 0.2
    used = ([_CONTENT_SOURCE], [_CONTENT_SOURCE, _ARTICLE, _CONTENT_SOURCE], [_ARTICLE, _ARTICLE])
    sources = used[spoken[0] % 3] if rng.random() < 0.6 else []
    agent = {
        "source_type": rng.choice(_SOURCES),
        "source_title": "Triage &amp; co" if rated else None,
        "last_answer_type": rng.choice(("ai_answer", "ai_answer", "custom_answer", None)),
        "resolution_state": outcome,
        "rating": (rng.choice((5, 5, 4, 3)) if not answered else rng.choice((4, 2, 1, 1))) if rated else None,
        "rating_remark": "Très utile" if rated and not answered else None,
        "created_at": spoken[0],
        "updated_at": spoken[-1],
        "content_sources": {
            "type": "content_source.list",
            "content_sources": sources,
            "total_count": len(sources),
        },
    }
    return {"ai_agent": agent, "ai_agent_participated": True}
