"""POST to an inbox (AP-310…AP-326): verify, remember, 202. What it means is found out afterwards."""

import hashlib
import time

from starlette.requests import Request
from starlette.responses import Response

from federation import UnknownDeleted, Verified, verify_post
from server.auth.requester import incoming
from server.errors import ProblemError
from server.house import House, house
from server.negotiate import require_activity
from server.rendered import Ready
from storage import Transaction, actors, inbox, jobs
from storage.actors import State
from storage.inbox import Intake
from streams import ids, synchronization
from streams.errors import Gone, NotFound
from vocab import Activity, dump, iri, parse
from vocab.synchronization import HEADER, Synchronization, read

BACKLOG_MAX = 50_000
"""With so many activities waiting to take effect, senders are asked to come again later (REL-021)."""
BACKLOG_FRESH_SECONDS = 1.0
RETRY_SECONDS = 60
ACCEPTED = Ready(202, {}, b"")


async def post_inbox(request: Request) -> Response:
    """Take an activity for one of our actors."""
    name = request.path_params["name"]
    owner = await house(request).store.peek(actors.glimpse, name)
    if owner is None:
        raise NotFound(name)
    if owner.state == State.GONE:
        raise Gone(name)
    if owner.state == State.SUSPENDED:
        raise ProblemError(403, "this actor is suspended")
    return await _take(request, owner.id)


async def post_shared_inbox(request: Request) -> Response:
    """Take an activity for whomever here it concerns."""
    return await _take(request, None)


async def _take(request: Request, owner: int | None) -> Response:
    require_activity(request)
    parts = house(request)
    await _have_room(parts)
    body = await request.body()
    activity = Activity(parse(body).data)
    _check(activity, parts.base_url)
    now = parts.ports.clock()
    try:
        verified = await verify_post(
            incoming(request, body),
            origins={parts.base_url},
            keyring=parts.keyring,
            now=now,
            activity=activity,
            linked_data=parts.config.federation.linked_data_signatures,
        )
    except UnknownDeleted:
        return ACCEPTED
    parts.rates.take(request, "deliver", by=verified.actor.host)
    text = body if verified.activity is activity else dump.dump(verified.activity)
    intake = Intake(verified.actor, text.decode(), owner, now, verified.carrier)
    name = activity.id or hashlib.sha256(body).hexdigest()
    told = _told(request, verified, now)
    coming = (verified.actor.id, now)
    parts.settling.begin(coming)
    try:
        if told is None:
            await parts.intakes.keep(intake, name)
        else:
            await parts.store.write(_remember, intake, name, told)
    except BaseException:
        parts.settling.end(coming)
        raise
    return ACCEPTED


def _told(request: Request, verified: Verified, now: int) -> Synchronization | None:
    """Return what the sender says of its followers here, unless that is old news (AP-709).

    Only the actor's own word on its own origin counts, not that of someone who passes on.
    """
    value = next((value for name, value in request.scope["headers"] if name == HEADER.encode()), None)
    parts = house(request)
    if value is None or verified.carrier is not None or not parts.config.federation.synchronize_followers:
        return None
    told = read(value.decode("latin-1"))
    if told is None or not all(_is_of(verified.actor.id, one) for one in (told.collection, told.url)):
        return None
    return told if parts.told.is_news(told, now=now) else None


def _is_of(actor: str, address: str) -> bool:
    return iri.is_http(address) and iri.same_origin(address, actor)


async def _remember(tx: Transaction, intake: Intake, name: str, told: Synchronization) -> None:
    await inbox.remember(tx, [(intake, name)])
    await synchronization.remember(tx, intake.sender.id, told, now=intake.received)


async def _have_room(parts: House) -> None:
    """Take no more than can be worked off; how much waits is counted once a second for all (REL-021)."""
    now = time.monotonic()
    if parts.backlog is None or parts.backlog[0] < now - BACKLOG_FRESH_SECONDS:
        parts.backlog = (now, await parts.store.read(jobs.backlog, inbox.QUEUE))
    if parts.backlog[1] > BACKLOG_MAX:
        raise ProblemError(503, "too much is waiting here", headers={"Retry-After": str(RETRY_SECONDS)})


def _check(activity: Activity, base_url: str) -> None:
    """Refuse cheaply what cannot be an activity of another server (AP-315, SEC-037)."""
    if activity.one_id("actor") is None:
        raise ProblemError(400, "is missing", field="actor")
    if activity.id is None and activity.is_a("Follow"):
        raise ProblemError(400, "a Follow without one cannot be answered", field="id")
    if activity.id is not None and ids.is_ours(base_url, activity.id):
        raise ProblemError(400, "lies on this server", field="id")
