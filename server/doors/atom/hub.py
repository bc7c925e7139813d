"""``POST /websub/hub``: somebody wants to be told of a feed of ours, or no more (WebSub §5).

What is asked is not believed but verified: whoever is at the callback must want it.
"""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from server import hub, parameters
from server.errors import ProblemError
from server.house import House, house
from storage import Transaction, jobs, subscribers
from storage.subscribers import VERIFICATIONS
from vocab import BadIri
from vocab import iri as iris

LEASE_SECONDS: Final = 10 * 86_400
LEASE_SECONDS_MIN: Final = 3_600
LEASE_SECONDS_MAX: Final = 30 * 86_400
SECRET_BYTES_MAX: Final = 199
URL_CHARS_MAX: Final = 2_048
TOKEN_CHARS_MAX: Final = 2_048
SUBSCRIBERS_MAX: Final = 10_000
"""So many may want to be told of one feed."""


async def post_hub(request: Request) -> Response:
    """Answer 202 and verify; a 400 naming what is wrong, a 404 for a topic that is no feed of ours, as plain text.

    Each asking has a feed of ours written: who asks too often gets a 429 (SEC-062).
    """
    try:
        return await _ask(request)
    except ProblemError as problem:
        said = f"{problem.field}: {problem.detail}" if problem.field else problem.detail
        return PlainTextResponse(said, problem.status, problem.headers or {})


async def _ask(request: Request) -> Response:
    parts, form = house(request), await parameters.in_form(request)
    parts.rates.take(request, "ask the hub")
    mode = form.get("hub.mode", "")
    if mode not in ("subscribe", "unsubscribe"):
        raise ProblemError(400, "must be subscribe or unsubscribe", field="hub.mode")
    callback, topic = _callback(form.get("hub.callback", "")), form.get("hub.topic", "")
    if not topic:
        raise ProblemError(400, "is required", field="hub.topic")
    secret = form.get("hub.secret") or None
    if secret is not None and len(secret.encode()) > SECRET_BYTES_MAX:
        raise ProblemError(400, f"must be shorter than {SECRET_BYTES_MAX + 1} bytes", field="hub.secret")
    work = {
        "mode": mode, "callback": callback, "topic": topic, "secret": secret, "lease_seconds": _lease(form),
        "digest": await _digest(parts, topic, mode), "verify_token": form.get("hub.verify_token", "")[:TOKEN_CHARS_MAX],
    }  # fmt: skip
    now, lane = parts.ports.clock(), hub.host_of(callback)
    await parts.store.write(_leave, work, lane=lane, now=now)
    return PlainTextResponse("", 202)


async def _leave(tx: Transaction, work: Mapping[str, object], *, lane: str, now: int) -> None:
    key = f"{work['callback']} {work['topic']}"
    await jobs.add(tx, VERIFICATIONS, work, now=now, lane=lane, key=key)


async def _digest(parts: House, topic: str, mode: str) -> str:
    """Return the digest of what a topic says now. Raises a 404 for what is no feed of ours, a 503 when it is full."""
    answered = await hub.say(parts.inward, topic) if len(topic) <= URL_CHARS_MAX else None
    if mode == "unsubscribe":
        return "" if answered is None else hub.digest(answered.body)
    if answered is None:
        raise ProblemError(404, "is no feed of this server", field="hub.topic")
    if await parts.store.peek(subscribers.count, topic) >= SUBSCRIBERS_MAX:
        raise ProblemError(503, "has as many subscribers as it may have", field="hub.topic")
    return hub.digest(answered.body)


def _callback(url: str) -> str:
    """Return an address that can be called; whether it may be is decided when it is."""
    try:
        found = iris.canonical(url) if len(url) <= URL_CHARS_MAX else ""
    except BadIri:
        found = ""
    if not found.startswith(("http://", "https://")) or "#" in url:
        raise ProblemError(
            400, "must be an address of http or https, without a fragment", field="hub.callback"
        )
    return url


def _lease(form: dict[str, str]) -> int:
    """Return for how long somebody is told: what they ask for, within our bounds."""
    asked = form.get("hub.lease_seconds", "")
    if not asked:
        return LEASE_SECONDS
    seconds = parameters.number(asked)
    if seconds is None:
        raise ProblemError(400, "must be a whole number", field="hub.lease_seconds")
    return min(max(seconds, LEASE_SECONDS_MIN), LEASE_SECONDS_MAX)
