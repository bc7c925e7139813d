"""Who is calling, and how often they may."""

from ipaddress import ip_network

import pytest

from server.limits import CALLERS_MAX, Callers, RateLimit, caller_key

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1", "10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["nonsense"], "nonsense"),
    ],
)
def test_the_rightmost_untrusted_hop_counts(peer: str, forwarded: list[str], found: str) -> None:
    """SEC-061."""
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    assert Callers(PROXIES).address(peer, headers) == found


def test_without_proxies_forwarded_headers_are_nothing() -> None:
    """SEC-061: not even from this machine."""
    assert Callers().address("127.0.0.1", [(b"x-forwarded-for", b"198.51.100.1")]) == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_ipv6_is_counted_by_64(address: str, key: str) -> None:
    """SEC-061."""
    assert caller_key(address) == key


def test_a_bucket_empties_and_fills_again() -> None:
    limit = RateLimit(60)
    assert [limit.take("a", 0.0) for _ in range(60)][-1] == 0
    refused = limit.take("a", 0.0)
    assert refused < 0
    assert limit.wait_seconds(refused) == 2
    assert limit.take("b", 0.0) == 59
    assert limit.take("a", 1.5) >= 0


def test_refusals_do_not_put_off_the_next_request() -> None:
    limit = RateLimit(60)
    for _ in range(100):
        limit.take("a", 0.0)
    assert limit.take("a", 1.01) >= 0


def test_a_bucket_never_holds_more_than_a_minutes_worth() -> None:
    limit = RateLimit(60)
    limit.take("a", 0.0)
    assert limit.take("a", 1e6) == 59


def test_callers_are_forgotten() -> None:
    """SEC-117: a caller with many addresses does not fill the memory."""
    limit = RateLimit(60)
    for number in range(CALLERS_MAX + 10):
        limit.take(str(number), number / 1000)
    assert len(limit._buckets) <= CALLERS_MAX
