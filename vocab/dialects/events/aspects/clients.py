"""Through what someone connects: the aspects ``client_ip`` and ``client_device`` (Events §7.12)."""

from ipaddress import ip_address
from typing import Any, Final

from vocab.dialects.events.aspects import kinds, useragents
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import text
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.messages import Role
from vocab.dialects.events.problems import INVALID
from vocab.dialects.events.references import Ref

CONNECTS_FROM: Final = "CONNECTS_FROM"
"""The role of an address: it is part of an event's id (Events §2.2)."""


def _ip(value: Any, host: Host, field: str) -> str | None:
    found = text(value, host, field)
    try:
        return found and str(ip_address(found.strip().partition("%")[0]))
    except ValueError:
        host.problems.error(INVALID, field, "is not an IP address")
        return None


CLIENT_IP: Final = Shape({"ip": _ip, "track_for": kinds.upper}, required=("ip",), shorthand="ip")
CLIENT_DEVICE: Final = Shape(
    {"user_agent": text, "track_for": kinds.upper},
    {"useragent": "user_agent", "agent": "user_agent"},
    required=("user_agent",),
    computed=useragents.COMPUTED,
    shorthand="user_agent",
)


def client_ip(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read the address that someone connects from; it takes part in the event as an entity ``ASIP/…``."""
    found = CLIENT_IP(value, host, field)
    if found and "ip" in found:
        host.takes_part(Role(CONNECTS_FROM, Ref("ASIP", found["ip"])))
    return found


def client_device(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read what someone uses, and what its User-Agent tells."""
    found = CLIENT_DEVICE(value, host, field)
    if found and isinstance(found.get("user_agent"), str):
        found |= useragents.read(found["user_agent"])
    return found
