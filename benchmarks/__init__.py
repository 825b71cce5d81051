"""How fast the connector is, and what it costs: side by side with the official connector, in one run.

Run as `python -m benchmarks`. Everything happens on this machine, against the sandbox; only the first run needs the
network, to install the official connector into an environment of its own.
"""
