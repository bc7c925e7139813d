"""Who may see and manage an item: the rules of an ``acl`` (Events §3.6)."""

import re
from typing import Any, Final

from vocab.dialects.events.messages import Rule
from vocab.dialects.events.problems import ADJUSTED, INVALID, REFERENCE, Problems
from vocab.dialects.events.references import BadReference, Ref

READ: Final = "READ"
MANAGE: Final = "MANAGE"
PUBLIC: Final = "Public"
"""The party of what is published to everyone."""
RULES_MAX: Final = 1_000
_PRIVILEGE: Final = re.compile(r"[A-Z][A-Z_]{0,63}")


def read(value: Any, *, problems: Problems, field: str = "acl") -> tuple[Rule, ...] | None:
    """Read a list of rules, each once; None when there is none. What is wrong in it goes to ``problems``."""
    if value is None:
        return None
    if not isinstance(value, list):
        problems.error(INVALID, field, "must be a list of rules")
        return None
    found: list[Rule] = []
    for index, entry in enumerate(value):
        at = f"{field}[{index}]"
        if isinstance(entry, dict) and entry:
            for right, parties in entry.items():
                found += _rules(right, parties, problems, f"{at}.{right}")
        elif entry is not None:
            problems.error(INVALID, at, 'must be a rule such as {"READ": "ASUser/ada"}')
        if len(found) > RULES_MAX:
            problems.error(INVALID, field, f"must have at most {RULES_MAX} rules")
            break
    return tuple(dict.fromkeys(found))


def spell(rules: tuple[Rule, ...]) -> list[dict[str, str]]:
    """Write rules as they are answered."""
    return [{rule.right: rule.party} for rule in rules]


def is_public(rules: tuple[Rule, ...] | None) -> bool:
    """Whether everyone may read what has these rules, at other servers too."""
    return Rule(READ, PUBLIC) in (rules or ())


def _rules(right: str, parties: Any, problems: Problems, field: str) -> list[Rule]:
    name = right.strip().upper()
    if name not in (READ, MANAGE):
        problems.error(INVALID, field, "must be READ or MANAGE")
        return []
    if name != right:
        problems.warn(ADJUSTED, field, f"taken as {name}")
    several = parties if isinstance(parties, list) else [parties]
    if len(several) > RULES_MAX:
        problems.error(INVALID, field, f"must have at most {RULES_MAX} parties")
        return []
    return [Rule(name, party) for each in several if (party := _party(each, problems, field)) is not None]


def _party(value: Any, problems: Problems, field: str) -> str | None:
    if isinstance(value, dict):
        value = value.get("entity_ref")
    if not isinstance(value, str):
        problems.error(REFERENCE, field, "must be an entity reference, a role of privileges or Public")
        return None
    text = value.strip()
    if text.lower() == PUBLIC.lower():
        return PUBLIC
    if _PRIVILEGE.fullmatch(text):
        return text
    try:
        return str(Ref.parse(text))
    except BadReference as error:
        problems.error(REFERENCE, field, error.reason)
        return None
