"""What must never be printed: tokens, client secrets and proxies' passwords, however somebody quotes them.

The CDK replaces secrets in all logs and in the error that ends a process. It is told every form of ours here; the
traces of streams and the outcome of a check, which it leaves as they are, go through `without_secrets` and `mask`.
"""

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from urllib.parse import quote, unquote

from airbyte_cdk.models import AirbyteMessage, AirbyteTraceMessage, Type
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets, update_secrets

PIECE: Final = 8
"""Characters in a row of a secret that are replaced, too: a quotation may be cut off. Fewer of them tell nothing."""


def hide(secrets: Iterable[str | None], proxies: Iterable[str] = ()) -> None:
    """From now on, hide these secrets, whole and in pieces, and the passwords in the proxies' URLs, whole.

    A process has one set of secrets: those of the connection that was made last.
    """
    known = [secret for secret in secrets if secret]
    forms = {form for secret in known for form in _forms(secret)}
    forms |= {form for proxy in proxies for form in _proxy_forms(proxy)}
    pieces = {form[i : i + PIECE] for secret in known for form in _forms(secret) for i in range(len(form) - PIECE + 1)}
    # Longest first: a replaced part would keep the whole from being found.
    update_secrets([*sorted(forms, key=len, reverse=True), *sorted(pieces - forms)])


def mask(text: str) -> str:
    """The text with asterisks in the place of secrets."""
    return filter_secrets(text)


def without_secrets(
    messages: Iterable[AirbyteMessage], note: Callable[[AirbyteTraceMessage], None]
) -> Iterator[AirbyteMessage]:
    """The messages, with secrets replaced in what error traces say; records and states are handed on as they are.

    :param note: is called with each trace
    """
    for message in messages:
        if message.type is Type.TRACE and message.trace:
            if error := message.trace.error:
                error.message = mask(error.message)
                error.internal_message = mask(error.internal_message or error.message)
                error.stack_trace = mask(error.stack_trace or "")
            note(message.trace)
        yield message


def _forms(secret: str) -> set[str]:
    """How a server or a library may write it: in a URL, in JSON, in HTML, in base64."""
    in_url, in_json = quote(secret, safe=""), json.dumps(secret)[1:-1]
    in_lower_case = re.sub("%..", lambda escape: escape[0].lower(), in_url)
    in_base64 = base64.b64encode(secret.encode()).decode().rstrip("=")
    return {secret, in_url, in_lower_case, in_json, in_json.replace("/", r"\/"), html.escape(secret), in_base64}


def _proxy_forms(proxy: str) -> set[str]:
    # Also of a URL that cannot be taken apart: what stands between the slashes and the last @ is name and password.
    login = proxy.rpartition("@")[0].rpartition("//")[2]
    _, _, password = login.partition(":")
    if not password:
        return set()
    whole = {f"{login}@", f"{unquote(login)}@", *_forms(unquote(login))}
    # A word of two letters would be found everywhere.
    return whole | (_forms(unquote(password)) if len(unquote(password)) >= 4 else set())
