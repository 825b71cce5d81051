"""Companies, and what belongs to them."""

from typing import Final

from unit_tests.contracts.contract import PEOPLE, Contract, Way

ROWS: Final = (
    Contract("companies", Way.SCROLL, "GET", "companies/scroll", ("data",), PEOPLE, answer="companies_scroll"),
)
