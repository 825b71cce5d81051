"""Companies, and what belongs to them."""

from intercom_sandbox.data.companies import Companies
from intercom_sandbox.kind import Kind, Path
from intercom_sandbox.scopes import USERS
from intercom_sandbox.shapes import Scrolled

ROWS = (
    Kind(
        "companies",
        (Path("/companies/scroll", Scrolled(), USERS),),
        stage=1,
        builder=lambda generator: Companies(generator.seed, generator.cast).make,
        reference=lambda item: item["id"],
    ),
)
