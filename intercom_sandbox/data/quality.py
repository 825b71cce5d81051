"""What quality assurance says of conversations: monitors and scorecards (API notes 4.1, 14)."""

from typing import Any

Object = dict[str, Any]


def monitor_evaluations(number: int, moment: int) -> list[Object]:
    """Every sixth conversation was flagged; now and then by a monitor that was deleted since."""
    if number % 6:
        return []
    deleted = number % 4 == 0
    return [
        {
            "monitor_id": str(12345 + number % 3),
            "monitor_name": None if deleted else "Customer complaint handling",
            "monitor_type": None if deleted else "prompt",
            "result": "flagged",
            "explanation": None if deleted else "The customer asks for a refund &amp; gets no answer.",
            "evaluated_at": moment,
        }
    ]


def scorecards(number: int, moment: int, admin_id: str) -> list[Object]:
    """Every fifth conversation has a scorecard, of a person or of the bot; now and then it is not scored yet."""
    if number % 5:
        return []
    by_ai, scored = number % 2 == 0, number % 4 != 3
    result = {
        "value": "pass",
        "source": "ai" if by_ai else "human",
        "reasoning": "The issue was acknowledged and resolved.",
        "reason_ids": ["101", "102"],
        "other_text": None if by_ai else "The question about billing is open.",
    }
    return [
        {
            "scorecard_id": "67890",
            "scorecard_version_id": "67891",
            "name": "Standard QA Review",
            "scorecard_type": "ai" if by_ai else "human",
            "passed": True if scored else None,
            "score": 0.85 if scored else None,
            "ai_score": 0.9 if by_ai else None,
            "evaluated_at": moment if scored else None,
            "reviewed_teammate": {"type": "ai"} if by_ai else {"type": "admin", "admin_id": admin_id},
            "evaluators": [{"evaluator_id": "54321", "result": result if scored else None}],
        }
    ]
