"""What requests of whole lists leave out of them, for the lists that take parameters."""

from intercom_sandbox.asked import Asked
from intercom_sandbox.errors import ApiError, invalid
from intercom_sandbox.store import Object


def segments(asked: Asked, items: list[Object]) -> list[Object]:
    """Those of people, or with ``type=company`` those of companies; ``include_count`` (API notes 3.8, 14)."""
    companies = asked.parameter("type") == "company"
    of_companies = asked.state.workspace.generator.cast.company_segments
    chosen = [segment for segment in items if (segment["id"] in of_companies) is companies]
    if asked.parameter("include_count") != "true":
        for segment in chosen:
            del segment["count"]
    return chosen


def data_attributes(asked: Asked, items: list[Object]) -> list[Object]:
    """Those of a ``model``, archived ones with ``include_archived`` (API notes 5b)."""
    model, archived = asked.parameter("model"), asked.parameter("include_archived") == "true"
    if model == "conversation" and asked.version >= (2, 16):
        message = "model=conversation is no longer supported. Use GET /conversations/attributes instead"
        raise ApiError(422, "parameter_invalid", message)
    if model not in (None, "contact", "company", "conversation"):
        raise invalid(f"Unknown model {model}")
    return [each for each in items if model in (None, each["model"]) and (archived or not each["archived"])]


def conversation_attributes(asked: Asked, items: list[Object]) -> list[Object]:
    """Those that are not archived, or all with ``include_archived`` (API notes 5b)."""
    archived = asked.parameter("include_archived") == "true"
    return [each for each in items if archived or not each["archived"]]
