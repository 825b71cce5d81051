"""What the process does that all others are forked from: imports the connector and the sandbox, which do not know of
each other, and has the connector build its streams once.

That fills caches of Python's, which would otherwise cost each run a quarter of a second. No thread is started and
nothing is sent.
"""

import logging

from integration_tests.connector import START_DATE
from integration_tests.matrix import child
from intercom_sandbox import __main__ as sandbox
from source_intercom.source import SourceIntercom

__all__ = ["child", "sandbox"]

_CONFIG = {"credentials": {"auth_type": "AccessToken", "access_token": "none"}, "start_date": START_DATE}

SourceIntercom().spec(logging.getLogger("zygote"))
SourceIntercom().streams(_CONFIG)
