"""What may be a public origin (SEC-059, SEC-119)."""

import ipaddress
from urllib.parse import urlsplit

from vocab import BadIri, iri


def public_origin(value: str) -> str:
    """Return the canonical form of ``https://host[:port]``; plain http is for this machine and for tests."""
    try:
        parts = urlsplit(value)
        origin = iri.origin(value)
    except (ValueError, BadIri) as error:
        raise ValueError(f"expected an origin such as https://example.org ({error})") from None
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(
            "expected an origin such as https://example.org, with nothing after the host and port"
        )
    host = parts.hostname or ""
    if parts.scheme.lower() == "http" and not (is_loopback(host) or host.endswith(".test")):
        raise ValueError(
            "expected https:// (plain http is for localhost, loopback addresses and .test names)"
        )
    return origin


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself, by name or by number."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
