"""The small collections that all other objects refer to: admins, teams, tags, segments, and the workspace itself."""

from random import Random
from typing import Any

from intercom_sandbox.data import phrases, segments, words
from intercom_sandbox.data.calendar import Calendar
from intercom_sandbox.data.story import Stories
from intercom_sandbox.data.templates import template
from intercom_sandbox.settings import Settings

Object = dict[str, Any]
_FIRST_ADMIN = 10553730
_FIRST_TEAM = 5017691
_FIRST_TAG = 96
"""Tag ids start below 100, so that their order as strings is not their order as numbers."""
_FIRST_PERSON = 1_000_000
"""Admins are other people than contacts, whose numbers start at 0."""


class Cast:
    """Builds and remembers the objects of the small collections; ``stories`` tells what these people do."""

    def __init__(self, settings: Settings, calendar: Calendar) -> None:
        self.seed = settings.seed
        self._contacts = settings.contacts
        self.calendar = calendar
        self._rng = Random(f"{settings.seed}:cast")
        self.workspace_id = f"h64a{self._rng.getrandbits(16):04x}"
        self.fin = self._fin(str(_FIRST_ADMIN + settings.admins - 1))
        self.admins = [self.admin(number) for number in range(settings.admins - 1)] + [self.fin]
        self.people = [self.author(admin) for admin in self.admins[:-1]]
        self.teams = [self.team(number) for number in range(settings.teams)]
        for admin in self.admins:
            admin["team_ids"] = [int(team["id"]) for team in self.teams if int(admin["id"]) in team["admin_ids"]]
            if len(admin["team_ids"]) > 1:
                levels = {"primary_team_ids": admin["team_ids"][:1], "secondary_team_ids": admin["team_ids"][1:]}
                admin["team_priority_level"] = levels
        self.tags = [self.tag(number) for number in range(settings.tags)]
        self.company_segments: set[str] = set()
        self.segments = [self.segment(number) for number in range(settings.segments)]
        self.stories = Stories(Random(f"{settings.seed}:stories"), calendar, len(self.people), len(self.teams))

    def me(self, settings: Settings) -> Object:
        """The answer of ``GET /me``: the first admin with the workspace's zone and region (API notes 7.4)."""
        example = template("me")
        app = example["app"] | {"id_code": self.workspace_id, "timezone": settings.timezone, "region": settings.region}
        return example | {key: self.admins[0][key] for key in ("id", "name", "email")} | {"app": app}

    def admin(self, number: int) -> Object:
        """An admin; ``team_ids`` are numbers and ``team_priority_level`` may be ``{}`` (API notes 3.6)."""
        admin = template("admin") | {
            "id": str(_FIRST_ADMIN + number),
            "name": words.person(_FIRST_PERSON + number, self.seed),
            "email": f"admin{number}@example.com",
            "away_mode_enabled": number % 3 == 2,
            "team_priority_level": {},
            "avatar": f"https://static.example/avatars/{number}.png" if number % 2 else None,
        }
        if number % 3 == 2:
            admin["away_status_reason_id"] = 12345
        if number % 2:
            admin["job_title"] = "Support & care"
            admin["role"] = {"type": "role", "id": str(number), "name": "Agent"}
        return admin

    def _fin(self, admin_id: str) -> Object:
        """The bot: an ordinary admin here, an author of type bot on parts (API notes 3.6, 11)."""
        email = f"operator+{self.workspace_id}@intercom.io"
        return template("admin") | {"id": admin_id, "name": "Fin", "email": email, "has_inbox_seat": False}

    def team(self, number: int) -> Object:
        """A team; its ``admin_ids`` are numbers, one name carries an HTML entity (API notes 3.6, 11).

        Levels of priority are absent, null, or name some of the admins.
        """
        members = self._rng.sample(self.admins[:-1], self._rng.randint(0, len(self.admins) - 1))
        team = template("team") | {
            "id": str(_FIRST_TEAM + number),
            "name": _numbered(phrases.TEAMS, number),
            "admin_ids": [int(member["id"]) for member in members],
        }
        if number % 2:
            team["admin_priority_level"] = {
                "primary_admin_ids": team["admin_ids"][:1] if number % 4 == 1 else None,
                "secondary_admin_ids": team["admin_ids"][1:3],
            }
            del team["assignment_limit"]
        return team

    def tag(self, number: int) -> Object:
        """A tag; the first and the fourth have one name, for names are no keys (API notes 3.7)."""
        name = _numbered(phrases.TAGS, 0 if number == 3 else number)
        return template("tag") | {"id": str(_FIRST_TAG + number), "name": name}

    def segment(self, number: int) -> Object:
        """A segment, with the ``count`` of its first contacts or null; some are of companies, which no type tells.

        API notes 3.8, 14.
        """
        created = self.calendar.moment()
        segment_id = f"{created:08x}1bb69f9f{number:08x}"
        if segments.is_of_companies(number):
            self.company_segments.add(segment_id)
        return template("segment") | {
            "id": segment_id,
            "name": f"{_numbered(phrases.SEGMENTS, number)} &amp; known",
            "created_at": created,
            "updated_at": self.calendar.after(created),
            "person_type": ("user", "contact", "user")[number % 3],
            "count": None if number % 4 == 3 else segments.size(number, self._contacts),
        }

    def author(self, admin: Object) -> Object:
        """The author of a part or source that an admin wrote."""
        return {"type": "admin", "id": admin["id"], "name": admin["name"], "email": admin["email"]}

    def contact_author(self, contact: Object) -> Object:
        """The author of what a contact wrote: a user, or a lead, who has no id of the customer's own."""
        number = words.number_of(contact["id"])
        return {
            "type": "lead" if contact["external_id"] is None else "user",
            "id": contact["id"],
            "name": words.known_name(number, self.seed),
            "email": words.known_email(number, self.seed),
        }

    @property
    def bot(self) -> Object:
        """The Fin bot as an author."""
        return self.author(self.fin) | {"type": "bot"}


def _numbered(names: tuple[str, ...], number: int) -> str:
    """The name with that number; after the last one they come again, with the number."""
    name = names[number % len(names)]
    return name if number < len(names) else f"{name} {number}"
