"""Write the pages that are stale."""

from scripts.pages.blocks import pages
from scripts.pages.catalogue import ROOT


def main() -> None:
    """Write each page that is not what it should be, and name it."""
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))  # noqa: T201


if __name__ == "__main__":
    main()
