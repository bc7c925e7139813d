"""Where a member's browser may be sent with a code: the tricks with ``redirect_uri`` end here (SEC-088, AP-536)."""

import re
from urllib.parse import urlencode, urlsplit

from vocab import iri as iris

REDIRECT_CHARS_MAX = 2_048

_PLAIN = re.compile(r"[!-~]+")
_LOOPBACK = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\]|localhost))(?::([1-9][0-9]{0,4}))?((?:[/?].*)?)")
_PRIVATE_USE = re.compile(r"[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:.+")


def is_acceptable(uri: str) -> bool:
    """Tell whether a client may register an address (RFC 8252 §7, RFC 9700 §2.1).

    https anywhere, http on this machine for a native application, or a private-use scheme, which has a
    dot in it; no fragment, user information, wildcard, nor a character that is read in two ways.
    """
    if len(uri) > REDIRECT_CHARS_MAX or not _PLAIN.fullmatch(uri) or any(char in uri for char in '#*\\"<>'):
        return False
    loopback = _LOOPBACK.fullmatch(uri)
    if loopback is not None:
        return int(loopback[2] or 80) < 65_536
    if uri.startswith("https://"):
        return iris.is_http(uri)
    return _PRIVATE_USE.fullmatch(uri) is not None


def matches(asked: str, registered: str) -> bool:
    """Tell whether an address is the registered one, character by character; on loopback the port is free."""
    if asked == registered:
        return True
    one, other = _LOOPBACK.fullmatch(asked), _LOOPBACK.fullmatch(registered)
    if one is None or other is None or not is_acceptable(asked):
        return False
    return (one[1], one[3]) == (other[1], other[3])


def with_answer(uri: str, answer: dict[str, str]) -> str:
    """Return an address with the parameters of an answer behind those it has (RFC 6749 §4.1.2)."""
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(answer)}"


def shown(uri: str) -> str:
    """Return what a member is told of where they will be sent: a host, or an application's own scheme."""
    parts = urlsplit(uri)
    return parts.netloc or f"{parts.scheme}:"


def form_source(uri: str) -> str:
    """Return the CSP source that lets a form end at an address (SEC-063); addresses in brackets have none."""
    parts = urlsplit(uri)
    has_source = parts.scheme in ("http", "https") and "[" not in parts.netloc
    return f"{parts.scheme}://{parts.netloc}" if has_source else f"{parts.scheme}:"
