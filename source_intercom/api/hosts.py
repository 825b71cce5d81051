"""Where Intercom's API lives, and the one version of it that the connector speaks."""

import os
from typing import Final, Literal

Region = Literal["US", "EU", "AU"]

VERSION_HEADER: Final = "Intercom-Version"

API_VERSION: Final = "2.16"
"""Sent as `Intercom-Version` on every request; a string, as 2.10 and 2.1 are two versions (API notes 1.1)."""

HOSTS: Final[dict[Region, str]] = {
    "US": "https://api.intercom.io",
    "EU": "https://api.eu.intercom.io",
    "AU": "https://api.au.intercom.io",
}
"""The API's host in each region where Intercom keeps workspaces (API notes 2.0, 7.5)."""

URL_VARIABLE: Final = "INTERCOM_API_URL"


def api_url(region: Region) -> str:
    """The base URL of the API, ending in a slash.

    Only the environment variable INTERCOM_API_URL can point elsewhere (to the sandbox): whoever
    may edit a connection's configuration must not be able to send its token to another host.
    """
    return (os.environ.get(URL_VARIABLE) or HOSTS[region]).rstrip("/") + "/"
