"""What messages of all kinds have alike: names, time, origin, token and id (Events §1.3, §2.2, §3.1, §3.2, §18.2)."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from vocab.dialects.events import defaults, fields, limits, moments
from vocab.dialects.events.limits import PARTITION_CHARS_MAX, TOKEN_CHARS_MAX, TYPE_CHARS_MAX
from vocab.dialects.events.messages import Known, Moment, Role
from vocab.dialects.events.problems import ADJUSTED, IGNORED, INVALID, Problems
from vocab.dialects.events.references import Ref, item
from vocab.dialects.events.roletypes import INVOLVES

OLDER: Final = {
    "action": "type",
    "event": "type",
    "source": "origin",
    "entities": "involves",
    "relations": "involves",
    "roles": "involves",
}
TOKEN: Final = "ASToken"  # noqa: S105 - the type of the entities that tokens are
_SIGNATURE: Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*", re.ASCII)


def names(*own: str) -> dict[str, str]:
    """Return members by all their names: their own, and the older ones of ``OLDER`` (Events §3.2)."""
    return {name: name for name in own} | {old: name for old, name in OLDER.items() if name in own}


def opened(
    raw: Any, names: Mapping[str, str], known: Known, problems: Problems
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the members of a message by their proper names, completed, and those that only enrich it.

    None, after an error, if it is nothing that can be read.
    """
    if not limits.readable(raw, problems):
        return None
    if not known.defaults:
        return fields.named(raw, names, problems)
    filled = defaults.filled(raw, known.defaults.get(defaults.VARIABLES), problems)
    found, enriching = fields.named(filled, names, problems)
    proper = set(names.values())
    return defaults.merged(found, {k: v for k, v in known.defaults.items() if k in proper}), enriching


def signature(value: Any, problems: Problems, field: str) -> str:
    """Read a type or an origin: labels joined by dots, in lower case (Events §3.3)."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or len(value) > TYPE_CHARS_MAX:
        problems.error(INVALID, field, f"must be a string of at most {TYPE_CHARS_MAX} characters")
        return ""
    text = value.lower()
    if not _SIGNATURE.fullmatch(text):
        problems.error(INVALID, field, "must be labels of letters, digits, _ and -, joined by single dots")
        return ""
    if text != value:
        problems.warn(ADJUSTED, field, "written in lower case")
    return text


def origin_of(found: Mapping[str, Any], known: Known, problems: Problems) -> str:
    """Return the system that sends a message (Events §3.1)."""
    return signature(found.get("origin"), problems, "origin") or f"{known.tenant}.unspecified".lower()


def occurred_at(found: Mapping[str, Any], known: Known, zone: str, problems: Problems) -> Moment | None:
    """Return when it happened: when it was received if nobody says; None after an error."""
    said = found.get("occurred_at")
    if said is None or said == "":
        return moments.of(known.now)
    return moments.read(said, zone=zone, problems=problems, field="occurred_at")


def token_of(found: Mapping[str, Any], known: Known, problems: Problems) -> str:
    """Return the token of a message: the one in force, or the one that it names in vain (Events §18.2)."""
    said = fields.text(found.get("token"), problems, "token", most=TOKEN_CHARS_MAX).strip()
    if said and not known.token:
        problems.warn(IGNORED, "token", "is not known, or not any longer")
    return known.token or said


def by_token(known: Known) -> tuple[Role, ...]:
    """Return the role that follows for the token in force; it is no part of what is said (Events §2.2)."""
    return (Role(INVOLVES, Ref(TOKEN, known.token), derived=True),) if known.token else ()


def same_id(found: Mapping[str, Any], id: UUID | None, problems: Problems) -> None:
    """Compare an id that a client sent with the one that follows from the message, which counts (Events §2.2)."""
    for name in ("stream_id", "_stream_id"):
        said = found.get(name)
        if said is None:
            continue
        told = item(said.strip()) if isinstance(said, str) else None
        if told is None:
            problems.error(INVALID, name, "must be a UUID")
        elif id not in (None, told):
            problems.warn(ADJUSTED, name, f"is {id}")


def zone_of(raw_aspects: Any, usual: str) -> str:
    """Return the time zone of a message: that of its aspect ``locale``, if it has one (Events §7.11)."""
    locale = raw_aspects.get("locale") if isinstance(raw_aspects, dict) else None
    zone = locale.get("timezone") if isinstance(locale, dict) else None
    return zone if isinstance(zone, str) and moments.zoned(zone) is not None else usual


def partition_of(value: Any, problems: Problems, where: str) -> str:
    """Read the name of a partition, which is in lower case (Events §3.1)."""
    found = fields.text(value, problems, where, most=PARTITION_CHARS_MAX).strip()
    if found != found.lower():
        problems.warn(ADJUSTED, where, "written in lower case")
    return found.lower()
