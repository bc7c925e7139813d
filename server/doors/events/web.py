"""What pages report of their visitors, without a key: the tenant is named in the report (Events §21.2).

Nobody learns here which tenants there are: what cannot be kept is counted, and answered like the rest.
"""

import logging
import secrets
from base64 import b64decode
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from server import eventscollector, metrics
from server.doors.events.answers import Answered
from server.doors.events.call import Call
from server.doors.events.door import WEB, Operation, Operations
from server.errors import ProblemError
from server.house import House, house
from storage.tenants import Tenant
from streams.events import submitting
from streams.events.submitting import EVENT, Sender
from vocab import jsontext
from vocab.dialects.events import Ref, web
from vocab.errors import BadFields, TooLarge

log = logging.getLogger(__name__)

PIXEL: Final = f"{WEB}.png"
PARAMETERS_MAX: Final = 200
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
    seen = _seen(call.request, call.now)
    kept = [await _keep(call.request, found, now=call.now) for found in web.read(body, seen)]
    return {"accepted": sum(kept)}


async def report_error(call: Call) -> Answered:
    """Take in what went wrong in a page's script, for the log."""
    call.house.rates.take(call.request, "report")
    body = await _body(call)
    told = jsontext.dumps({name: body[name] for name in ("err", "context", "v") if name in body}).decode()
    log.info("a page's script says: %s", told[:ERROR_CHARS_MAX])
    return {"status": "logged"}


async def show_pixel(request: Request) -> Response:
    """Show a picture of one point, and take in what its query reports: a payment or a product that was seen.

    The picture is shown whatever is asked, in whichever encoding.
    """
    rates, now = house(request).rates, house(request).ports.clock()
    query = request.scope["query_string"].decode("latin-1")
    found = web.pixel(_parameters(query), page=request.headers.get("referer", ""), asked=f"{PIXEL}?{query}")
    if found is not None:
        try:
            rates.take(request, "report")
            await _keep(request, web.converted(found, _seen(request, now)), now=now)
        except ProblemError:
            metrics.web_report("too many")
    return Response(NOTHING_SEEN, media_type="image/png", headers={"Cache-Control": "no-store"})


def _parameters(query: str) -> list[tuple[str, str]]:
    try:
        found = parse_qsl(query, keep_blank_values=True, max_num_fields=PARAMETERS_MAX)
    except ValueError:
        return []
    return [(name, value) for name, value in found if "\0" not in name + value]


async def _body(call: Call) -> dict[str, object]:
    raw = await call.request.body()
    if len(raw) > REPORT_BYTES_MAX:
        raise TooLarge(len(raw), REPORT_BYTES_MAX)
    body = jsontext.loads(raw)
    if not isinstance(body, dict):
        raise BadFields({"body": ["must be a JSON object"]})
    return body


def _seen(request: Request, now: int) -> web.Seen:
    return web.Seen(
        now=now,
        ip=house(request).rates.address(request),
        user_agent=request.headers.get("user-agent", ""),
        fresh=secrets.token_hex(FRESH_BYTES),
    )


async def _keep(request: Request, found: web.Report, *, now: int) -> bool:
    """Leave what was reported to the collector, if it is an event of a tenant; tell whether it was."""
    parts = house(request)
    tenant = await _tenant(parts, found.tenant)
    if tenant is None:
        metrics.web_report("unknown tenant")
        return False
    parts.rates.take(request, "be reported of", by=str(tenant.id))
    if found.message is None:
        metrics.web_report("invalid")
        return False
    arriving = await submitting.read(parts.events, tenant, EVENT, found.message, SENDER, received=now)
    if not arriving.reading.problems.valid:
        log.info("a page reported no event: %s", arriving.reading.problems[:3])
        metrics.web_report("invalid")
        return False
    sent = eventscollector.Sent(tenant.id, EVENT.name, now, SENDER)
    await parts.store.write(eventscollector.leave, sent, [found.message])
    metrics.web_report("kept")
    return True


async def _tenant(parts: House, id: str) -> Tenant | None:
    """Return the tenant that a page means, by an id of its own or by its label; None unless it is served."""
    label = parts.config.tenants_by_web_id.get(id, id)
    found = await parts.eventskeys.tenant(label)
    return None if found is None or found.suspended is not None else found


OPERATIONS: Operations = (
    (WEB, {"POST": report}),
    (f"{WEB}/error", {"POST": report_error}),
)
OPEN: Final[tuple[Operation, ...]] = (report, report_error)
"""What needs no key."""
