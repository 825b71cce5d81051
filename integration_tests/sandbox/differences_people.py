"""What is known of contacts, companies, and what is given to them: see `differences.py`."""

from integration_tests.sandbox.difference import Known, Never

_UTM = ("utm_campaign", "utm_content", "utm_medium", "utm_source", "utm_term", "referrer")

KNOWN: Known = (
    ("companies", "type", "11: values of any type", "custom_attributes", ("Paid Subscriber", "seats used")),
    ("companies", "type", "5: a float historically", "", ("monthly_spend",)),
    ("companies", "enum", "14: references to notes", "notes", ("type",)),
    ("companies", "undocumented", "14: references to notes", "notes", ("data", "has_more", "total_count", "url")),
    ("companies", "undocumented", "1.1: additions come without a new version", "", ("undocumented",)),
    ("contacts", "type", "2.0: times as text", "", ("android_last_seen_at",)),
    ("contacts", "type", "14: an address", "", ("avatar",)),
    ("contacts", "null", "3.1: nullable", "", ("email",)),
    ("contacts", "undocumented", "3.1: the type of each list", "companies", ("type",)),
    ("contacts", "undocumented", "3.1: the type of each list", "notes", ("type",)),
    ("contacts", "undocumented", "3.1: the type of each list", "tags", ("type",)),
    ("contacts", "undocumented", "3.1: the type of each list", "social_profiles", ("type",)),
    ("contacts", "undocumented", "3.1: codes beside the names", "location", ("continent_code", "country_code")),
    ("contacts", "undocumented", "3.1: live but absent from the schema", "", _UTM),
    ("contacts", "undocumented", "14: on all contacts", "", ("sms_consent", "unsubscribed_from_sms")),
    (
        *("contacts", "undocumented", "3.1: live but absent from the schema", ""),
        ("opted_in_subscription_types", "opted_out_subscription_types"),
    ),
    ("contacts", "undocumented", "2.1: the number of the next page", "pages.next", ("page",)),
    ("contacts/companies", "undocumented", "3.1: `data` on the wire and in the example", "", ("data",)),
)
NEVER: Never = (
    ("companies", "5: null in a scroll", "", ("pages", "total_count")),
    ("contacts", "14: not in lists and searches", "", ("email_domain",)),
    ("contacts", "2.1: pages count themselves instead", "pages.next", ("per_page",)),
    (
        *("contacts/notes", "11: in an example of 2.16", "author"),
        (
            *("avatar", "away_status_reason_id", "has_inbox_seat", "job_title", "role", "team_ids"),
            "team_priority_level",
        ),
    ),
    ("contacts/companies", "3.1: `data` on the wire and in the example", "", ("companies",)),
    ("contacts/companies", "2.2: an address", "pages", ("next",)),
    ("contacts/notes", "14: of notes about companies", "", ("company",)),
    ("contacts/notes", "2.2: an address", "pages", ("next",)),
    ("companies/notes", "14: of notes about contacts", "", ("contact",)),
    ("companies/notes", "2.2: an address", "pages", ("next",)),
    ("segments", "3.8: never seen live", "", ("pages",)),
    ("tags", "3.7: no timestamps in the list", "", ("applied_at", "applied_by")),
)
