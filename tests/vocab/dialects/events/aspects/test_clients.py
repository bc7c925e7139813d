"""Events §7.12."""

from collections.abc import Callable
from typing import Any

import pytest

from vocab.dialects.events import Ref, Role

SESSION = {"ACTOR": "WebSession/s-51"}


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


@pytest.mark.parametrize(
    ("roles", "tracked", "kept"),
    [
        (SESSION, None, ["WebSession/s-51"]),
        ({"ACTOR": "Employee/Ada"}, None, []),
        ({"ACTOR": "Employee/Ada", "AFFECTS": "Vessel/K"}, "AFFECTS", ["Vessel/K"]),
    ],
)
def test_it_is_kept_on_the_session(
    reads: Callable[..., Any], roles: dict[str, str], tracked: str | None, kept: list[str]
) -> None:
    said = {"user_agent": "ExampleBrowser/4.1 (Linux)", "track_for": tracked}
    found, _ = reads(client_device=said, client_ip={"ip": "203.0.113.9", "track_for": tracked}, roles=roles)
    assert [str(entity.ref) for entity in found.entities] == [ref for ref in kept for _ in range(2)]
    for entity in found.entities:
        assert "track_for" not in next(iter(entity.aspects.values()))


def test_the_device_is_told_again_whatever_was_said(told: Callable[..., Any]) -> None:
    said = {"user_agent": "ExampleBrowser/4.1 (Linux)", "_os_type": "Amiga", "_is_tablet": True}
    assert told("client_device", said) == {
        "user_agent": "ExampleBrowser/4.1 (Linux)", "_browser_type": "ExampleBrowser", "_browser_version": "4.1",
        "_os_type": "Linux", "_device_type": "computer", "_is_tablet": False, "_is_wireless": False,
    }  # fmt: skip
