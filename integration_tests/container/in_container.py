"""`in_container.py IMAGE [OPTION …] -- VERB …`: a command of the connector in a container, as a platform runs it.

The options are those of `docker run`. Files that are arguments of the verb are mounted, one by one.
"""

import os
import sys

FLAGS = ("--config", "--catalog", "--state")


def main() -> None:
    cut = sys.argv.index("--")
    image, *options = sys.argv[1:cut]
    arguments = sys.argv[cut + 1 :]
    for index, flag in enumerate(arguments[:-1]):
        if flag in FLAGS:
            inside = f"/secrets/{flag.removeprefix('--')}.json"
            options += ["--volume", f"{arguments[index + 1]}:{inside}:ro"]
            arguments[index + 1] = inside
    os.execvp("docker", ["docker", "run", "--rm", *options, image, *arguments])


if __name__ == "__main__":
    main()
