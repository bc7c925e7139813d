"""What is said of roles and links themselves: external id, weight, properties, when they hold (Events §4.1, §6.1)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from vocab.dialects.events import fields, moments
from vocab.dialects.events.limits import EXTERNAL_ID_CHARS_MAX
from vocab.dialects.events.messages import Link
from vocab.dialects.events.problems import ADJUSTED, INVALID, Problems

WEIGHT_MAX: Final = 5
"""The weight of a link lies between this and its negative."""


def read(members: Mapping[str, Any], problems: Problems, where: str) -> dict[str, Any]:
    """Read what roles and links have alike, as it is stored."""
    told: dict[str, Any] = {}
    if "external_id" in members:
        external_id = fields.text(
            members["external_id"], problems, f"{where}.external_id", most=EXTERNAL_ID_CHARS_MAX
        )
        told |= {"external_id": external_id} if external_id else {}
    if "weight" in members:
        weight = fields.number(members["weight"], problems, f"{where}.weight")
        told |= {"weight": weight} if weight is not None else {}
    if "properties" in members:
        properties = fields.free(members["properties"], problems, f"{where}.properties")
        told |= {"properties": properties} if properties else {}
    return told


def of_link(
    link: Link, members: Mapping[str, Any], problems: Problems, where: str, *, zone: str
) -> tuple[Link, dict[str, Any]]:
    """Return a link with what is said of it, and that as it is stored."""
    if not members:
        return link, {}
    told = read(members, problems, where)
    if "weight" in told:
        told["weight"] = _weight(told["weight"], problems, f"{where}.weight")
    active: dict[str, int] = {}
    for name in ("active_from", "active_until"):
        if name in members:
            moment = moments.read(members[name], zone=zone, problems=problems, field=f"{where}.{name}")
            if moment is not None:
                active[name], told[name] = moment.at, moment.text
    told |= {"$direction": "IN"} if _is_inward(members, problems, where) else {}
    told |= {"$delete": True} if fields.flag(members.get("$delete"), problems, f"{where}.$delete") else {}
    return replace(
        link,
        external_id=told.get("external_id", ""),
        weight=told.get("weight"),
        properties=told.get("properties", {}),
        active_from=active.get("active_from"),
        active_until=active.get("active_until"),
        ends="$delete" in told,
    ), told


def _weight(weight: float, problems: Problems, field: str) -> float:
    if -WEIGHT_MAX <= weight <= WEIGHT_MAX:
        return weight
    problems.warn(ADJUSTED, field, f"taken into the range from -{WEIGHT_MAX} to {WEIGHT_MAX}")
    return WEIGHT_MAX if weight > 0 else -WEIGHT_MAX


def _is_inward(members: Mapping[str, Any], problems: Problems, where: str) -> bool:
    """Whether a link runs from the other entity to the one that has it."""
    said = members.get("$direction")
    direction = said.strip().upper() if isinstance(said, str) else said
    if direction not in (None, "", "IN", "OUT"):
        problems.error(INVALID, f"{where}.$direction", "must be IN or OUT")
    return direction == "IN"
