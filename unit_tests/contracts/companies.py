"""Companies, and what belongs to them."""

from typing import Final

from unit_tests.contracts.contract import PEOPLE, Contract, Parent, Way

ROWS: Final = (
    Contract("companies", Way.SCROLL, "GET", "companies/scroll", ("data",), PEOPLE, answer="companies_scroll"),
    Contract(
        "company_tags",
        Way.NESTED,
        "GET",
        "companies/scroll",
        ("tags", "tags"),
        PEOPLE,
        key=("company_id", "id"),
        parent=Parent("companies", "company_id"),
    ),
    Contract(
        "company_notes",
        Way.CHILD,
        "GET",
        "companies/{id}/notes",
        ("data",),
        "Read one user and one company",
        answer="company_notes",
        parent=Parent("companies", "company_id"),
        mentioned=("notes", "notes"),
    ),
    Contract(
        "company_segments",
        Way.CHILD,
        "GET",
        "companies/{id}/segments",
        ("data",),
        "Read one user and one company",
        answer="company_segments",
        key=("company_id", "id"),
        parent=Parent("companies", "company_id"),
    ),
)
