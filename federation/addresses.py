"""Which hosts and networks we refuse to call.

Every connection of ours passes here twice: once with the name, the port and all addresses the name
stands for, and once more with the single address a socket is about to be made for. What the
registries call special is refused whatever it is used for today (SEC-041); the operator may open
networks, and a server in test mode may call itself and its neighbours on loopback.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from federation.errors import Refused

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

SPECIAL_V4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
SPECIAL_V6 = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "2620:4f:8000::/48",  # AS112
    )
)
LOOPBACK: tuple[Network, ...] = (ipaddress.IPv4Network("127.0.0.0/8"), ipaddress.IPv6Network("::1/128"))
PORTS = frozenset({80, 443})


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the public internet (SEC-041)."""
    if isinstance(address, ipaddress.IPv4Address):
        return not _within(address, SPECIAL_V4)
    return address in GLOBAL_V6 and not _within(address, SPECIAL_V6)


def literal(host: str) -> Address | None:
    """Read a host that is written as an address, with or without brackets."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Where we may connect to: the public internet over https, and what the operator opened."""

    allow: tuple[Network, ...] = ()
    test_mode: bool = False
    ports: frozenset[int] = PORTS

    def check_name(self, url: str, scheme: str, host: str, port: int) -> None:
        """Refuse what can be refused before any name is looked up."""
        if scheme != "https" and not (scheme == "http" and self.test_mode):
            raise Refused(url, "only https is spoken")
        address = literal(host)
        if address is not None:
            self.check(url, scheme, host, port, [address])
        elif "." not in host and not (self.allow or self.test_mode):
            raise Refused(url, "a name without a dot is not a public host")

    def check(self, url: str, scheme: str, host: str, port: int, addresses: Iterable[Address]) -> None:
        """Refuse a host unless every one of its addresses may be called (SEC-041)."""
        for address in addresses:
            if not self.permits(scheme, address):
                raise Refused(url, "the host's address is not public")
            if self._opened(scheme, address):
                continue
            if literal(host) is not None or "." not in host:
                raise Refused(url, "a public host is called by its full name")
            if port not in self.ports:
                raise Refused(url, "the port is not one of the web's")

    def permits(self, scheme: str, address: Address) -> bool:
        """Tell whether a socket may be made to this address: the last line, just before connecting."""
        return self._opened(scheme, address) or (scheme == "https" and is_public(address))

    def _opened(self, scheme: str, address: Address) -> bool:
        if self.test_mode and _within(address, LOOPBACK):
            return True
        return scheme == "https" and _within(address, self.allow)


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
