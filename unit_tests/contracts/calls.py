"""Phone calls."""

from typing import Final

from unit_tests.contracts.contract import Contract, Way

ROWS: Final = (Contract("calls", Way.PAGES, "GET", "calls", ("data",), "", answer="calls", scope="read_calls"),)
