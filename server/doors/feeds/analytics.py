"""What people did with what they were shown, and links that tell when they are followed (Feeds §7.6)."""

from typing import Any

from starlette.responses import Response

from server.auth.feeds import policy
from server.doors.feeds.call import Call
from server.doors.feeds.door import ANALYTICS, REDIRECT, Operations
from streams.feeds import engaging
from vocab import BadIri, iri
from vocab.dialects.getstream import engagements
from vocab.dialects.getstream.engagements import Event
from vocab.errors import BadFields


async def engage(call: Call) -> dict[str, Any]:
    """Take what people did."""
    call.require(policy.TRACK)
    return await _note(call, engagements.engagements(await call.json()))


async def show(call: Call) -> dict[str, Any]:
    """Take what people were shown."""
    call.require(policy.TRACK)
    return await _note(call, engagements.impressions(await call.json()))


async def _note(call: Call, events: list[Event]) -> dict[str, Any]:
    call.count(len(events))
    await engaging.note(call.house.feeds, call.tenant, events)
    return {}


async def redirect(call: Call) -> Response:
    """Note the ``events`` of a link and lead on to its ``url``.

    Whoever is not believed is led nowhere: nobody else's links begin with our name (SEC-112).
    """
    call.require(policy.REDIRECT)
    target = _target(call.query.text("url"))
    await _note(call, engagements.redirected(call.query.text("events")))
    return Response(status_code=302, headers={"Location": target, "Cache-Control": "no-store"})


def _target(url: str) -> str:
    """Return where a link leads as a header field may have it. Raises BadFields for what is no web address."""
    try:
        if iri.is_http(url):
            return iri.as_uri(url)
    except BadIri:
        pass
    raise BadFields({"url": ["must be the address of a page"]})


OPERATIONS: Operations = (
    (f"{ANALYTICS}engagement/", {"POST": engage}),
    (f"{ANALYTICS}impression/", {"POST": show}),
    (f"{ANALYTICS}redirect/", {"GET": redirect}),
    (REDIRECT, {"GET": redirect}),
)
