"""From what a request presents to who calls, and in which tenant (Events §1.1, §1.2)."""

import json
import re
from collections.abc import Iterable
from typing import Final

from server.auth.events.caller import Caller
from server.auth.events.errors import Denied, UnknownKey
from server.auth.events.keys import Keys
from storage.eventskeys import EventsKey
from storage.tenants import Tenant

PARAMETERS: Final = frozenset(("apikey", "api_key"))
HEADER: Final = b"x-api-key"
BEARER: Final = "bearer "
KEY_CHARS_MAX: Final = 256

_ADDRESS: Final = re.compile(r"[\d.]+(?::\d+)?|\[.*")


def presented(headers: Iterable[tuple[bytes, bytes]], query: Iterable[tuple[str, str]]) -> str | None:
    """Return the key that a request presents; None when it has none. Raises UnknownKey for several."""
    keys = {value for name, value in query if name.lower() in PARAMETERS}
    for name, value in headers:
        if name == HEADER:
            keys.add(value.decode("latin-1").strip())
        elif name == b"authorization" and value[: len(BEARER)].lower() == BEARER.encode():
            keys.add(value[len(BEARER) :].decode("latin-1").strip())
    keys.discard("")
    if len(keys) > 1:
        raise UnknownKey("there are several keys that differ")
    return keys.pop() if keys else None


async def authenticate(keys: Keys, key: str, *, now: int) -> Caller:
    """Return who calls with a key. Raises UnknownKey."""
    found = await keys.find(key, now=now) if len(key) <= KEY_CHARS_MAX else None
    if found is None:
        raise UnknownKey("the key is not known, or its time is not now")
    return caller(found)


def caller(key: EventsKey) -> Caller:
    """Return who a key lets in."""
    return Caller(
        key.tenant, key.type, key.username, key.role,
        scoped=key.scoped, defaults=json.loads(key.defaults) if key.defaults else {}, label=key.label, key=key.hash,
    )  # fmt: skip


async def hosted(keys: Keys, host: str, own: str) -> Tenant | None:
    """Return the tenant whose label is the first of a host name; the server's own name stands for none."""
    host = host.lower()
    label = host.partition(".")[0]
    if host == own or "." not in host or _ADDRESS.fullmatch(host):
        return None
    return await keys.tenant(label)


def require_same(named: Tenant | None, held: Tenant) -> None:
    """Raise Denied when a host names one tenant and the key belongs to another."""
    if named is not None and named.id != held.id:
        raise Denied("the key belongs to another tenant than the host")
