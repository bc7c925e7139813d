"""What an event is called elsewhere, and what it belongs together with: ``resolvable``, ``grouped`` (§7.8, §7.19)."""

import re
from typing import Any, Final

from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import text
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.limits import EXTERNAL_ID_CHARS_MAX
from vocab.dialects.events.problems import INVALID

PREFIXES: Final = re.compile(r"(?:\s*(?:re|fwd|fw)\s*:)*", re.IGNORECASE)


def _id(value: Any, host: Host, field: str) -> str | None:
    found = text(value, host, field)
    if found is not None and len(found) > EXTERNAL_ID_CHARS_MAX:
        host.problems.error(INVALID, field, f"must have at most {EXTERNAL_ID_CHARS_MAX} characters")
        return None
    return found


RESOLVABLE: Final = Shape(
    {"external_id": _id, "batch_id": _id},
    {"externalid": "external_id", "batchid": "batch_id"},
    required=("external_id",),
    shorthand="external_id",
)


def resolvable(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read the id by which a message is found again, and that of its batch."""
    found = RESOLVABLE(value, host, field)
    if found:
        host.external_id = found.get("external_id", "")
        host.batch_id = found.get("batch_id", "")
    return found


def bare(subject: str) -> str:
    """Return a subject without the marks of replies and forwarded messages."""
    found = PREFIXES.match(subject)
    return subject[found.end() if found else 0 :].strip()


def _group(value: Any, host: Host, field: str) -> str | None:
    found = text(value, host, field)
    return (bare(found) or None) if found is not None else None


GROUPED: Final = Shape({"group": _group, "scope": text}, required=("group",), shorthand="group")


def grouped(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read the group of an event: of several in one scope, streams may show the newest alone."""
    found = GROUPED(value, host, field)
    if found and "group" in found:
        host.group = (found.get("scope") or host.type, found["group"])
    return found
