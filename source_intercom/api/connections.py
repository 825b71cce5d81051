"""Connections to Intercom: kept open, encrypted by one TLS context, and never waited for without end."""

import ssl
from pathlib import Path
from threading import Lock
from typing import Any

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests.adapters import DEFAULT_CA_BUNDLE_PATH, HTTPAdapter
from urllib3 import ProxyManager
from urllib3.util import create_urllib3_context

from source_intercom.api.deadline import POOLS
from source_intercom.api.sentences import BAD_CERTIFICATES


class Socket(ssl.SSLSocket):
    """Sets its timeout only to another one: a thread that sets one lets others run first, and urllib3 sets it twice for
    every request.
    """

    def settimeout(self, value: float | None) -> None:
        """Seconds for which reads and writes wait; None for as long as it takes."""
        if value != self.gettimeout():
            super().settimeout(value)


class Connections(HTTPAdapter):
    """Keeps up to `most` connections open, all of which check the server against the same certificates.

    With requests' own adapter every connection would load them anew, and keep them (docs/benchmarks.md).

    :param pools: classes of pools, by scheme
    """

    def __init__(self, most: int, pools: dict[str, type] = POOLS) -> None:
        super().__init__(pool_connections=1, pool_maxsize=most)
        self._pools = pools
        self.poolmanager.pool_classes_by_scheme = pools
        self._tls: ssl.SSLContext | None = None
        self._lock = Lock()

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """The pools of connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        if isinstance(manager, ProxyManager):  # one for SOCKS has connections of its own
            manager.pool_classes_by_scheme = self._pools
        return manager

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str | None, cert: Any = None
    ) -> tuple[Any, Any]:
        """Where a request goes, and the context that its connection shares with the others.

        :param verify: a file or folder of certificates; all else stands for those that requests comes with
        :raises AirbyteTracedException: a config error if the certificates cannot be read
        """
        # True, as it would look for the file at every request.
        host, _ = super().build_connection_pool_key_attributes(request, True, cert)
        return host, {"ssl_context": self._shared(verify)} if host["scheme"] == "https" else {}

    def cert_verify(self, conn: Any, url: str, verify: bool | str | None, cert: Any) -> None:
        """Nothing: it would have each connection load the certificates that the context has loaded."""

    def _shared(self, verify: bool | str | None) -> ssl.SSLContext:
        with self._lock:
            if self._tls is None:
                self._tls = _context(Path(verify if isinstance(verify, str) else DEFAULT_CA_BUNDLE_PATH))
            return self._tls


def _context(certificates: Path) -> ssl.SSLContext:
    context = create_urllib3_context()
    context.sslsocket_class = Socket
    try:
        if certificates.is_dir():
            context.load_verify_locations(capath=certificates)
        else:
            context.load_verify_locations(cafile=certificates)
    except OSError as error:
        sentence = BAD_CERTIFICATES.format(path=certificates)
        raise AirbyteTracedException(sentence, sentence, FailureType.config_error) from error
    return context
