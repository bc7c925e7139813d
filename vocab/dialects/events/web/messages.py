"""A report of a page as an event message (Events §21.4)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vocab.dialects.events import moments
from vocab.dialects.events.problems import ADJUSTED, INVALID, Problems
from vocab.dialects.events.references import BadReference, Ref
from vocab.dialects.events.web import addresses, campaigns, envelope, things
from vocab.jsontext import Json

FAMILY: Final = "as.web"
"""Nobody vouches for what pages report: types elsewhere are not taken from them."""
RENAMED: Final = {"pageview": "as.web.pageviewed", "as.web.pageview": "as.web.pageviewed"}
DAY: Final = 86_400_000_000
"""In microseconds: what is further than this from now is taken as of now."""
SESSION: Final = "ASWebSession"
ORIGIN: Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
CURRENCY: Final = re.compile(r"[A-Za-z]{3}", re.ASCII)
SEEN: Final = {"product.viewed": "VIEWED", "product.interest": "REFERENCES"}
TRADED: Final = {
    "product.carted": "CARTED",
    "product.uncarted": "UN_CARTED",
    "product.unavailable": "UNAVAILABLE",
    "purchase.completed": "PURCHASED",
}
"""What becomes of products by the end of a type: a role of theirs, or a line."""
COUNTED: Final = ("term", "location", "delivery_type", "period_start", "period_end", "categories")
"""Payload that analyses may count by."""
HANDLED: Final = frozenset(
    {
        "type", "tenant", "origin", "occurred", "title", "user", "page", "campaign", "meta", "partner_id",
        "partner_sid", "v", "products", "orders", "ids", "event", "section", "tid", "t",
    }
)  # fmt: skip
"""Members of a report that are no payload."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the server knows of a request: when, from where and with what. ``fresh`` is an id for a session without."""

    now: int
    ip: str
    user_agent: str
    fresh: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a page reported, of which tenant it says it is, as an event message; None when it is not taken."""

    tenant: str
    message: dict[str, Any] | None
    problems: Problems


def read(body: Json, seen: Seen) -> tuple[Report, ...]:
    """Return what a page sent as event messages."""
    reports, sent = envelope.opened(body)
    return tuple(converted(report, seen, sent=sent) for report in reports)


def converted(report: Mapping[str, Any], seen: Seen, *, sent: Any = None) -> Report:
    """Return one report, in the terms of the current generation, as an event message."""
    problems = Problems()
    tenant = report.get("tenant")
    type = type_of(report)
    if not type:
        problems.error(INVALID, "type", f"must be a type below {FAMILY}")
        return Report(tenant if isinstance(tenant, str) else "", None, problems)
    message: dict[str, Any] = {
        "type": type,
        "occurred_at": _occurred(report.get("occurred", sent), seen, problems),
        "involves": _involved(report, type, seen),
        "aspects": _aspects(report, type, seen),
        "properties": {name: value for name, value in report.items() if name not in HANDLED},
    }
    origin = addresses.host(report.get("origin")) or addresses.host(report["page"].get("url"))
    if ORIGIN.fullmatch(origin):
        message["origin"] = origin
    if isinstance(report.get("v"), str) and report["v"]:
        message["_v"] = f"web-{report['v']}"[:64]
    return Report(tenant if isinstance(tenant, str) else "", message, problems)


def type_of(report: Mapping[str, Any]) -> str:
    """Return the type of an event, empty for one that is not below ``as.web``."""
    said = report.get("type")
    type = said.strip().lower() if isinstance(said, str) else ""
    if type == "custom":
        name = report.get("event")
        type = slug(name) if isinstance(name, str) else "custom"
    found = RENAMED.get(type) or (type if type.startswith("as.") else f"{FAMILY}.{type}")
    return found if found.startswith(f"{FAMILY}.") and ORIGIN.fullmatch(found) else ""


def slug(name: str) -> str:
    """Return the name of a custom event as the end of a type."""
    words = (re.sub(r"[^a-z0-9_]+", "-", part).strip("-") for part in name.lower().split("."))
    return ".".join(word for word in words if word) or "custom"


def _occurred(said: Any, seen: Seen, problems: Problems) -> str:
    """Return when it happened; of what is more than a day off, and what is none, when it was received."""
    remarks = Problems()
    moment = (
        None if said in (None, "") else moments.read(said, zone="UTC", problems=remarks, field="occurred")
    )
    if moment is not None and abs(moment.at - seen.now) <= DAY:
        return moment.text
    if said not in (None, ""):
        problems.warn(ADJUSTED, "occurred", "is not of today; taken as of now")
    return moments.of(seen.now).text


def _involved(report: Mapping[str, Any], type: str, seen: Seen) -> list[dict[str, Any]]:
    involved: list[dict[str, Any]] = [{"ACTOR": _session(report, seen)}]
    end = type.removeprefix(f"{FAMILY}.")
    if end not in TRADED:
        role = SEEN.get(end, "REFERENCES")
        products = (things.entity(thing, "Product") for thing in things.listed(report.get("products")))
        involved += [{role: product} for product in products if product is not None]
    for order in things.listed(report.get("orders")):
        ref = things.reference(order, "Order")
        involved += [{"INVOLVES": str(ref)}] if ref is not None else []
    partner = _named(SESSION, report.get("partner_sid"))
    return [*involved, {"REFERENCES": partner}] if partner else involved


def _session(report: Mapping[str, Any], seen: Seen) -> dict[str, Any]:
    """Return the session that acts, and whom it stands for.

    A device id is remembered and never an identity: current scripts make the same one for many visitors (Events §21.3).
    """
    user = report["user"]
    session: dict[str, Any] = {"entity_ref": _named(SESSION, user.get("sid")) or f"{SESSION}/{seen.fresh}"}
    if isinstance(user.get("did"), str) and user["did"].strip():
        session["properties"] = {"device_id": user["did"]}
    known = (things.reference(thing, "Customer") for thing in things.listed(report.get("ids")))
    ids = [str(ref) for ref in known if ref is not None]
    if ids:
        others = [{"entity_ref": ref} for ref in dict.fromkeys(ids[1:]) if ref != ids[0]]
        session["PROXY_FOR"] = {"entity_ref": ids[0], **({"AKA": others} if others else {})}
    return session


def _named(type: str, id: Any) -> str:
    """Return the reference of an entity by its id; empty when that is none."""
    try:
        return str(Ref.parse(f"{type}/{id.strip()}")) if isinstance(id, str) else ""
    except BadReference:
        return ""


def _aspects(report: Mapping[str, Any], type: str, seen: Seen) -> dict[str, Any]:
    page = report["page"]
    referrer, own = addresses.host(page.get("referrer")), addresses.host(page.get("url"))
    said = report.get("campaign")
    campaign = campaigns.said(
        said if isinstance(said, dict) else {}, campaigns.tagged(addresses.asked(page.get("url")))
    )
    lines, locale, payment = _traded(report, type)
    found = {
        "pageview": _pageview(report),
        "traffic_sources": [campaigns.source(campaign, referrer, own)],
        "items": lines,
        "locale": locale,
        "transaction": payment,
        "dimensions": _dimensions(report),
        "client_ip": seen.ip,
        "client_device": {"user_agent": seen.user_agent} if seen.user_agent.strip() else {},
    }
    return {name: value for name, value in found.items() if value}


def _pageview(report: Mapping[str, Any]) -> dict[str, Any]:
    page, meta = report["page"], report.get("meta")
    if not isinstance(page.get("url"), str) or not page["url"].strip():
        return {}
    said = {
        "path": page["url"],
        "referrer": page.get("referrer"),
        "title": report.get("title"),
        "section": report.get("section"),
    }
    found: dict[str, Any] = {name: value for name, value in said.items() if isinstance(value, str) and value}
    if isinstance(meta, dict) and meta:
        found["properties"] = {"meta": meta}
        if isinstance(meta.get("keywords"), str):
            found["keywords"] = meta["keywords"]
    return found


def _traded(
    report: Mapping[str, Any], type: str
) -> tuple[list[dict[str, Any]], dict[str, Any], dict[str, Any]]:
    """Return the lines of trade, the currency they are in as a locale, and what was paid for orders."""
    role = TRADED.get(type.removeprefix(f"{FAMILY}."))
    products = list(things.listed(report.get("products"))) if role else []
    lines = [things.line(product, role or "", {}) for product in products]
    total: float | None = None
    currencies: dict[str, None] = {}
    for order in things.listed(report.get("orders")):
        if not isinstance(order, dict):
            continue
        currency = order.get("currency")
        terms = {"currency": currency} if isinstance(currency, str) and CURRENCY.fullmatch(currency) else {}
        currencies |= dict.fromkeys(terms.values())
        lines += [
            things.line(product, "PURCHASED", terms) for product in things.listed(order.get("products"))
        ]
        price = things.amount(order.get("total_price"))
        if price is not None:
            total = (total or 0) + price
    locale = {"currency": next(iter(currencies))} if len(currencies) == 1 else {}
    return [line for line in lines if line], locale, {} if total is None else {"amount": total}


def _dimensions(report: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: report[name] for name in COUNTED if isinstance(report.get(name), str | int | float | list)}
    partner = report.get("partner_id")
    return found | ({"partner": partner} if isinstance(partner, str) and partner.strip() else {})
