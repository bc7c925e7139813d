"""Which page was seen, and where its reader came from: the aspect ``pageview`` (Events §7.13)."""

from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from vocab.dialects.events.aspects import kinds
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.involved import relations
from vocab.dialects.events.aspects.kinds import between, free, text, whole
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.messages import Role
from vocab.dialects.events.problems import INVALID
from vocab.dialects.events.references import ID_BYTES_MAX, Ref
from vocab.dialects.events.roletypes import ROLES

METHODS: Final = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"})
PARAMETERS_MAX: Final = 200
DEFAULTS: Final = {"method": "GET", "response_code": 200, "protocol": "HTTP"}


def _method(value: Any, host: Host, field: str) -> str | None:
    found = kinds.upper(value, host, field)
    if found is not None and found not in METHODS:
        host.problems.error(INVALID, field, f"must be one of {', '.join(sorted(METHODS))}")
        return None
    return found


def _keywords(value: Any, host: Host, field: str) -> list[str] | None:
    words = [word.strip() for word in value.split(",")] if isinstance(value, str) else value
    return kinds.texts(words, host, field)


PAGEVIEW: Final = Shape(
    {
        **dict.fromkeys(("path", "referrer", "protocol", "title", "type", "section"), text),
        "path_properties": free,
        "referrer_properties": free,
        "keywords": _keywords,
        "method": _method,
        "response_code": whole,
        "duration": between(0, kinds.NUMBER_MAX),
        "size": between(0, kinds.NUMBER_MAX),
        "categories": kinds.texts,
        "page_content": relations,
        "properties": free,
    },
    {"url": "path", "referer": "referrer"},
    required=("path",),
    shorthand="path",
)


def pageview(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read the view of a page: its queries are taken apart, the page and the referring domain take part."""
    found = PAGEVIEW(value, host, field)
    if found is None or "path" not in found:
        return found
    for name in ("path", "referrer"):
        if name in found:
            found[name], asked = taken_apart(found[name])
            asked |= found.get(f"{name}_properties", {})
            if asked:
                found[f"{name}_properties"] = asked
    page, domain = page_of(found["path"]), host_of(found.get("referrer", ""))
    if page:
        host.takes_part(Role(ROLES.paths["VIEWED"], Ref("ASWebPage", page), derived=True))
    if domain:
        host.takes_part(Role(ROLES.paths["REFERRED"], Ref("ASWebDomain", domain), derived=True))
    return DEFAULTS | found


def taken_apart(address: str) -> tuple[str, dict[str, Any]]:
    """Return an address without its query, and the query's parameters; one that is given twice has a list."""
    path, mark, rest = address.strip().partition("?")
    query, sharp, fragment = rest.partition("#")
    asked: dict[str, Any] = {}
    for name, value in _parameters(query):
        before = asked.get(name)
        asked[name] = (
            value if name not in asked else [*(before if isinstance(before, list) else [before]), value]
        )
    return (path + sharp + fragment if mark else path) or "/", asked


def _parameters(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=PARAMETERS_MAX)
    except ValueError:
        return parse_qsl("&".join(query.split("&", PARAMETERS_MAX)[:PARAMETERS_MAX]), keep_blank_values=True)


def page_of(address: str) -> str:
    """Return what names a page: its host and path."""
    try:
        parts = urlsplit(address.partition("?")[0].partition("#")[0])
    except ValueError:
        return ""
    name = f"{host_of(address)}{parts.path or '/'}" if parts.netloc else parts.path
    return (
        "" if "\0" in name else name.strip().encode(errors="replace")[:ID_BYTES_MAX].decode(errors="ignore")
    )


def host_of(address: str) -> str:
    """Return the host of an address; one without a scheme may be a host alone. Empty when there is none."""
    try:
        parts = urlsplit(address.strip() if "//" in address else f"//{address.strip()}")
        found = (parts.hostname or "").lower()
    except ValueError:
        return ""
    return found if found and "." in found and " " not in found and len(found) <= 255 else ""
