"""The tracking pixel: what the query of ``/asa.png`` reports (Events §21.2)."""

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from vocab.dialects.events.web import addresses, campaigns

PAID: Final = "as.web.payment.completed"
VIEWED: Final = "as.web.product.viewed"
REPORTED: Final = {PAID: ("order", "orders"), VIEWED: ("product", "products")}
"""The types that a pixel reports, the parameter that each needs, and what that is called in a report."""
NOWHERE: Final = "https://unknown.invalid/"
"""The page of a request that does not say it."""


def read(parameters: Iterable[tuple[str, str]], *, page: str, asked: str) -> dict[str, Any] | None:
    """Return the report of a request for the pixel; None when it reports nothing.

    ``page`` is where the image is, ``asked`` the path with query that was asked for. What is said of a campaign is
    looked for in the referrer's query, the page's, and the pixel's own.
    """
    several = list(parameters)
    given = dict(reversed(several))
    type = given.get("event", "")
    if not given.get("tenantId") or type not in REPORTED:
        return None
    name, members = REPORTED[type]
    things = [value for key, value in several if key == name and value.strip()]
    if not things:
        return None
    page = page if addresses.host(page) else NOWHERE
    referrer = given.get("referrer", "")
    found = {
        "type": type,
        "tenant": given["tenantId"],
        "origin": f"{urlsplit(page).scheme}://{addresses.host(page)}",
        "user": {},
        "page": {"url": page, "referrer": addresses.host(referrer)},
        members: things,
        "campaign": campaigns.said(
            campaigns.tagged(addresses.asked(referrer)),
            campaigns.tagged(addresses.asked(page)),
            campaigns.tagged(given),
        ),
        "pixelMetadata": {"originalUrl": asked},
    }
    return found | ({"title": given["title"]} if given.get("title") else {})
