"""Contacts (API notes 3.1)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

from intercom_sandbox.custom_objects import held
from intercom_sandbox.data import words
from intercom_sandbox.data.attributes import LONG
from intercom_sandbox.data.cast import Cast
from intercom_sandbox.data.plot import some
from intercom_sandbox.data.subscriptions import TYPES
from intercom_sandbox.data.templates import template
from intercom_sandbox.kind import INLINE

Object = dict[str, Any]
_ODD_TIMES = (0, -62135596800, 1700000000123)
"""Timestamps that the API has sent in the past: zero, negative, milliseconds (API notes 2.0)."""
_ANDROID = {
    "android_app_name": "Boutique",
    "android_app_version": "5.0.0",
    "android_device": "Pixel 3",
    "android_os_version": "10",
    "android_sdk_version": "28",
}
_IOS = {
    "ios_app_name": "Boutique",
    "ios_app_version": "5.0.0",
    "ios_device": "iPhone 11",
    "ios_os_version": "13.3.1",
    "ios_sdk_version": "13.3.1",
}
_BROWSERS = (
    {"browser": "chrome", "browser_version": "126.0", "browser_language": "en-US", "os": "OS X 10.15.7"},
    {"browser": "chrome", "browser_version": "131.0", "browser_language": "fr", "os": "Windows 10"},
    {"browser": "safari", "browser_version": "17.5", "browser_language": "en-GB", "os": "iOS 17.5"},
    {"browser": "firefox", "browser_version": "128.0", "browser_language": "de", "os": "Linux"},
)
_PLACES = (
    {"country": "Ireland", "region": "Leinster", "city": "Dún Laoghaire"}
    | {"country_code": "IRL", "continent_code": "EU"},
    {"country": "United States", "region": "California", "city": "San José"}
    | {"country_code": "USA", "continent_code": "NA"},
    {"country": "Germany", "region": "Bayern", "city": "München"} | {"country_code": "DEU", "continent_code": "EU"},
    {"country": "Japan", "region": "東京都", "city": "Tokyo"} | {"country_code": "JPN", "continent_code": "AS"},
)
_CAMPAIGN = {
    "utm_campaign": "spring &amp; summer",
    "utm_content": "header",
    "utm_medium": "email",
    "utm_source": "newsletter",
    "utm_term": "chaussures été",
    "referrer": "https://search.example/?q=a+b",
}


def merged(source_id: str, moment: int, role: str = "lead") -> Object:
    """The entry of a user's merge history about a contact that was merged into it."""
    return {"type": "merge_history", "source_contact_id": source_id, "source_contact_role": role, "merged_at": moment}


