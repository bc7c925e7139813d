"""The data points that a message yields for analyses (Events §19.4).

Names of dimensions: those common to all points win over what a message calls its own, and these over entities.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from vocab.dialects.events.aspects.found import Line
from vocab.dialects.events.aspects.money import plain
from vocab.dialects.events.aspects.parts import parent_roles
from vocab.dialects.events.messages import Event, Point, Role
from vocab.dialects.events.references import Ref

VALUES_MAX: Final = 100
"""More values of one dimension than this are not counted by."""
WORDS: Final = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+", re.ASCII)

Dimensions = dict[str, str | tuple[str, ...]]


def points(event: Event, lines: Iterable[Line]) -> tuple[Point, ...]:
    """Return the points of an event in all datasets: itself, its lines, and what its aspects measure."""
    kept = tuple(lines)
    return (
        _point(event, "events", event.roles, own=_classified(event)),
        *(_trade(event, line, parent_roles(event, kept)) for line in kept),
    )


def _point(
    event: Event,
    dataset: str,
    roles: Iterable[Role],
    *,
    series: str = "",
    own: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Any] | None = None,
    aspects: Mapping[str, Any] | None = None,
) -> Point:
    """Make a point of what is common to all of an event, of its own dimensions and metrics, and more ``aspects``."""
    found: Dimensions = entities(roles)
    found |= multiple(event.aspects.get("dimensions"))
    measured = numbers(event.aspects.get("metrics"))
    if aspects:
        found |= multiple(aspects.get("dimensions"))
        measured |= numbers(aspects.get("metrics"))
    found |= multiple(own)
    found |= multiple(
        {
            "source": event.origin,
            "origin": event.origin,
            "type": event.type,
            "importance": str(event.importance),
            "tags": list(event.tags),
        }
    )
    return Point(dataset, series or event.type, event.occurred.at, found, measured | numbers(metrics))


def _classified(event: Event) -> dict[str, Any]:
    classification = event.aspects.get("classification") or {}
    return {f"classification_{name}": classification.get(name) for name in ("type", "variant")}


def _trade(event: Event, line: Line, shared: tuple[Role, ...]) -> Point:
    products = [product.root for product in line.products if isinstance(product, Ref)]
    own = {name: line.body.get(name) for name in ("variant", "price_category", "price_type")}
    own["product_type"] = [snake(product) for product in products]
    money = line.money
    metrics = {
        "item_count": plain(line.count),
        "item_price": plain(line.price),
        "total_fee": plain(money.fees),
        "total_tax": plain(money.tax),
        "total_discount": plain(money.discount),
        "total_price": plain(money.total),
    }
    own |= {"action": line.action, "currency_code": line.currency}
    inside = line.body.get("aspects") or {}
    inside = {**inside, "dimensions": {**inside.get("dimensions", {}), **line.body.get("dimensions", {})}}
    return _point(event, "trades", (*shared, *line.roles), own=own, metrics=metrics, aspects=inside)


def entities(roles: Iterable[Role]) -> Dimensions:
    """Return everyone who took part by type: ``Vessel:Tug/Kestrel`` counts as ``vessel`` and as ``tug``."""
    found: dict[str, dict[str, None]] = {}
    for role in roles:
        if isinstance(role.target, Ref):
            for label in role.target.type.split(":"):
                found.setdefault(snake(label), {})[role.target.id] = None
    return multiple({name: list(ids) for name, ids in found.items()})


def snake(label: str) -> str:
    """Return a label of a type in snake case: ``ASWebSession`` is ``as_web_session``."""
    return "_".join(WORDS.findall(label)).lower()


def multiple(values: Any) -> Dimensions:
    """Return dimensions of a map: a list of several is a tuple, what is empty is left out."""
    found: Dimensions = {}
    for name, value in (values or {}).items():
        if isinstance(value, list):
            several = tuple(str(item) for item in value[:VALUES_MAX])
            if several:
                found[name] = several if len(several) > 1 else several[0]
        elif value not in (None, ""):
            found[name] = str(value)
    return found


def numbers(values: Any) -> dict[str, float]:
    """Return the numbers of a map as metrics."""
    return {
        name: float(value)
        for name, value in (values or {}).items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
