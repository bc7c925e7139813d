"""Events §7.12."""

from collections.abc import Callable
from typing import Any

import pytest

from vocab.dialects.events import Ref, Role


@pytest.mark.parametrize(
    ("said", "ip"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ({"ip": " 2001:DB8:0::1 "}, "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_an_address_takes_part(reads: Callable[..., Any], said: Any, ip: str) -> None:
    """§2.2: it is part of the event's id."""
    found, problems = reads(client_ip=said)
    assert found.aspects["client_ip"]["ip"] == ip
    assert found.roles == (Role("CONNECTS_FROM", Ref("ASIP", ip)),)
    assert problems.valid


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ("203.0.113.999", "client_ip.ip", "invalid_value"),
        ("", "client_ip.ip", "missing_field"),
        ({"track_for": "ACTOR"}, "client_ip.ip", "missing_field"),
        (3, "client_ip", "invalid_value"),
    ],
)
def test_what_is_no_address(codes: Callable[..., Any], said: Any, field: str, code: str) -> None:
    assert codes("client_ip", said)[field] == code


def test_the_device_is_told_again_whatever_was_said(told: Callable[..., Any]) -> None:
    said = {"user_agent": "ExampleBrowser/4.1 (Linux)", "_os_type": "Amiga", "_is_tablet": True}
    assert told("client_device", said) == {
        "user_agent": "ExampleBrowser/4.1 (Linux)", "_browser_type": "ExampleBrowser", "_browser_version": "4.1",
        "_os_type": "Linux", "_device_type": "computer", "_is_tablet": False, "_is_wireless": False,
    }  # fmt: skip
