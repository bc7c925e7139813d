"""Who is calling, and how often they may (SEC-061, SEC-062, AP-606)."""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network

CALLERS_MAX = 50_000
"""Buckets that are remembered; beyond, those that are full again are forgotten."""


class Callers:
    """Finds the address a request really comes from. Forwarded headers count from configured proxies only."""

    def __init__(self, trusted: Iterable[IPv4Network | IPv6Network] = ()) -> None:
        self._trusted = tuple(trusted)

    def address(self, peer: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """Return the rightmost hop that is not a proxy of ours; whatever stands left of it may be invented."""
        if not self._trusted:
            return peer
        fields = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
        hops = ",".join(fields).split(",") if fields else []
        while hops and self.is_trusted(peer):
            peer = hops.pop().strip()
        return peer

    def is_trusted(self, address: str) -> bool:
        """Tell whether an address is one of our proxies."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)


@lru_cache(maxsize=8_192)
def caller_key(address: str) -> str:
    """Return what limits are counted by: an IPv4 address, or the /64 an IPv6 address lies in."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))


class RateLimit:
    """Token buckets: each caller may make ``per_minute`` requests at once and regains them over a minute."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._per_second = per_minute / 60
        self._buckets: dict[str, tuple[float, float]] = {}

    def left(self, key: str, now_seconds: float) -> float:
        """Return how many requests are left."""
        left, since = self._buckets.get(key, (float(self.per_minute), now_seconds))
        return min(left + (now_seconds - since) * self._per_second, float(self.per_minute))

    def take(self, key: str, now_seconds: float) -> float:
        """Take one request; return how many are left, or less than zero when it must be refused."""
        left = self.left(key, now_seconds) - 1
        if left < 0:
            self._buckets[key] = (left + 1, now_seconds)
            return left
        if key not in self._buckets and len(self._buckets) >= CALLERS_MAX:
            self._forget(now_seconds)
        self._buckets[key] = (left, now_seconds)
        return left

    def wait_seconds(self, left: float) -> int:
        """Return when the next request will be accepted, after ``take`` returned ``left`` below zero."""
        return int(-left / self._per_second) + 1

    def _forget(self, now_seconds: float) -> None:
        """Drop callers whose bucket is full again; when all are busy, drop everyone's."""
        full = float(self.per_minute)
        self._buckets = {
            key: (left, since)
            for key, (left, since) in self._buckets.items()
            if left + (now_seconds - since) * self._per_second < full
        }
        if len(self._buckets) >= CALLERS_MAX:
            self._buckets.clear()
