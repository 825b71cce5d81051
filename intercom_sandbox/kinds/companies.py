"""Companies, and what belongs to them."""

from intercom_sandbox.data.beside import CompanyNotes, CompanySegments, list_company_notes
from intercom_sandbox.data.companies import Companies
from intercom_sandbox.data.nested import Tags
from intercom_sandbox.errors import ApiError
from intercom_sandbox.kind import Beside, Inside, Kind, Path
from intercom_sandbox.pages import Next, Numbered, newest_first_of_parent
from intercom_sandbox.scopes import ONE_USER, USERS
from intercom_sandbox.shapes import Scrolled, Single, WholeOfParent


def _no_company(item_id: str) -> Exception:
    return ApiError(404, "company_not_found", "Company Not Found")


ROWS = (
    Kind(
        "companies",
        (
            Path("/companies/scroll", Scrolled(), USERS),
            Path("/companies/{id}", Single(_no_company), ONE_USER),
        ),
        stage=1,
        builder=lambda generator: Companies(generator.seed, generator.cast).make,
        reference=lambda item: item["id"],
    ),
    Kind(
        "company_tags",
        nested=Inside("companies", {"company_id": "id"}, ("tags", "tags"), Tags),
        key=("company_id", "id"),
    ),
    Kind(
        "company_notes",
        (
            Path(
                "/companies/{id}/notes",
                Numbered(
                    newest_first_of_parent(lambda _, item_id: _no_company(item_id)),
                    Next.URL_OR_NULL,
                    per_page=50,
                    most=60,
                ),
                ONE_USER,
            ),
        ),
        nested=Beside("companies", {"company_id": "id"}, CompanyNotes, settle=list_company_notes),
        visible="body",
    ),
    Kind(
        "company_segments",
        (Path("/companies/{id}/segments", WholeOfParent("list", "data", _no_company), ONE_USER),),
        nested=Beside("companies", {"company_id": "id"}, CompanySegments),
        key=("company_id", "id"),
    ),
)