class Contacts:
    """Makes contacts; each takes a company and tags of the workspace."""

    def __init__(self, seed: int, cast: Cast, company_ids: list[str]) -> None:
        self._rng = Random(f"{seed}:contacts")
        self._cast = cast
        self._company_ids = company_ids
        self._template = template("contact") | {"workspace_id": cast.workspace_id}
        self._tag_ids = [tag["id"] for tag in cast.tags]

    def make(self, number: int, created_at: int, updated_at: int) -> Object:
        """The contact with that number; its id is the same for the same number and creation."""
        rng = self._rng
        contact_id = f"{created_at & 0xFFFFFFFF:08x}1bb69f9f{number:08x}"
        user = number % 4 != 3
        seen = rng.randint(created_at, updated_at) if rng.random() < 0.6 else None
        contact: Object = {
            **self._template,
            "id": contact_id,
            "external_id": f"{number}" if user else None,
            "role": "user" if user else "lead",
            "email": words.known_email(number, self._cast.seed),
            "phone": f"+1555{number:07d}" if number % 5 == 0 else None,
            "name": words.known_name(number, self._cast.seed),
            "avatar": self._avatar(number),
            "owner_id": self._cast.people[some(rng, len(self._cast.people))]["id"] if number % 3 == 0 else None,
            "has_hard_bounced": number % 29 == 0,
            "unsubscribed_from_emails": number % 13 == 0,
            "created_at": created_at,
            "updated_at": updated_at,
            "android_last_seen_at": _iso(updated_at) if number % 97 == 6 else None,
            "signed_up_at": created_at if user else None,
            "last_seen_at": seen,
            "last_replied_at": seen if number % 6 == 0 else None,
            "last_email_opened_at": updated_at if number % 4 == 1 else None,
            "last_email_clicked_at": updated_at if number % 8 == 1 else None,
            "language_override": "fr" if number % 14 == 3 else None,
            "last_contacted_at": _ODD_TIMES[number // 97 % 3] if number % 97 == 5 else None,
            **(_BROWSERS[some(rng, len(_BROWSERS))] if seen else {}),
            "location": self._location(number),
            "custom_attributes": self._custom_attributes(number, updated_at),
            "tags": self._links(contact_id, "tag", "tags", self._tag_ids),
            "notes": self._first_links(contact_id, "note", "notes", range(number * 20, number * 20 + 14), none=0.9),
            "companies": self._links(contact_id, "company", "companies", self._company_ids),
            **{name: self._links(contact_id, "subscription", "subscriptions", ids) for name, ids in TYPES.items()},
            "sms_consent": number % 10 == 0,
            "unsubscribed_from_sms": number % 15 == 0,
        }
        if number % 8 == 2:
            profile = {"type": "social_profile", "name": "Twitter", "url": f"http://twitter.example/person{number}"}
            contact["social_profiles"] = {"type": "list", "data": [profile]}
        if number % 12 == 4:
            contact |= {**_ANDROID, "android_last_seen_at": seen}
        elif number % 12 == 8:
            contact |= {**_IOS, "ios_last_seen_at": seen}
        if number % 15 == 6:
            contact |= _CAMPAIGN
        if user:
            source_id = f"{contact_id[:16]}{0xF0000000 + number:08x}"
            contact["merge_history"] = [] if number % 9 else [merged(source_id, updated_at)]
        return contact

    def _links(self, contact_id: str, kind: str, name: str, ids: Sequence[int | str], none: float = 0.6) -> Object:
        """A list of links: usually short, once in a while longer than what is shown; `none` of them are empty.

        How much of it a contact shows is said where its rows are kept (data/links.py).
        """
        chance = self._rng.random()
        wanted = 0 if chance < none else 1 + int(chance * 3) % 3 if chance < 0.97 else 14
        count = min(wanted, len(ids))
        start = int(chance * 1e6) % (len(ids) - count + 1)
        data = [{"type": kind, "id": str(each), "url": f"/{name}/{each}"} for each in ids[start : start + count]]
        return {"type": "list", "data": data, "url": f"/contacts/{contact_id}/{name}"}

    def _first_links(self, contact_id: str, kind: str, name: str, ids: Sequence[int | str], none: float) -> Object:
        """The first links of such a list, and how many there are."""
        links = self._links(contact_id, kind, name, ids, none)
        count = len(links["data"])
        return {**links, "data": links["data"][:INLINE], "total_count": count, "has_more": count > INLINE}

    def _avatar(self, number: int) -> Object | str | None:
        """The address of a picture; once in a while an object that holds it (API notes 14)."""
        if number % 7:
            return None
        address = f"https://example.com/{number}.png"
        return {"type": "avatar", "image_url": address} if number % 35 == 14 else address

    def _location(self, number: int) -> Object:
        location: Object = self._template["location"]
        if number % 2:
            return location
        return location | _PLACES[number // 2 % len(_PLACES)]

    def _custom_attributes(self, number: int, moment: int) -> Object:
        """Keys with spaces, colons and signs; values of every type, with null and a list among them (API notes 11)."""
        if number % 4 == 0:
            return {}
        return {
            "Favourite colour": ("bleu", "", "赤", None)[number // 4 % 4],
            "plan: tier": number % 3,
            "is_vip": number % 17 == 0,
            "Last order €": number / 4,
            "trial_ends_at": moment + 86400 * 14 if number % 3 else None,
            "Imported labels": ["a", "b c"] if number % 5 == 1 else "a,b c",
            **({"Orders": held(number)} if number % 7 == 1 else {}),
            **(_MISTAKEN if number % 7 == 2 else {}),
        }


_MISTAKEN = {"Plan_Tier": "b", "IS_VIP": 1, "赤": "è", LONG: "long", f"{LONG}!": "no number", "attributes": "c"}
"""Attributes whose names are easily taken for another's (data/attributes.py)."""


def _iso(second: int) -> str:
    """A time as the text that a few contacts have instead of a number (API notes 2.0)."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
