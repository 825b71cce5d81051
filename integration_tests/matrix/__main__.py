"""Runs the whole matrix, prints it, and writes it to docs/matrix.md when asked to. Exit code 1 if anything was lost."""

import argparse
import sys
from pathlib import Path

from integration_tests.matrix.cells import MODES
from integration_tests.matrix.conditions import SEED, conditions
from integration_tests.matrix.table import Results
from integration_tests.matrix.trial import tried

PAGE = Path(__file__).resolve().parents[2] / "docs" / "matrix.md"


def main() -> int:
    """Tries every condition in every mode."""
    parser = argparse.ArgumentParser(prog="python -m integration_tests.matrix", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the data and of every choice")
    parser.add_argument("--only", default="", help="conditions, or families of them, whose name contains this")
    parser.add_argument("--write", action="store_true", help="write docs/matrix.md; needs all conditions")
    arguments = parser.parse_args()
    if arguments.write and arguments.only:
        parser.error("--write needs all conditions")

    chosen = [each for each in conditions() if arguments.only in str(each)]
    results = Results(arguments.seed)
    for condition in chosen:
        for mode in MODES:
            sys.stderr.write(f"{condition}, {mode}\n")
            results.add(condition, tried(condition, mode, arguments.seed))
    page = results.markdown(chosen)
    sys.stdout.write(page)
    sys.stderr.writelines(f"{line}\n" for line in results.bad)
    if arguments.write:
        PAGE.write_text(page, encoding="utf-8")
    return 1 if results.bad else 0


if __name__ == "__main__":
    sys.exit(main())
