"""Facts of persons: ``demography``, ``email``, ``phone``, ``customer_permission`` (Events §7.17, §7.26)."""

from typing import Any, Final, cast

from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import anything, flag, free, lower, text, whole
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.problems import IGNORED, INVALID

SPECIAL: Final = ("ethnicity", "disability", "income", "mosaic_group")
"""Special categories of personal data: kept only where the tenant says so."""

DEMOGRAPHY: Final = Shape(
    {
        **dict.fromkeys(("gender", "marital_status", "education", "employment", "housing", *SPECIAL), text),
        "gender_guessed": flag,
        "birth_date": text,
        **dict.fromkeys(("birth_year", "birth_month", "birth_day"), whole),
        "family_size": anything,
        "properties": free,
    },
)
PARTS: Final = (("birth_year", 1, 9_999), ("birth_month", 1, 12), ("birth_day", 1, 31))


def demography(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read facts of a person; a date of birth is taken apart, special categories are dropped unless they are kept."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    found = DEMOGRAPHY(value, host, field)
    if found is None:
        return None
    if isinstance(found.get("birth_date"), str):
        found = _born(found.pop("birth_date"), host, f"{field}.birth_date") | found
    for name, least, most in PARTS:
        if isinstance(found.get(name), int) and not least <= found[name] <= most:
            host.problems.error(INVALID, f"{field}.{name}", f"must be from {least} to {most}")
    return _permitted(found, host, field)


def permitted(value: Any, host: Host, field: str) -> Any:
    """Return facts of a person as they are, but for special categories; where they mean nothing they may be a list."""
    if isinstance(value, list):
        return [permitted(one, host, field) for one in value]
    return _permitted(value, host, field) if isinstance(value, dict) else value


def without_special(message: Any) -> Any:
    """Return a message as it was sent, but for special categories wherever they are said of persons."""
    if isinstance(message, list):
        return [without_special(one) for one in message]
    if not isinstance(message, dict):
        return message
    return {
        name: _bare(value) if name.strip().lower() == "demography" else without_special(value)
        for name, value in message.items()
    }


def _bare(facts: Any) -> Any:
    if isinstance(facts, list):
        return [_bare(one) for one in facts]
    if not isinstance(facts, dict):
        return facts
    return {name: value for name, value in facts.items() if name.strip().lower() not in SPECIAL}


def _permitted(facts: dict[str, Any], host: Host, field: str) -> dict[str, Any]:
    if host.known.special_categories:
        return facts
    for name in facts:
        if name.strip().lower() in SPECIAL:
            host.problems.warn(IGNORED, f"{field}.{name}", "special categories of personal data are not kept")
    return cast("dict[str, Any]", _bare(facts))


def _born(date: str, host: Host, field: str) -> dict[str, Any]:
    """Return the parts of a date of birth: a year, with a month, with a day."""
    if date == "_del":
        return {name: date for name, _, _ in PARTS}
    parts = date.strip().partition("T")[0].split("-")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        host.problems.error(INVALID, field, "must be a date such as 1990-02-03")
        return {}
    return {name: int(part) for (name, _, _), part in zip(PARTS, parts, strict=False)}


email: Final[Shape] = Shape(
    {"address": lower, "is_anonymized": flag}, required=("address",), shorthand="address"
)
phone: Final[Shape] = Shape(
    {**dict.fromkeys(("country_code", "area_code", "number", "number_type"), text), "is_anonymized": flag},
    required=("number",),
    shorthand="number",
)
customer_permission: Final[Shape] = Shape(
    dict.fromkeys(("marketing_permission", "information_permission", "processing_permission"), flag)
)
