"""What kept an answer from coming, told from the exception that came instead."""

import ssl
from collections.abc import Iterator
from typing import Final

from requests.utils import get_environ_proxies, select_proxy

TUNNEL_FAILED: Final = "Tunnel connection failed: "
"""How the standard library's http.client begins when a proxy refuses; the proxy's status and words follow."""

_DEEPEST: Final = 20


def distrust(error: Exception | None) -> str | None:
    """Why the certificate that a server showed is not trusted; None where that is not what happened."""
    found = (each for each in _wrapped(error) if isinstance(each, ssl.SSLCertVerificationError))
    return next((each.verify_message.rstrip(".") for each in found), None)


def refused_by_proxy(error: Exception | None) -> str | None:
    """With which status and words a proxy refused to connect, as `407 Proxy Authentication Required`."""
    told = (str(each.args[0]) for each in _wrapped(error) if isinstance(each, OSError) and each.args)
    return next((words.removeprefix(TUNNEL_FAILED) for words in told if words.startswith(TUNNEL_FAILED)), None)


def words_of(error: Exception | None) -> str:
    """The system's words for what went wrong, or else the kind of the exception, whose own words may hold anything."""
    said = [each.strerror for each in _wrapped(error) if isinstance(each, OSError) and isinstance(each.strerror, str)]
    return said[-1] if said else type(error).__name__


def proxy_before(url: str) -> str | None:
    """Host and port of the proxy through which a URL is asked for, without name and password; None without a proxy."""
    proxy = select_proxy(url, get_environ_proxies(url))
    # By hand, since a URL that is no URL has a password, too.
    return proxy.rpartition("@")[2].rpartition("//")[2].partition("/")[0] if proxy else None


def _wrapped(error: BaseException | None) -> Iterator[BaseException]:
    # requests and urllib3 wrap the error of a socket, each in its own way.
    for _ in range(_DEEPEST):
        if error is None:
            return
        yield error
        inner = (getattr(error, "reason", None), getattr(error, "original_error", None), *error.args, error.__cause__)
        error = next((each for each in inner if isinstance(each, BaseException)), None)
