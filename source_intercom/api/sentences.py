"""What errors say: what happened and what to do, in one sentence each.

{permission}, {message}, {answer}, {status} and {proxy} are filled in by the rules of errors.py, the others by whoever
raises the error.
"""

from typing import Final

ISSUES: Final = "https://github.com/airbytehq/airbyte/issues"
"""Where to report what should not happen: as in pyproject.toml, of which the image holds nothing."""

BAD_CREDENTIALS: Final = (
    "Intercom refused the access token ({message}): it is wrong, was revoked, or belongs to a workspace in another "
    "region; authenticate again, or correct the region."
)
NOT_PERMITTED: Final = (
    "The access token lacks {permission} ({message}); grant it to the app in Intercom's Developer Hub "
    "and authenticate again, or deselect the streams that need it."
)
NOT_IN_PLAN: Final = (
    "The workspace's Intercom plan does not include this data ({message}); deselect the stream or change the plan."
)
NOT_INTERCOM: Final = (
    "Something between the connector and Intercom, such as a firewall or the workspace's list of allowed IP addresses, "
    "answered {answer}; let the connector pass there."
)
COLUMN_REFUSED: Final = (
    "Intercom refuses this workspace the parameter {flags}, without which the stream would have no rows; "
    "deselect the stream."
)
OLD_VERSION: Final = (
    "Intercom no longer serves the API version that this connector uses ({message}); update the connector."
)
NEWER_VERSION_REFUSED: Final = (
    "Intercom does not offer this workspace the version of its API that the stream needs ({message}); "
    "deselect the stream."
)
TOO_FAST: Final = (
    "Intercom's rate limit is used up ({message}), by this sync or by other apps of the workspace; "
    "trying again later helps."
)
UNAVAILABLE: Final = "Intercom answered {answer} several times in a row; trying again later helps."
BAD_BODY: Final = "Intercom answered with an empty or broken body several times in a row; trying again later helps."
NOT_TRUSTED: Final = (
    "The certificate that Intercom's address showed is not trusted ({message}); if a proxy shows its own there, "
    "name the file of its certificate authority in REQUESTS_CA_BUNDLE."
)
BAD_CERTIFICATES: Final = (
    "The certificates in {path}, which REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names, cannot be read; "
    "correct the variable, or unset it."
)
NO_ANSWER: Final = "Intercom could not be reached ({message}); check the network, or try again later."
LOST: Final = "Intercom's search for {name} loses its way again and again; trying again later helps."
MISSED: Final = "Intercom answered 404 to a search, as it does where a record in it is gone; trying again later helps."
CONTRADICTED: Final = (
    "Intercom answers 404 to {parents} that it still finds; try again later, and see whether a proxy or firewall gives "
    "these answers."
)
VANISHED: Final = (
    "Intercom answers 404 to {gone} of {asked} {parents} that it had found, more than can have been deleted "
    "meanwhile; try again later, and see whether a proxy or firewall gives these answers."
)
UNDELIVERED: Final = "Intercom does not deliver {what}; all else was read, and the next sync asks for it again."
UNKNOWN_TYPES: Final = (
    "The option custom_object_types names {types}, which Intercom does not know as types of custom objects; correct "
    "it there, upper and lower case included, or remove it."
)
HALF_A_TYPE: Final = (
    "Intercom does not know the type {type} of custom objects any more, although it had listed some; "
    "trying again later helps."
)
PROXY_LOGIN: Final = (
    "The proxy {proxy} did not take the connector's name and password, or was given none ({message}); "
    "correct them in HTTPS_PROXY."
)
PROXY_REFUSED: Final = "The proxy {proxy} refused to connect to Intercom ({message}); allow it there."
PROXY_ADDRESS: Final = "The address of the proxy {proxy} makes no sense ({message}); correct HTTPS_PROXY."
PROXY_DOWN: Final = (
    "No connection came about through the proxy {proxy} ({message}); check it and HTTPS_PROXY, or try again later."
)
REDIRECTED: Final = (
    "Intercom's address answered with a redirect to {message}, which the connector does not follow; "
    "correct the region, the proxy or INTERCOM_API_URL, whichever leads there."
)
TOO_LARGE: Final = (
    "Intercom answered with a body of more than 64 MB, far more than it ever sends; trying again later helps."
)
NO_ROOM: Final = (
    "The directory for temporary files, {directory}, cannot take {what} ({reason}); make room there, or name another "
    "one in the environment variable TMPDIR."
)
EXPORT_FAILED: Final = "Intercom could not make the export that it was asked for; trying again later helps."
EXPORT_ENDLESS: Final = "Intercom has not made the export within {hours} hours; trying again later helps."
EXPORT_HELD: Final = (
    "Intercom makes no more exports for this workspace at the same time ({message}), and did not for {hours} hours; "
    "stop the other client that asks for them, or try again later."
)
EXPORT_LOST: Final = "Intercom's export was {reason}, as often as it was asked for; trying again later helps."
REFUSED: Final = (
    f"Intercom refused a request of the connector with status {{status}} ({{message}}); please report this at {ISSUES}."
)


def says(error: Exception, *sentences: str) -> bool:
    """Whether an error says one of these sentences, whatever they are filled in with."""
    return str(error).startswith(tuple(sentence.partition("{")[0] for sentence in sentences))
