"""The types of links that every tenant has, by how near they bring two entities (Events §6.2).

``IS``, ``CLOSE``, ``KNOWS``, ``KNOWS_OF`` and ``INTEREST`` are families, no part of the paths of the types in them:
``AKA`` is written alone or as ``IS:AKA``, and stored as ``AKA``.
"""

from typing import Final

from vocab.dialects.events.places import Places

FAMILIES: Final = {
    "IS": "AKA ALIAS SOCIAL_ID PROXY_FOR",
    "CLOSE": (
        "PART_OF VERSION_OF INTEGRAL_TO PAIRED_WITH BELONGS_TO USED_BY MEASURES POWERED_BY LOCATED_IN STARS_IN"
        " INSTRUMENTAL_IN"
    ),
    "KNOWS": (
        "MEMBER_OF SUPPLIED_BY MANUFACTURED_BY CREATED_BY RATED_BY HOSTED_AT LOCATED_AT RELATED_TO APPEARS_IN"
        " ASSISTS_IN FEATURING ASSOCIATED_WITH OF_TYPE RESIDES_AT"
    ),
    "KNOWS_OF": "ON_BEHALF_OF RELAYED_BY HAS_RELATIONS_TO CONNECTS_FROM",
    "INTEREST": ("FOLLOWS MANAGES MANAGED_BY MONITORS SUBSCRIBES_TO BUMP BUMP_UP BUMP_DOWN BUMP_NEUTRAL"),
}

LINKS: Final = Places(
    space="link",
    under={"": " ".join((*FAMILIES, *FAMILIES.values()))},
    synonyms={"FEATURED": "FEATURING"},
    orphans="HAS_RELATIONS_TO",
    silent=frozenset(FAMILIES),
)

SERVED: Final = frozenset(FAMILIES["INTEREST"].split())
"""What is written by following, managing and voting alone."""

_FAMILY: Final = {label: family for family, labels in FAMILIES.items() for label in (family, *labels.split())}


def family(path: str) -> str:
    """Return the family of a type, that of its first label: ``RELATED_TO:SIBLING`` is ``KNOWS``."""
    return _FAMILY.get(path.partition(":")[0], "KNOWS_OF")


def members(type: str) -> tuple[str, ...]:
    """Return the predefined types that a type stands for in a question: those of a family, else itself."""
    return (type, *FAMILIES.get(type, "").split())
