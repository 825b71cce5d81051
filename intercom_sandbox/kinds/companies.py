"""Companies, and what belongs to them."""

from intercom_sandbox.data.companies import Companies
from intercom_sandbox.data.nested import Tags
from intercom_sandbox.kind import Inside, Kind, Path
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
    Kind(
        "company_tags",
        nested=Inside("companies", {"company_id": "id"}, ("tags", "tags"), Tags),
        key=("company_id", "id"),
    ),
)
