"""How many examples the tests with input of chance try: as many as they say, or a share where few are enough."""

import os
from typing import Final

VARIABLE: Final = "SHARE_OF_EXAMPLES"
"""The environment variable with that share."""


def tries(examples: int) -> int:
    """What becomes of so many examples, at least one."""
    return max(1, round(examples * float(os.environ.get(VARIABLE, 1))))
