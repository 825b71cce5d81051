"""Keeps other web pages from steering the sandbox: any page that a browser shows can send requests to this machine."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from intercom_sandbox.errors import ApiError, error_response
from intercom_sandbox.state import State

_SAFE = ("GET", "HEAD")


class Guard:
    """ASGI layer in front of what needs no token. Clients that are no browsers notice nothing of it.

    - A request that changes something and comes from a page of another origin is refused: browsers say so, and scripts
      cannot change it. What only reads they keep from other origins by themselves.
    - A request to a name with dots is refused, unless the server listens under it: whoever owns such a name can let it
      lead to this machine, and then a browser takes his page and the sandbox for one origin (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, state: State) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers 403 ``forbidden``."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        name = urlsplit(f"//{host}").hostname or ""
        if not (_cannot_be_rebound(name) or name == self._state.settings.host.lower()):
            await _refuse(f"Use the address of the sandbox, or start it with --host {name}", scope, receive, send)
        elif scope["method"] not in _SAFE and _is_foreign(headers, f"{scope['scheme']}://{host}"):
            await _refuse("Pages of other origins must not steer the sandbox", scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _cannot_be_rebound(name: str) -> bool:
    """Whether no stranger can own a name: it is an address, or has no dots, such as ``localhost``."""
    try:
        ip_address(name)
    except ValueError:
        return "." not in name
    return True


def _is_foreign(headers: Headers, own: str) -> bool:
    """Whether a request comes from a page of another origin than the sandbox's own.

    ``Sec-Fetch-Site`` is what the browser itself has found, also where something in between has changed the address;
    it is absent from older browsers, and on pages that came neither by HTTPS nor from this machine.
    """
    site = headers.get("sec-fetch-site")
    return site not in ("same-origin", "none") if site else headers.get("origin", own) != own


async def _refuse(message: str, scope: Scope, receive: Receive, send: Send) -> None:
    await error_response(scope, ApiError(403, "forbidden", message))(scope, receive, send)
