"""Messages that quote the request which they answer, as servers do that print all they got."""

from base64 import b64encode
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import Scope


def quoting(scope: Scope, message: str | None) -> str | None:
    """A message with the request's Authorization header in the place of ``{authorization}``.

    ``{encoded}`` stands for it as a URL has it, ``{base64}`` for its token in base64, ``{half}`` for half of the token.
    """
    header = Headers(scope=scope).get("authorization", "")
    token = header.partition(" ")[2]
    forms = {
        "{authorization}": header,
        "{encoded}": quote(header, safe=""),
        "{base64}": b64encode(token.encode()).decode(),
        "{half}": token[: len(token) // 2],
    }
    for name, form in forms.items():
        message = message and message.replace(name, form)
    return message
