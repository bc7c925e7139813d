"""The data points that a message yields for analyses (Events §19.4).

Names of dimensions: those common to all points win over what a message calls its own, and these over entities.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from vocab.dialects.events.aspects import experience, pageview
from vocab.dialects.events.aspects.found import Line
from vocab.dialects.events.aspects.messaging import BLIND
from vocab.dialects.events.aspects.money import plain
from vocab.dialects.events.aspects.parts import parent_roles
from vocab.dialects.events.messages import Event, Point, Role
from vocab.dialects.events.references import Ref
from vocab.dialects.events.roles import each_once

VALUES_MAX: Final = 100
"""More values of one dimension than this are not counted by."""
WORDS: Final = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+", re.ASCII)

Dimensions = dict[str, str | tuple[str, ...]]


def points(event: Event, lines: Iterable[Line]) -> tuple[Point, ...]:
    """Return the points of an event in all datasets: itself, its lines, and what its aspects tell."""
    kept = tuple(lines)
    shared = parent_roles(event, kept) if kept else ()
    found = [_point(event, "events", event.roles, own=_classified(event))]
    for line in kept:
        found += [_trade(event, line, shared), *_stocked(event, line, shared)]
    for name, point in POINTS.items():
        if isinstance(event.aspects.get(name), dict):
            found.append(point(event, event.aspects[name]))
    if f"{event.type}.".startswith("as.oi."):
        found.append(_point(event, "observations", event.roles, metrics={"importance": event.importance}))
    return tuple(found)


def _point(
    event: Event,
    dataset: str,
    roles: Iterable[Role],
    *,
    series: str = "",
    own: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Any] | None = None,
    aspects: Mapping[str, Any] | None = None,
    always: Mapping[str, Any] | None = None,
) -> Point:
    """Make a point of what is common to all of an event, of its own dimensions and metrics, and of more ``aspects``.

    ``always`` are dimensions that take the place of common ones.
    """
    found: Dimensions = entities(roles)
    found |= multiple(event.aspects.get("dimensions"))
    measured = _lasting(event.aspects.get("timed")) | numbers(event.aspects.get("metrics"))
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
            "currency_code": (event.aspects.get("locale") or {}).get("currency"),
            **(always or {}),
        }
    )
    return Point(dataset, series or event.type, event.occurred.at, found, measured | numbers(metrics))


def _classified(event: Event) -> dict[str, Any]:
    classification = event.aspects.get("classification") or {}
    return {f"classification_{name}": classification.get(name) for name in ("type", "variant")}


def _viewed(event: Event, view: Mapping[str, Any]) -> Point:
    """Return the point of a page view; its duration is in milliseconds like every other."""
    path = str(view.get("path", ""))
    own = {name: view.get(name) for name in ("referrer", "method", "response_code")}
    own |= {"path": pageview.page_of(path), "domain": pageview.host_of(path)}
    metrics = {"size": view.get("size")}
    if isinstance(view.get("duration"), int | float):
        metrics["duration"] = view["duration"] * 1_000
    return _point(event, "web", event.roles, own=own, metrics=metrics)


def _tested(event: Event, test: Mapping[str, Any]) -> Point:
    own = {"ab_test": test.get("id"), "variant": test.get("variant"), "outcome": test.get("outcome")}
    metrics = {"metric": test.get("metric"), "amount": test.get("amount")}
    return _point(event, "ab_tests", event.roles, own=own, metrics=metrics, aspects=test)


def _felt(event: Event, cei: Mapping[str, Any]) -> Point:
    axes = {axis: cei[axis] for axis in experience.AXES if axis in cei}
    own = {"axis": list(axes), "role": cei.get("affects") or ["ACTOR"]}
    return _point(event, "cei", event.roles, own=own, metrics={"importance": event.importance, **axes})


def _measured(event: Event, data: Mapping[str, Any]) -> Point:
    """Return the point of ``ts_data``, in the series that its dimensions name or else that of the event's type."""
    series = (event.aspects.get("dimensions") or {}).get("series")
    named = series if isinstance(series, str) else ""
    return _point(event, "timeseries", event.roles, series=named, metrics=data)


POINTS: Final[Mapping[str, Callable[[Event, Mapping[str, Any]], Point]]] = {
    "pageview": _viewed,
    "ab_test": _tested,
    "cei": _felt,
    "ts_data": _measured,
}
"""The aspects that yield a point of their own."""


def _stocked(event: Event, line: Line, shared: tuple[Role, ...]) -> list[Point]:
    """Return the stock that a line tells of, in the series ``inventory`` (Events §7.7)."""
    levels = {name: line.body[name] for name in ("total_in_stock", "total_for_sale") if name in line.body}
    if not levels:
        return []
    return [
        _point(event, "timeseries", each_once((*shared, *line.roles)), series="inventory", metrics=levels)
    ]


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
    own["action"] = line.action
    currency = {"currency_code": line.currency} if line.currency else {}
    inside = line.body.get("aspects") or {}
    inside = {**inside, "dimensions": {**inside.get("dimensions", {}), **line.body.get("dimensions", {})}}
    return _point(
        event,
        "trades",
        each_once((*shared, *line.roles)),
        own=own,
        metrics=metrics,
        aspects=inside,
        always=currency,
    )


def _lasting(periods: Any) -> dict[str, float]:
    """Return as ``duration`` how long the first period that has one lasts (Events §7.6)."""
    for period in (periods or {}).values():
        if isinstance(period, dict) and isinstance(period.get("duration"), int):
            return {"duration": float(period["duration"])}
    return {}


def entities(roles: Iterable[Role]) -> Dimensions:
    """Return everyone who took part by type: ``Vessel:Tug/Kestrel`` counts as ``vessel`` and as ``tug``.

    Who got a blind copy is left out, for points are counted by all who may know of the event (Events §7.14).
    """
    found: dict[str, dict[str, None]] = {}
    for role in roles:
        if isinstance(role.target, Ref) and BLIND not in role.path.split(":"):
            for label in role.target.type.split(":"):
                found.setdefault(snake(label), {})[role.target.id] = None
    return multiple({name: list(ids) for name, ids in found.items()})


@lru_cache(1_024)
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
