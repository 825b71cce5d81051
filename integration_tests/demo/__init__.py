"""The demo: an Intercom workspace goes to DuckDB, among errors and killed once, changes, and goes there again.

Run as `python -m integration_tests.demo`. Needs no account: the workspace is the sandbox's. Writes to `build/demo`
below the current directory, and that anew each time, and to `.cache` the packages that draw the dashboard. Exit code 1,
with a sentence that says why, when the connector fails or when DuckDB does not hold in the end, value by value, what
Intercom returns.
"""
