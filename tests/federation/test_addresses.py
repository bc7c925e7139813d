"""Which addresses we call."""

from ipaddress import ip_address, ip_network

import pytest

from federation.addresses import AddressPolicy, is_public, literal
from federation.errors import Refused

PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255
169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.88.98.255 192.167.255.255 192.169.0.0
198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255
2001:200::1 2001:4860:4860::8888 2606:4700:4700::1111 2a00:1450::1 2620:4f:7fff::1 3ffe::1
""".split()  # noqa: SIM905
SPECIAL = """
0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.255
169.254.0.0 169.254.169.254 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.170 192.0.2.1 192.31.196.1
192.52.193.1 192.88.99.1 192.168.0.0 192.168.255.255 192.175.48.1 198.18.0.0 198.19.255.255 198.51.100.1
203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
127.0.1.1 169.254.1.1 192.0.0.8 192.88.99.2 198.18.1.1
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808
64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::
2002:808:808::1 2620:4f:8000::1 3fff::1 4000::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fec0::1 ff02::1 ffff::1
""".split()  # noqa: SIM905


@pytest.mark.parametrize("text", PUBLIC)
def test_public(text):
    """SEC-041: ordinary addresses, also those next door to special ranges."""
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", SPECIAL)
def test_special(text):
    """SEC-041: everything the registries call special, and every form that hides an IPv4 address."""
    assert not is_public(ip_address(text))
    assert not AddressPolicy().permits("https", ip_address(text))


def test_the_table_is_long_enough():
    """SEC-041 asks for sixty."""
    assert len(SPECIAL) >= 60


@pytest.mark.parametrize(
    ("scheme", "host", "port", "address"),
    [
        ("https", "a.example", 443, "127.0.0.1"),
        ("https", "a.example", 8443, "1.1.1.1"),
        ("http", "a.example", 80, "1.1.1.1"),
        ("https", "1.1.1.1", 443, "1.1.1.1"),
        ("https", "[2606:4700:4700::1111]", 443, "2606:4700:4700::1111"),
        ("https", "intranet", 443, "1.1.1.1"),
    ],
)
def test_production_refuses(scheme, host, port, address):
    """SEC-041: private addresses, odd ports, plain http, hosts without a full name."""
    with pytest.raises(Refused):
        AddressPolicy().check("url", scheme, host, port, [ip_address(address)])


def test_production_permits():
    """The public internet over https."""
    AddressPolicy().check("url", "https", "a.example", 443, [ip_address("1.1.1.1"), ip_address("2a00::1")])


def test_every_address_is_checked():
    """SEC-041: one private address among public ones refuses the host."""
    with pytest.raises(Refused):
        AddressPolicy().check(
            "url", "https", "a.example", 443, [ip_address("1.1.1.1"), ip_address("10.0.0.1")]
        )


def test_test_mode_is_for_loopback_alone():
    """AP-302: loopback by number or name, on any port, over http; nothing else opens."""
    policy = AddressPolicy(test_mode=True)
    for host, address in (("localhost", "::1"), ("127.0.0.1", "127.0.0.1"), ("b.test", "127.9.9.9")):
        policy.check("url", "http", host, 8001, [ip_address(address)])
        policy.check_name("url", "http", host, 8001)
    for address in ("10.0.0.1", "192.168.1.1", "169.254.169.254", "1.1.1.1", "::ffff:127.0.0.1"):
        with pytest.raises(Refused):
            policy.check("url", "http", "a.example", 80, [ip_address(address)])
    policy.check("url", "https", "a.example", 443, [ip_address("1.1.1.1")])


def test_opened_networks():
    """AP-302: what the operator opened may be called on any port, but over https, and nothing beside it."""
    policy = AddressPolicy(allow=(ip_network("10.1.0.0/16"), ip_network("fd00::/8")))
    policy.check("url", "https", "peer", 8443, [ip_address("10.1.2.3")])
    policy.check("url", "https", "10.1.2.3", 443, [ip_address("10.1.2.3")])
    policy.check_name("url", "https", "peer", 8443)
    for scheme, address in (("https", "10.2.0.1"), ("http", "10.1.2.3"), ("https", "127.0.0.1")):
        with pytest.raises(Refused):
            policy.check("url", scheme, "a.example", 443, [ip_address(address)])


@pytest.mark.parametrize("host", ["intranet", "10.0.0.1", "[::1]", "127.0.0.1"])
def test_refused_by_name(host):
    """SEC-041: no name is looked up to refuse these."""
    with pytest.raises(Refused):
        AddressPolicy().check_name("url", "https", host, 443)


def test_plain_http_by_name():
    """SEC-045: http is refused before a name is looked up, except in test mode."""
    for scheme in ("http", "ftp", "file"):
        with pytest.raises(Refused):
            AddressPolicy().check_name("url", scheme, "a.example", 80)
    with pytest.raises(Refused):
        AddressPolicy(test_mode=True).check_name("url", "ftp", "localhost", 80)


def test_literal():
    """An address is one with or without brackets; numbers in other spellings are names, and fail as such."""
    assert literal("[::1]") == ip_address("::1")
    assert literal("127.1") is None
    assert literal("2130706433") is None
