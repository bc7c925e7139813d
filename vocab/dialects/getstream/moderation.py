"""What is reported to a tenant's moderators, and what these decide (§7.10)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from vocab.dialects.getstream import sizes, times
from vocab.dialects.getstream.fields import NAME_BYTES_MAX, Fields
from vocab.errors import BadFields
from vocab.jsontext import Json

USER: Final = "stream:user"
ACTIVITY: Final = "stream:feeds:v2:activity"
REACTION: Final = "stream:feeds:v2:reaction"
TYPES: Final = (USER, ACTIVITY, REACTION)
DECISIONS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class NewFlag:
    """What is reported: its type and id, by which user, why, and whatever else was said."""

    type: str
    entity: str
    user: str
    reason: str
    custom: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Flag:
    """A report as it was taken; ``target`` is the user who is behind what was reported, empty when nobody knows."""

    id: str
    target: str
    user: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """What a moderator says of something, and of what."""

    type: str
    entity: str
    moderator: str
    status: str
    recommended: str
    latest: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one decision of several: an ``error`` when it could not be taken."""

    type: str
    entity: str
    error: str = ""


def flagged(body: Json) -> NewFlag:
    """Read a report. Raises BadFields, and TooLarge for what else is said in more than 10 KB."""
    fields = Fields(body)
    type, entity = _entity(fields)
    user, reason = fields.name("user_id"), fields.text("reason", bytes_max=sizes.KEPT_BYTES_MAX)
    custom = fields.data("custom")
    fields.settle()
    sizes.check({"custom": custom})
    return NewFlag(type, entity, user, reason, custom)


def spelled(flag: Flag) -> dict[str, Any]:
    """Write a report as it is answered."""
    return {
        "flag_id": flag.id,
        "target_user_id": flag.target,
        "flagged_by": flag.user,
        "reason": flag.reason,
        "created_at": times.zoned(flag.created_at),
    }


def decided(body: Json) -> Decision:
    """Read one decision. Raises BadFields."""
    fields = Fields(body)
    decision = _decision(fields, fields.text("moderator_id", bytes_max=NAME_BYTES_MAX))
    fields.settle()
    return decision


def several(body: Json) -> list[Decision | Outcome]:
    """Read several decisions; for one that cannot be taken, what to say of it. Raises BadFields for the whole.

    There are at most a hundred, about as many things.
    """
    fields = Fields(body)
    moderator = fields.text("moderator_id", bytes_max=NAME_BYTES_MAX)
    items = fields.items("updates", most=DECISIONS_MAX, required=True)
    fields.settle()
    found = [_one_of(item, moderator) for item in items]
    decisions = [(one.type, one.entity) for one in found if isinstance(one, Decision)]
    if len(set(decisions)) < len(decisions):
        raise BadFields({"updates": ["must be about different things"]})
    return found


def told(outcome: Outcome) -> dict[str, Any]:
    """Write what became of one decision as it is answered."""
    said = {"entity_id": outcome.entity, "entity_type": outcome.type, "success": not outcome.error}
    return said | ({"error": outcome.error} if outcome.error else {})


def _one_of(item: Json, moderator: str) -> Decision | Outcome:
    if not isinstance(item, dict):
        raise BadFields({"updates": ["must be objects"]})
    fields = Fields(item)
    decision = _decision(fields, moderator)
    if fields.problems:
        reasons = (f"{name}: {', '.join(reasons)}" for name, reasons in fields.problems.items())
        return Outcome(_plain(item, "entity_type"), _plain(item, "entity_id"), "; ".join(reasons))
    return decision


def _plain(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _entity(fields: Fields) -> tuple[str, str]:
    type = fields.text("entity_type", required=True)
    if type and type not in TYPES:
        fields.refuse("entity_type", f"must be one of {', '.join(TYPES)}")
    return type, fields.text("entity_id", required=True, bytes_max=NAME_BYTES_MAX)


def _decision(fields: Fields, moderator: str) -> Decision:
    type, entity = _entity(fields)
    said = (
        fields.text(name, bytes_max=NAME_BYTES_MAX)
        for name in ("status", "recommended_action", "latest_moderator_action")
    )
    return Decision(type, entity, moderator, *said)
