"""Certificates, with which the sandbox serves HTTPS as Intercom does."""

from dataclasses import dataclass
from pathlib import Path

import certifi
import trustme


@dataclass(frozen=True)
class Certificates:
    """Two files: the server's `own` certificate with its key, and those that clients have to trust.

    The latter holds all the usual certificate authorities too, as it takes its time to load them.
    """

    own: Path
    trusted: Path


def issue(directory: Path, host: str) -> Certificates:
    """New certificates for a host, signed by an authority that nobody else trusts."""
    authority = trustme.CA()
    certificates = Certificates(directory / "server.pem", directory / "trusted.pem")
    authority.issue_cert(host, "localhost").private_key_and_cert_chain_pem.write_to_path(str(certificates.own))
    certificates.trusted.write_text(certifi.contents())
    authority.cert_pem.write_to_path(str(certificates.trusted), append=True)
    return certificates
