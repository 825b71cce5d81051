"""Names and texts, with the characters that break careless readers: accents, emoji, right-to-left script, entities."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from random import Random

from intercom_sandbox.data import phrases


def listed(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


# in both lists names of many countries; who is called what is chance
_FIRST_NAMES = listed(
    "Aisha Alejandro Amélie Anaïs Andrzej Anika Beatriz Bjørn Chloé Cian Dilek Emre Fatima Femi Greta Hiroshi Imani "
    "Ingrid Ivana Jürgen Kofi Lars Leila Lucía Łukasz Mei Mateo Nadia Niamh Noor Olu Priya Rahul Renée Rosa Saoirse "
    "Seán Sofia Tariq Thi Ursula Wanjirũ Xóchitl Yuki Zofia Zoë 美咲 محمد"
)
_LAST_NAMES = listed(
    "Adeyemi Andersson Brannigan Çelik Costa Dubois Eriksen Fernández Fischer García Haddad Hansen Ibrahim Jansen "
    "Johansson Kamau Kowalski Le Lindqvist Martin Moreau Müller Nakamura Nguyễn Novák O'Brien Okafor Oliveira Patel "
    "Petrova Quinn Rossi Şahin Santos Schmidt Silva Sørensen Tanaka Tran Usman Varga Wójcik Yildiz Zhang"
)
_DOMAINS = ("example.com", "example.org", "example.net", "mail.example.com", "münchen.example")


def person(number: int, seed: int) -> str:
    """The full name of the person with that number; a few are called the same."""
    place = number * 37 + seed * 101
    return f"{_FIRST_NAMES[place % len(_FIRST_NAMES)]} {_LAST_NAMES[place // 7 % len(_LAST_NAMES)]}"


def known_name(number: int, seed: int) -> str | None:
    """What the workspace knows of the name of the contact with that number."""
    return person(number, seed) if number % 11 else None


def known_email(number: int, seed: int) -> str | None:
    """The address of that contact, at a domain that nobody can own; of each tenth it is not known."""
    if number % 10 == 4:
        return None
    first, _, last = person(number, seed).partition(" ")
    return f"{_plain(first) or 'person'}.{_plain(last)}{number}@{_DOMAINS[number % len(_DOMAINS)]}"


def number_of(contact_id: str) -> int:
    """The number of a contact, which is the end of its id."""
    return int(contact_id[-8:], 16)


@lru_cache(maxsize=256)
def _plain(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("'", "")


class _Gaps:
    """Fills each gap of a sentence, by its name, with a word drawn for it."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng

    def __getitem__(self, name: str) -> str:
        words = phrases.FILLINGS[name]
        return words[int(self._rng.random() * len(words))]


def filled(rng: Random, sentence: str) -> str:
    """A sentence with its gaps filled."""
    return sentence.format_map(_Gaps(rng))


def title(rng: Random) -> str:
    """What a conversation, a ticket or an article is about."""
    text = filled(rng, rng.choice(phrases.TITLES))
    return text[0].upper() + text[1:]


class Texts:
    """Pools of HTML bodies, one for each voice; drawing from them is much faster than writing each body anew.

    The voices are ``question`` (the first message of a contact), ``contact``, ``admin``, ``bot``, ``note`` and
    ``article``.
    """

    def __init__(self, rng: Random) -> None:
        openings = [(greeting, question, "") for greeting in phrases.GREETINGS for question in phrases.QUESTIONS]
        self._bodies = {
            "question": [self._body(rng, each) for each in openings],
            "contact": self._said(rng, 80, phrases.FOLLOW_UPS),
            "admin": self._said(rng, 80, phrases.ANSWERS, phrases.SIGN_OFFS),
            "bot": self._said(rng, 30, phrases.BOT_ANSWERS),
            "note": self._said(rng, 30, phrases.NOTES),
            "article": [self._body(rng, rng.choices(phrases.PARAGRAPHS, k=rng.randint(2, 12))) for _ in range(60)],
        }

    def _said(self, rng: Random, count: int, sentences: Sequence[str], endings: Sequence[str] = ("",)) -> list[str]:
        """Bodies of a sentence or two, with an ending."""
        said = ((*rng.sample(sentences, rng.choice((1, 1, 1, 2))), rng.choice(endings)) for _ in range(count))
        return [self._body(rng, each) for each in said]

    def _body(self, rng: Random, paragraphs: Sequence[str]) -> str:
        text = "".join(f"<p>{filled(rng, paragraph)}</p>" for paragraph in paragraphs if paragraph)
        return text + rng.choice(phrases.EXTRAS)

    def draw(self, rng: Random, voice: str = "question") -> str:
        """One body in that voice."""
        bodies = self._bodies[voice]
        return bodies[int(rng.random() * len(bodies))]
