"""The demo: an Intercom workspace goes to DuckDB, changes, and goes there again, incrementally.

Run as `python -m integration_tests.demo`. Needs no account and no network: the workspace is the sandbox's. Writes
only to `build/demo` below the current directory, and that anew each time. Exit code 1, with a sentence that says why,
when the connector fails or when DuckDB does not hold in the end, value by value, what Intercom returns.
"""
