"""The dbt project of the examples, as far as it needs no dbt."""

import yaml

from unit_tests.contracts import STREAMS
from unit_tests.pages import ROOT, read

SOURCES = ROOT / "examples" / "dbt" / "models" / "staging" / "_sources.yml"


def test_sources_are_streams() -> None:
    """A model of any other would be empty for ever."""
    (source,) = yaml.safe_load(read(SOURCES))["sources"]
    names = [table["name"] for table in source["tables"]]
    assert set(names) <= set(STREAMS)
    assert names == sorted(set(names))
