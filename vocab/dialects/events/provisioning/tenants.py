"""What a tenant says of itself (Events §17.1)."""

from collections.abc import Mapping
from typing import Any, Final

from vocab.dialects.events.provisioning.members import Members
from vocab.jsontext import Json

CHANGEABLE: Final = ("name", "icon", "theme")


def changed(body: Json) -> dict[str, str | None]:
    """Read what is new: name, icon and theme; other members change nothing. Raises BadFields."""
    members = Members(body)
    said = members.some(CHANGEABLE)
    members.settle()
    return said


def info(label: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """Write what is known of a tenant whose keys are good."""
    return {
        "label": label,
        "name": about.get("name", label),
        "active": True,
        "icon": about.get("icon"),
        "theme": about.get("theme"),
        "tenantServices": [],
    }


def details(label: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """Write everything that is known of a tenant, save privileges."""
    return {**info(label, about), "tenantEndpoints": [], "tenantDomainMappings": []}
