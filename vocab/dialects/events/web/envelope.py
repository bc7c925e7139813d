"""What a page sends, in both generations of its script (Events §21.3): envelopes, and the reports in them."""

from collections.abc import Mapping
from typing import Any, Final

from vocab.jsontext import Json

REPORTS_MAX: Final = 100
WRAPPER: Final = "ev"
PLAIN: Final = frozenset(("pageview", "custom", "section_entered"))
"""Types of the first generation that have no payload of their own."""


def opened(body: Json) -> tuple[list[dict[str, Any]], Any]:
    """Return the reports in a body, and when it was sent.

    They are under ``ev``, one or a list of them, or under another name: what has a type is a report. The body may be
    a report itself.
    """
    if not isinstance(body, dict):
        return [], None
    wrapped = body.get(WRAPPER)
    if wrapped is None and not _is_report(body):
        wrapped = next((value for value in body.values() if _is_report(value)), None)
    if wrapped is None:
        wrapped = body
    several = wrapped if isinstance(wrapped, list) else [wrapped]
    return [current(one) for one in several[:REPORTS_MAX] if isinstance(one, dict)], body.get("t")


def _is_report(value: Any) -> bool:
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and isinstance(first.get("type"), str)


def current(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report in the terms of the current generation."""
    found = {name: value for name, value in report.items() if value is not None}
    known, page = found.pop("user", None), found.pop("page", None)
    if isinstance(known, list):
        found.setdefault("ids", known)
    user = _object(known)
    place = found.get("location")
    if isinstance(page, str):
        page = {"url": place if _is_address(place) else page}
    page = dict(_object(page))
    plain = isinstance(found.get("type"), str) and found["type"] in PLAIN
    for name, inner in (("session", "sid"), ("sid", "sid"), ("did", "did")):
        if name in found:
            user.setdefault(inner, found.pop(name))
    if plain or _is_address(place):
        page.setdefault("url", found.pop("location", None))
    if "referrer" in found:
        page.setdefault("referrer", found.pop("referrer"))
    if "uid" in found and "ids" not in found:
        found["ids"] = [{"type": "User", "id": found.pop("uid")}]
    for old, new in (
        ("tenant_id", "tenant"),
        ("tenantId", "tenant"),
        ("tenantid", "tenant"),
        ("t", "occurred"),
    ):
        if old in found:
            found.setdefault(new, found.pop(old))
    for old, new in (("partnerId", "partner_id"), ("partnerSId", "partner_sid")):
        if old in found:
            found.setdefault(new, found.pop(old))
    for one, several in (("product", "products"), ("order", "orders")):
        if several not in found and isinstance(found.get(one), dict):
            found[several] = [found.pop(one)]
    return found | {"user": user, "page": page}


def _object(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and "://" in value
