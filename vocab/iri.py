"""Identifiers: one canonical form to compare, block, dedupe and connect with (SEC-040).

The form a document was sent with is kept for display; every comparison goes through ``canonical``.
"""

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote
from uuid import NAMESPACE_OID, uuid5

import idna

from vocab.errors import BadIri

IRI_CHARS_MAX = 2_048
"""Longer ids and links are refused (limits of the security rules)."""
IRI_BYTES_MAX = 2_048
"""So are those of few characters with many bytes: no index would take them."""

_ORDINARY = re.compile(
    r"https://(?=[^/]{1,253}(?:/|\Z))"  # the whole name
    r"(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!xn--)[a-z]{2,63}"  # its labels
    r"(?:/[!#-;=?-\[\]-~]*)?"
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.+)", re.DOTALL)
_UNSAFE = re.compile(
    r'[\x00-\x20\x7f-\xa0\\<>"\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ud800-\udfff]'
)
_UNWRITABLE = re.compile(
    r"[\x00-\x20\x7f-\xa0<>\"{}|\\^`\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ud800-\udfff]"
    r"|%(?![0-9A-Fa-f]{2})"
)
_AUTHORITY = re.compile(r"//([^/?#]*)(.*)", re.DOTALL)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DEFAULT_PORTS = {"http": "80", "https": "443"}


@lru_cache(maxsize=8_192)
def canonical(iri: str) -> str:
    """Return the one form of an IRI that is compared (SEC-040); raise BadIri when it has none.

    Scheme and host in lower case, IDNA as ASCII, no default port, no trailing dot; path, query and
    fragment untouched (AP-062). Schemes other than http and https stay opaque (AP-752).
    """
    if len(iri) > IRI_CHARS_MAX or len(iri.encode(errors="replace")) > IRI_BYTES_MAX:
        raise BadIri(iri, "too long")
    if _ORDINARY.fullmatch(iri):
        return iri
    if _UNSAFE.search(iri):
        raise BadIri(iri, "control, space or forbidden character")
    parts = _SCHEME.fullmatch(iri)
    if parts is None:
        raise BadIri(iri, "not absolute")
    scheme, rest = parts[1].lower(), parts[2]
    if scheme not in _DEFAULT_PORTS:
        return f"{scheme}:{rest}"
    located = _AUTHORITY.fullmatch(rest)
    if located is None:
        raise BadIri(iri, "no host")
    return f"{scheme}://{_authority(scheme, located[1])}{located[2]}"


@lru_cache(maxsize=8_192)
def _authority(scheme: str, authority: str) -> str:
    """Return the canonical ``host`` or ``host:port``; paths are many, hosts few."""
    iri = f"{scheme}://{authority}"
    if "@" in authority:
        raise BadIri(iri, "user information in the host")
    bracket = authority.rfind("]")
    name, colon, port = authority[bracket + 1 :].partition(":")
    name = authority[: bracket + 1] + name
    if (
        colon
        and port
        and not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65_536)
    ):
        raise BadIri(iri, "bad port")
    port = port.lstrip("0")
    host_name = _address(iri, name) if name.startswith("[") else _name(iri, name)
    return f"{host_name}:{port}" if port and port != _DEFAULT_PORTS[scheme] else host_name


def _address(iri: str, name: str) -> str:
    """Spell an IPv6 address in brackets, in its shortest form."""
    try:
        address = IPv6Address(name[1:-1] if name.endswith("]") else "")
    except AddressValueError as error:
        raise BadIri(iri, "bad IPv6 address") from error
    if address.scope_id is not None:
        raise BadIri(iri, "zone in an address")
    return f"[{address.compressed}]"


def _name(iri: str, name: str) -> str:
    """Spell a host name as ASCII labels, or a dotted IPv4 address; refuse other spellings of numbers."""
    ascii_name = name.lower() if name.isascii() else _ascii(iri, name)
    ascii_name = ascii_name.removesuffix(".")
    labels = ascii_name.split(".")
    if len(ascii_name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadIri(iri, "bad host name")
    if _NUMERIC_LABEL.fullmatch(labels[-1]):
        return _dotted(iri, ascii_name)
    if "xn--" in ascii_name and _ascii(iri, _unicode(iri, ascii_name)) != ascii_name:
        raise BadIri(iri, "host name does not survive IDNA")
    return ascii_name


def _dotted(iri: str, name: str) -> str:
    """Accept only the dotted-quad spelling, so that everyone connects to the same address."""
    try:
        return str(IPv4Address(name))
    except AddressValueError as error:
        raise BadIri(iri, "a number for a host") from error


def _ascii(iri: str, name: str) -> str:
    """Map a name to ASCII by UTS 46, non-transitional."""
    try:
        return idna.encode(name, uts46=True, std3_rules=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError, ValueError, IndexError) as error:
        raise BadIri(iri, "bad international host name") from error


def _unicode(iri: str, name: str) -> str:
    try:
        return idna.decode(name)
    except (idna.IDNAError, UnicodeError, ValueError, IndexError) as error:
        raise BadIri(iri, "bad international host name") from error


@lru_cache(maxsize=8_192)
def origin(iri: str) -> str:
    """Return ``scheme://host[:port]`` of an http(s) IRI; raise BadIri for any other."""
    form = canonical(iri)
    if not form.startswith(("https://", "http://")):
        raise BadIri(iri, "not http")
    scheme, _, rest = form.partition("://")
    return f"{scheme}://{re.split('[/?#]', rest, maxsplit=1)[0]}"


def host(iri: str) -> str:
    """Return the canonical host, with the port when it is not the scheme's own (SEC-012, SEC-040)."""
    return origin(iri).partition("://")[2]


def same_origin(first: str, second: str) -> bool:
    """Tell whether two IRIs share scheme, host and port; one that cannot be read shares with nobody."""
    try:
        return origin(first) == origin(second)
    except BadIri:
        return False


def is_http(iri: str) -> bool:
    """Tell whether this is an http or https IRI with a usable host (SEC-045)."""
    try:
        return canonical(iri).startswith(("https://", "http://"))
    except BadIri:
        return False


def written(iri: str) -> str:
    """Return an IRI as documents may have it: what may stand in none is percent-encoded (RFC 3987 §2.2)."""
    return _UNWRITABLE.sub(lambda found: quote(found[0], safe="", errors="replace"), iri)


def as_ascii(iri: str) -> str:
    """Return an http(s) IRI as formats have it that know ASCII alone (RFC 3986); raise BadIri for one without host."""
    return quote(written(canonical(iri)), safe="!#$%&'()*+,-./:;=?@[]_~")


def identifier(name: str) -> str:
    """Return a name as an IRI (RFC 4287 §4.2.6): one that is none stands for a UUID that follows from it."""
    return written(name) if _SCHEME.fullmatch(name) else uuid5(NAMESPACE_OID, name).urn


def without_fragment(iri: str) -> str:
    """Return what is fetched to find the node a fragment id names (AP-062)."""
    return iri.partition("#")[0]


def as_uri(iri: str) -> str:
    """Map an IRI to the URI that is dereferenced (AP-019, RFC 3987 §3.1)."""
    return quote(canonical(iri), safe="!#$%&'()*+,-./:;=?@[]^_`{|}~")
