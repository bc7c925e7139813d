"""Members of messages by their proper names, and the simple values among them (Events §1.3, §3.2, §3.3)."""

import math
from collections.abc import Mapping
from typing import Any, Final

from vocab.dialects.events.problems import ADJUSTED, IGNORED, INVALID, RENAMED, Problems

ANSWERED: Final = frozenset(
    {
        "_stream_id", "_streamid", "_received_at", "_registered_at", "_last_updated", "_class", "_valid", "_errors",
        "_bumps", "_comments", "_progress", "_group", "_as2", "_parent",
    }
)  # fmt: skip
"""What a server adds to messages that it answers: left out without a word when it is sent back."""
_REMARKS_MAX: Final = 100


def named(
    raw: Mapping[str, Any], names: Mapping[str, str], problems: Problems, where: str = ""
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the members of a message by their proper names, and apart from them those that only enrich it.

    ``names`` has the proper name for each name that a member may have. Null is as good as absent; where a member is
    given under several names the proper one wins. What is not known is left out with a warning.
    """
    found: dict[str, Any] = {}
    enriching: dict[str, Any] = {}
    for key, value in raw.items():
        name = names.get(key)
        if name == key and name not in found:
            if value is not None:
                found[name] = value
        elif key[:1] == "_" and name is None:
            if key not in ANSWERED and value is not None:
                enriching[key] = value
        elif value is not None:
            _take(key, value, found, raw, names, problems, where)
    return found, enriching


def _take(
    key: str,
    value: Any,
    found: dict[str, Any],
    raw: Mapping[str, Any],
    names: Mapping[str, str],
    problems: Problems,
    where: str,
) -> None:
    """Take a member by its proper name, unless that is given too."""
    field = f"{where}{key}"[:200]
    proper = names.get(key) or names.get(key.strip().lower())
    if proper is None:
        if len(problems) < _REMARKS_MAX:
            problems.warn(IGNORED, field, "is not known")
        return
    if key not in names:
        problems.warn(RENAMED, field, f"taken as {key.strip().lower()}")
    if raw.get(proper) is not None or proper in found:
        problems.warn(IGNORED, field, f"{proper} is given too")
    else:
        found[proper] = value


def text(value: Any, problems: Problems, field: str, *, most: int) -> str:
    """Read a text of so many characters, a number as its spelling; the empty text when it is absent or wrong."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        problems.warn(ADJUSTED, field, "taken as text")
        value = getattr(value, "lexeme", None) or str(value)
    if not isinstance(value, str):
        problems.error(INVALID, field, "must be a string")
        return ""
    if len(value) > most:
        problems.error(INVALID, field, f"must have at most {most} characters")
        return ""
    return value


def number(value: Any, problems: Problems, field: str) -> int | float | None:
    """Read a finite number, text that spells one with a warning; None when it is absent or wrong."""
    if value is None:
        return None
    found = value
    if isinstance(value, str) and len(value) <= 40:
        try:
            found = float(value)
        except ValueError:
            found = None
        else:
            found = int(found) if found.is_integer() else found
            problems.warn(ADJUSTED, field, "a number was sent as text")
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        problems.error(INVALID, field, "must be a number")
        return None
    return found


def flag(value: Any, problems: Problems, field: str) -> bool:
    """Read true or false, which is what is absent or wrong; text that spells them with a warning."""
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        problems.warn(ADJUSTED, field, "true or false was sent as text")
        return value.strip().lower() == "true"
    if value is not None and not isinstance(value, bool):
        problems.error(INVALID, field, "must be true or false")
    return value is True


def free(value: Any, problems: Problems, field: str) -> dict[str, Any]:
    """Take an object as it stands; the empty one when it is absent or wrong."""
    if value is not None and not isinstance(value, dict):
        problems.error(INVALID, field, "must be an object")
    return value if isinstance(value, dict) else {}


def filled(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a message that say something: what is empty is not stored (Events §3.3)."""
    return {name: value for name, value in members.items() if value not in ("", [], {})}
