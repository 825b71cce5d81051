"""The outbound messages of the workspace: what is sent to contacts, and what becomes of it as a rule (API notes 10.1).

Titles hold what breaks careless readers of CSV: commas, quotes, newlines, umlauts.
"""

from typing import NamedTuple


class Habit(NamedTuple):
    """What contacts do with a message: which event, how often, at most how many times, and how long after it came.

    The delay is the logarithm of its median in seconds. Where an event ``ends`` it, nothing else happens.
    """

    event: str
    chance: float
    most: int = 1
    delay: float = 8.0
    ends: bool = False


class Message(NamedTuple):
    """A message: its ruleset, its contents (one for each version of an A/B test), and the series that it is part of.

    ``questions`` are those of a survey, as text and type of the response.
    """

    ruleset_id: str
    content_ids: tuple[str, ...]
    content_type: str
    title: str
    habits: tuple[Habit, ...]
    series: tuple[str, str, str] | None = None
    questions: tuple[tuple[str, str, str], ...] = ()


_EMAIL = (
    Habit("hard_bounce", 0.05, delay=3.0, ends=True),
    Habit("soft_bounce", 0.04, delay=4.0),
    Habit("open", 0.55, 4, 9.5),
    Habit("click", 0.25, 3, 10.5),
    Habit("reply", 0.06, delay=10.5),
    Habit("unsubscribe", 0.04, delay=11.0),
    Habit("goal_success", 0.08, delay=12.5),
)
_SERIES = (
    *_EMAIL,
    Habit("checkpoint", 0.6, delay=0.0),
    Habit("series_completion", 0.2, delay=12.0),
    Habit("series_disengagement", 0.12, delay=12.5),
    Habit("series_exit", 0.12, delay=12.0),
)
_IN_APP = (Habit("open", 0.7, 3, 9.0), Habit("click", 0.3, 2, 9.5), Habit("dismissal", 0.25, delay=9.0))
_CHAT = (Habit("open", 0.8, 2, 8.0), Habit("click", 0.2, 2, 9.0), Habit("reply", 0.25, 2, 8.5))
_TOUR = (
    Habit("tour_step_view", 0.7, 4, 7.0),
    Habit("tour_step_failure", 0.15, delay=7.5),
    Habit("completion", 0.4, delay=8.0),
    Habit("dismissal", 0.25, delay=7.5),
)
_SURVEY = (
    Habit("open", 0.75, delay=8.0),
    Habit("answer", 0.5, delay=8.5),
    Habit("completion", 0.4, delay=8.7),
    Habit("dismissal", 0.15, delay=8.0),
)
_PUSH = (Habit("reception_failure", 0.15, delay=2.0, ends=True), Habit("open", 0.4, delay=7.0))
_ONBOARDING = ("61001", 'Onboarding, "Été 2025"')
_QUESTIONS = (
    ("51", "How likely are you to recommend us?", "nps"),
    ("52", 'What is missing? (in your words, "as is")', "long_text"),
    ("53", "Wie groß ist Ihr Team, ungefähr?", "multiple_choice"),
)

MESSAGES = (
    Message("40001", ("70001", "70002"), "Email", "Newsletter, January", _EMAIL),
    Message("40002", ("70003",), "Email", 'Été: 50 % off, "today only"', _EMAIL),
    Message("40003", ("70004",), "Post", "What is new\nin the inbox", _IN_APP),
    Message("40004", ("70005",), "Chat", "Grüße aus Köln; can we help?", _CHAT),
    Message("40005", ("70006", "70007"), "Banner", "Maintenance on Sunday, 02:00-04:00", _IN_APP),
    Message("40006", ("70008",), "Tour", "First steps", _TOUR),
    Message("40007", ("70009",), "Survey", "NPS® Q1", _SURVEY, questions=_QUESTIONS[:2]),
    Message("40008", ("70010",), "Survey", "Who are you, 請教?", _SURVEY, questions=_QUESTIONS),
    Message("40009", ("70011",), "Email", "Welcome", _SERIES, (*_ONBOARDING, "901")),
    Message("40010", ("70012",), "Email", "Day 3: import, export", _SERIES, (*_ONBOARDING, "902")),
    Message("40011", ("70013",), "Chat", "Day 7", (*_CHAT, *_SERIES[-4:]), (*_ONBOARDING, "903")),
    Message("40012", ("70014",), "Push", "Your report is ready", _PUSH),
)
RESPONSES = {
    "nps": ("10", "9", "8", "6", "0"),
    "long_text": (
        "Nothing, thanks",
        'A dark mode, and "offline"',
        "Größere Schrift\nund mehr Farbe",
        "",
        "なし",
        "=1+1",
    ),
    "multiple_choice": ("1", "2-10", "11-50, or so", "more"),
}
