"""Products and orders as pages name them (Events §21.3, §21.4)."""

import re
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, Final

from vocab.dialects.events.references import BadReference, Ref

THINGS_MAX: Final = 200
SYSTEM: Final = "AS"
"""How the types of system entities begin (Events §2.1)."""
TERMS: Final = {
    "item_count": "item_count",
    "item_price": "item_price",
    "price": "item_price",
    "currency": "currency",
    "product_variant": "variant",
    "variant": "variant",
    "price_category": "price_category",
    "commission": "commission_fixed",
    "commission_fixed": "commission_fixed",
    "commission_percentage": "commission_percentage",
    "discount_percentage": "discount_percentage",
    "tax_percentage": "tax_percentage",
}
"""What is said of a product, and what it is called in a line."""


def listed(value: Any) -> Iterator[Any]:
    """Yield what a list names, each time as an id or an object; a single thing is a list of it."""
    for one in (value if isinstance(value, list) else [value])[:THINGS_MAX]:
        if isinstance(one, str | int | dict) and not isinstance(one, bool):
            yield one


def reference(thing: Any, usual: str) -> Ref | None:
    """Return the entity that is meant by a reference, an id, or an object with type and id; None for nothing.

    An id with a slash in it is a whole reference; one without a type is of the ``usual`` type. Entities of the system,
    like users, are not for pages to name.
    """
    type, id = usual, thing
    if isinstance(thing, dict):
        id = thing.get("id", thing.get("entity_ref"))
        type = class_of(thing.get("type")) or usual
    if isinstance(id, int) and not isinstance(id, bool):
        id = str(id)
    if not isinstance(id, str):
        return None
    try:
        ref = Ref.parse(id if "/" in id else f"{type}/{id.strip()}")
    except BadReference:
        return None
    return None if ref.root.startswith(SYSTEM) else ref


def class_of(text: Any) -> str:
    """Return a type of entities from free text: ``harbour fee: night`` is ``HarbourFee:Night`` (Events §2.1)."""
    if not isinstance(text, str):
        return ""
    labels = (re.findall(r"[A-Za-z0-9]+", label) for label in text.split(":"))
    return ":".join("".join(word[:1].upper() + word[1:] for word in words) for words in labels if words)


def entity(thing: Any, usual: str) -> dict[str, Any] | None:
    """Return the entity message that a product or order comes to: who it is, its label and its categories."""
    ref = reference(thing, usual)
    if ref is None:
        return None
    found: dict[str, Any] = {"entity_ref": str(ref)}
    if isinstance(thing, dict):
        label = thing.get("description") or thing.get("name")
        categories = [one for one in _texts(thing.get("categories")) if one.strip()]
        aspects = {
            **({"presentation": {"label": label}} if isinstance(label, str) and label.strip() else {}),
            **({"classification": {"categories": categories}} if categories else {}),
        }
        found |= {"aspects": aspects} if aspects else {}
    return found


def line(thing: Any, role: str, terms: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the line of trade for a product; ``terms`` hold where it says nothing itself."""
    product = entity(thing, "Product")
    if product is None:
        return None
    said = {TERMS[name]: value for name, value in _known(thing).items() if value not in (None, "")}
    return {role: product, **terms, **said}


def amount(value: Any) -> float | None:
    """Return a price, which pages also write as text; None for what is none."""
    if isinstance(value, str):
        try:
            value = float(value.strip())
        except ValueError:
            return None
    return (
        value if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) else None
    )


def _known(thing: Any) -> dict[str, Any]:
    members = thing if isinstance(thing, dict) else {}
    return {name: members[name] for name in TERMS if isinstance(members.get(name), str | int | float)}


def _texts(value: Any) -> list[str]:
    several = value if isinstance(value, list) else [value]
    return [one for one in several if isinstance(one, str)]
