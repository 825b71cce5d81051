"""A local Intercom: a real HTTP server with the semantics of the REST API and deterministic data.

``python -m intercom_sandbox`` serves it; ``intercom_sandbox.client.start`` starts it from Python. It holds a generated
workspace in memory, answers like API version 2.16, and is steered by a control endpoint under ``/_sandbox``, or by a
page in a browser that uses it.
``docs/sandbox.md`` tells which behaviours are documented, observed or assumed.
"""
