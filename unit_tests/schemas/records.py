"""Records of all streams.

They are the response examples of Intercom's public OpenAPI description, version 2.16 (MIT), kept in
`unit_tests/examples`, and, where those are empty or null, small ones written beside this module after the shapes seen
on the wire.
"""

import pytest

from unit_tests.answers import example_rows
from unit_tests.contracts import CONTRACTS
from unit_tests.schemas.partial_conversations import CONVERSATIONS
from unit_tests.schemas.partial_people import PEOPLE
from unit_tests.schemas.partial_workspace import WORKSPACE

RECORDS = {name: example_rows(contract) for name, contract in CONTRACTS.items()}
EXAMPLE_CASES = [
    pytest.param(stream, record, id=f"{stream}-{number}")
    for stream, records in RECORDS.items()
    for number, record in enumerate(records)
]

PARTIAL = [*PEOPLE, *CONVERSATIONS, *WORKSPACE]
WIRE_CASES = [pytest.param(stream, record, id=f"{stream}-{name}") for stream, name, record in PARTIAL]
