"""What pages report of their visitors, without a key: the tenant is named in the report (Events §21.2).

Nobody learns here which tenants there are: what cannot be kept is counted, and answered like the rest.
"""

import logging
import secrets
from base64 import b64decode
from typing import Final

from starlette.responses import Response

from server import eventscollector, metrics
from server.doors.events.answers import Answered
from server.doors.events.call import Call
from server.doors.events.door import WEB, Operation, Operations
from server.errors import ProblemError
from storage.tenants import Tenant
from streams.events import submitting
from streams.events.submitting import EVENT, Sender
from vocab import jsontext
from vocab.dialects.events import Ref, web
from vocab.errors import BadFields, TooLarge

log = logging.getLogger(__name__)

REPORT_BYTES_MAX: Final = 256 * 1_024
ERROR_CHARS_MAX: Final = 1_000
SENDER: Final = Sender(None, Ref("ASService", "web"))
"""Who sends what pages report: someone for whom nobody vouches."""
NOTHING_SEEN: Final = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgYGBgAAAABQABXvMqOgAAAABJRU5ErkJggg=="
)
"""A picture of one transparent point."""
FRESH_BYTES: Final = 12


async def report(call: Call) -> Answered:
    """Take in what a page's script reports, JSON whatever it is called."""
    call.house.rates.take(call.request, "report")
    body = await _body(call)
    kept = [await _keep(call, found) for found in web.read(body, _seen(call))]
    return {"accepted": sum(kept)}


async def report_error(call: Call) -> Answered:
    """Take in what went wrong in a page's script, for the log."""
    call.house.rates.take(call.request, "report")
    body = await _body(call)
    told = jsontext.dumps({name: body[name] for name in ("err", "context", "v") if name in body}).decode()
    log.info("a page's script says: %s", told[:ERROR_CHARS_MAX])
    return {"status": "logged"}


async def show_pixel(call: Call) -> Answered:
    """Show a picture of one point, and take in what its query reports: a payment or a product that was seen."""
    request = call.request
    query = request.scope["query_string"].decode("latin-1")
    asked = f"{WEB}.png?{query}"
    found = web.pixel(call.query.pairs, page=request.headers.get("referer", ""), asked=asked)
    if found is not None:
        try:
            call.house.rates.take(request, "report")
            await _keep(call, web.converted(found, _seen(call)))
        except ProblemError:
            metrics.web_report("too many")
    return Response(NOTHING_SEEN, media_type="image/png", headers={"Cache-Control": "no-store"})


async def _body(call: Call) -> dict[str, object]:
    raw = await call.request.body()
    if len(raw) > REPORT_BYTES_MAX:
        raise TooLarge(len(raw), REPORT_BYTES_MAX)
    body = jsontext.loads(raw)
    if not isinstance(body, dict):
        raise BadFields({"body": ["must be a JSON object"]})
    return body


def _seen(call: Call) -> web.Seen:
    request = call.request
    return web.Seen(
        now=call.now,
        ip=call.house.rates.address(request),
        user_agent=request.headers.get("user-agent", ""),
        fresh=secrets.token_hex(FRESH_BYTES),
    )


async def _keep(call: Call, found: web.Report) -> bool:
    """Leave what was reported to the collector, if it is an event of a tenant; tell whether it was."""
    tenant = await _tenant(call, found.tenant)
    if tenant is None:
        metrics.web_report("unknown tenant")
        return False
    call.house.rates.take(call.request, "be reported of", by=str(tenant.id))
    if found.message is None:
        metrics.web_report("invalid")
        return False
    arriving = await submitting.read(
        call.house.events, tenant, EVENT, found.message, SENDER, received=call.now
    )
    if not arriving.reading.problems.valid:
        log.info("a page reported no event: %s", arriving.reading.problems[:3])
        metrics.web_report("invalid")
        return False
    sent = eventscollector.Sent(tenant.id, EVENT.name, call.now, SENDER)
    await call.store.write(eventscollector.leave, sent, [found.message])
    metrics.web_report("kept")
    return True


async def _tenant(call: Call, id: str) -> Tenant | None:
    """Return the tenant that a page means, by an id of its own or by its label; None unless it is served."""
    label = call.house.config.tenants_by_web_id.get(id, id)
    found = await call.house.eventskeys.tenant(label)
    return None if found is None or found.suspended is not None else found


OPERATIONS: Operations = (
    (WEB, {"POST": report}),
    (f"{WEB}/error", {"POST": report_error}),
    (f"{WEB}.png", {"GET": show_pixel}),
)
OPEN: Final[tuple[Operation, ...]] = (report, report_error, show_pixel)
"""What needs no key."""
