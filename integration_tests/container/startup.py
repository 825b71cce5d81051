"""`python integration_tests/container/startup.py IMAGE`: how long `spec` takes, beside a bare import of the CDK.

Both run in one container, in turn, each in a process of its own; printed are the medians and their ratio.
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

RUNS = 15
BARE = (sys.executable, "-c", "import airbyte_cdk")
SPEC = (sys.executable, "/airbyte/integration_code/main.py", "spec")


def main() -> None:
    if len(sys.argv) == 2:
        run = ["docker", "run", "--rm", "--interactive", "--network=none", "--entrypoint=/venv/bin/python"]
        subprocess.run([*run, sys.argv[1], "-"], input=Path(__file__).read_bytes(), check=True)
        return
    pairs = [(seconds(*BARE), seconds(*SPEC)) for _ in range(RUNS)]
    bare, spec = (median(column) for column in zip(*pairs, strict=True))
    print(f"import airbyte_cdk {bare:.2f} s, spec {spec:.2f} s, ratio {spec / bare:.2f}")  # noqa: T201


def seconds(*command: str) -> float:
    """How long a command takes."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


main()
