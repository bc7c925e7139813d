"""The credentials that a request to the Feeds API presents (Feeds §2.1, §2.2, §2.4). Nothing is believed yet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from federation.signatures import Incoming
from server.auth.feeds.errors import BadCredentials, UnknownKey

TOKEN: Final = "jwt"  # noqa: S105 - the name of a scheme
SCHEMES: Final = ("stream-auth-type", "auth_type")
SIGNATURE: Final = "signature "
FIELDS: Final = {name.encode(): name for name in ("x-api-key", "authorization", "stream-auth-type")}
"""The header fields that credentials are in."""

REMEMBERED: Final = 1_024
REMEMBERED_CHARS_MAX: Final = 2_048
"""So many are kept as they were read, none longer than this: programs present the same ones again and again."""


@dataclass(frozen=True, slots=True)
class Presented:
    """A key, and the token or else the HTTP signature that goes with it."""

    api_key: str
    token: str = field(default="", repr=False)
    signature: str = field(default="", repr=False)


def read(incoming: Incoming, query: Iterable[tuple[str, str]]) -> Presented:
    """Read the credentials of a request whose query parameters are given as well.

    Raises UnknownKey without exactly one key, BadCredentials without exactly one token or signature.
    """
    sent, given = _sent(incoming), tuple(query)
    short = sum(len(name) + len(value) for name, value in (*sent, *given)) <= REMEMBERED_CHARS_MAX
    return _remembered(sent, given) if short else _read(sent, given)


Pairs = tuple[tuple[str, str], ...]


@lru_cache(REMEMBERED)
def _remembered(sent: Pairs, query: Pairs) -> Presented:
    return _read(sent, query)


def _read(fields: Pairs, query: Pairs) -> Presented:
    given: dict[str, set[str]] = {}
    for name, value in query:
        given.setdefault(name, set()).add(value)
    sent: dict[str, list[str]] = {}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    keys = given.get("api_key", set()).union(sent.get("x-api-key", ()))
    if len(keys) != 1 or not (key := keys.pop()):
        raise UnknownKey("exactly one api_key is required")
    if "authorization" in sent:
        return _in_header(key, sent)
    if not any(TOKEN in given.get(scheme, ()) for scheme in SCHEMES):
        raise BadCredentials("a token is required")
    return Presented(key, token=_only(given.get("authorization", ())))


def _sent(incoming: Incoming) -> Pairs:
    """Return the header fields that credentials are in; each request pays for it, so the others are not looked at."""
    return tuple(
        [
            (field, value.decode("latin-1").strip(" \t"))
            for name, value in incoming.headers
            if (field := FIELDS.get(name.lower())) is not None
        ]
    )


def _in_header(key: str, sent: dict[str, list[str]]) -> Presented:
    value = _only(sent["authorization"])
    if value.lower().startswith(SIGNATURE):
        return Presented(key, signature=value[len(SIGNATURE) :])
    scheme = sent.get("stream-auth-type", [TOKEN])
    if [one.lower() for one in scheme] != [TOKEN]:
        raise BadCredentials(f"stream-auth-type must be {TOKEN}")
    return Presented(key, token=value[7:].strip() if value[:7].lower() == "bearer " else value)


def _only(values: Iterable[str]) -> str:
    values = list(values)
    if len(values) != 1 or not values[0]:
        raise BadCredentials("exactly one token is required")
    return values[0]
