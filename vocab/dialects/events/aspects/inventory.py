"""What there is of a product, and how trades change it: the aspect ``inventory`` (Events §7.22)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from vocab.dialects.events.aspects import kinds, lines
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import number, text
from vocab.dialects.events.aspects.money import exact, plain, reckon
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.problems import INVALID

LEVELS: Final = (
    "items_in_stock",
    "items_for_sale",
    "items_sold",
    "items_reserved",
    "items_on_hold",
    "items_unsellable",
    "items_complimentary",
    "items_returned",
    "gross_sold",
)
SHORT: Final = {name.removeprefix("items_"): name for name in LEVELS if name.startswith("items_")}
ADJUSTING: Final = frozenset({"PURCHASED", "RETURNED"})
"""The trade roles that move stock."""


def _several(name: str) -> Any:
    shape = Shape({name: text, **dict.fromkeys(LEVELS, number)}, SHORT, required=(name,))

    def read(value: Any, host: Host, field: str) -> list[dict[str, Any]] | None:
        if isinstance(value, dict):
            value = [
                {name: key, **level} if isinstance(level, dict) else level for key, level in value.items()
            ]
        if not isinstance(value, list):
            host.problems.error(INVALID, field, "must be a list")
            return None
        items = kinds.listed(value, host, field)
        found = (shape(item, host, f"{field}[{index}]") for index, item in items)
        return [level for level in found if level]

    return read


inventory: Final[Shape] = Shape(
    {
        **dict.fromkeys(LEVELS, number),
        "price_categories": _several("price_category"),
        "variants": _several("variant"),
    },
    SHORT,
)


def adjusted(inventory: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any]:
    """Return what there is of a product after a line of trade: sold, returned, and so much less or more in stock.

    The line is as it is stored. The same happens in its price category, which is made when it is new, and in its
    variant where stock is kept by variants.
    """
    count = lines.counted(line)
    if lines.action(line) not in ADJUSTING or not count:
        return dict(inventory)
    found = _moved(inventory, line, count)
    for levels, name in (("price_categories", "price_category"), ("variants", "variant")):
        named = line.get(name)
        kept = list(inventory.get(levels) or ())
        if not named or (levels == "variants" and not kept):
            continue
        place = next((index for index, level in enumerate(kept) if level.get(name) == named), len(kept))
        if place == len(kept):
            kept.append({name: named})
        kept[place] = _moved(kept[place], line, count)
        found[levels] = kept
    return found


def _moved(level: Mapping[str, Any], line: Mapping[str, Any], count: Decimal) -> dict[str, Any]:
    found = dict(level)

    def add(name: str, amount: Decimal) -> None:
        found[name] = plain(exact(found.get(name, 0)) + amount)

    free = bool(line.get("complimentary"))
    if count < 0:
        add("items_returned", -count)
    add("items_complimentary" if free else "items_sold", count)
    if not free and line.get("item_price"):
        add("gross_sold", reckon(line, count).gross)
    if "items_in_stock" in found:
        add("items_in_stock", -count)
    return found
