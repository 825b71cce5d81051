"""Draws a page of the user's own data: charts of the dbt models in the schema `support` of a DuckDB file.

    python examples/dashboard.py intercom.duckdb

The models are those of `examples/dbt`; the packages are in `examples/dashboard-requirements.txt`. The page is one HTML
file that loads nothing from anywhere.
"""

import argparse
import secrets
import sys
from pathlib import Path
from typing import Any

import duckdb
import vl_convert
from dashboard_charts import MODELS, Ask, figures, newest_week
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def main() -> None:
    """Writes the page; ends with a sentence and the exit code 1 where the file holds no models."""
    parser = argparse.ArgumentParser(description="Draws charts of the dbt models in a DuckDB file, as an HTML page.")
    parser.add_argument("database", type=Path, help="the DuckDB file in which `dbt build` has run")
    parser.add_argument("page", type=Path, nargs="?", default="dashboard.html", help="what to write (%(default)s)")
    options = parser.parse_args()
    try:
        with duckdb.connect(options.database, read_only=True) as database:
            if missing := missing_models(database):
                sys.exit(
                    f"{options.database} has no {' and no '.join(missing)}: "
                    "run dbt build in examples/dbt on this file first."
                )
            text = page(options.database.name, lambda question: answer(database, question))
    except duckdb.Error as error:
        sys.exit(f"{options.database} cannot be read: {error}")
    options.page.write_text(text, encoding="utf-8")
    print(f"{options.page}: open it in a browser.")  # noqa: T201 - a command


def missing_models(database: duckdb.DuckDBPyConnection) -> list[str]:
    """The models that are not in the file, as `support.<name>`."""
    there = database.execute("SELECT table_schema || '.' || table_name FROM information_schema.tables").fetchall()
    return [model for model in MODELS if (model,) not in there]


def answer(database: duckdb.DuckDBPyConnection, question: str) -> list[dict[str, Any]]:
    """The rows that a query answers, by column."""
    found = database.execute(question)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def page(source: str, ask: Ask) -> str:
    """The page's HTML.

    :param source: the name of what the data come from
    """
    drawn = figures(ask)
    return TEMPLATES.get_template("dashboard.html.jinja").render(
        source=source,
        newest_week=newest_week(ask),
        figures=drawn,
        specifications={each.place: each.specification() for figure in drawn for each in figure.drawings},
        library=Markup(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")),  # noqa: S704 - the library's own code
        nonce=secrets.token_urlsafe(),
    )


if __name__ == "__main__":
    main()
