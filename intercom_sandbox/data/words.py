"""Names and texts, with the characters that break careless readers: accents, emoji, right-to-left script, entities."""

from random import Random


def listed(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


FIRST_NAMES = listed(
    "Ada Alan Amélie Anaïs Bjørn Chloé Dmitri Edsger Fatima Grace Hedy Ingrid Jürgen Katherine Linus Łukasz Margaret "
    "Niamh Noor Olu Priya Radia Seán Siobhán Tim Ursula Vint Wanjirũ Xóchitl Yukihiro Zoë 美咲 محمد"
)
LAST_NAMES = listed(
    "Adeyemi Berners-Lee Brannigan Dijkstra Fernández García Hopper Ibrahim Johansson Kowalski Lamarr Lovelace Müller "
    "Nakamura Nguyễn O'Brien Okafor Perlman Ritchie Şahin Torvalds Turing Varga Wójcik Zhang"
)
DOMAINS = ("example.com", "example.org", "example.net", "mail.example.com", "münchen.example")
WORDS = listed(
    "account address answer billing button change charge code customer data day delivery device discount download "
    "error export feature form help image import integration invoice issue item link login message month order page "
    "password payment phone plan price problem product question quota refund release report request search seat "
    "setting shipment sign-up status subscription support sync table team thanks ticket time token update upgrade user "
    "version webhook café naïve 🙂 日本語 שלום"
)


def person(rng: Random) -> str:
    """A full name."""
    return f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"


def title(rng: Random) -> str:
    """A few words, capitalized."""
    return " ".join(rng.choices(WORDS, k=rng.randint(2, 6))).capitalize()


class Texts:
    """A pool of HTML bodies of mixed length; drawing from it is much faster than writing each anew."""

    def __init__(self, rng: Random) -> None:
        self._bodies = [self._body(rng) for _ in range(500)]

    def _body(self, rng: Random) -> str:
        paragraphs = (" ".join(rng.choices(WORDS, k=rng.randint(4, 40))) for _ in range(rng.choice((1, 1, 1, 2, 3))))
        body = "".join(f"<p>{paragraph.capitalize()}.</p>" for paragraph in paragraphs)
        return body + rng.choice(
            ("", "", '<p>Q&amp;A: <a href="https://example.com/?a=1&amp;b=2">link</a></p>', "<br>\n")
        )

    def draw(self, rng: Random) -> str:
        """One body."""
        return self._bodies[int(rng.random() * len(self._bodies))]
