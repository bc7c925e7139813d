"""``/websub/callback/{secret}``: a hub asks whether we meant it, and tells what is new (WebSub §5.3, §7; Atom §16)."""

from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from server.errors import ProblemError
from server.house import house
from storage import subscriptions
from streams.pulling import hubs
from vocab.dialects.feedreading import NoFeed, charsets

CHALLENGE_CHARS_MAX: Final = 2_048


async def verify(request: Request) -> Response:
    """Answer with the challenge if we asked for this; 404 if not."""
    parts, said = house(request), request.query_params
    challenge, lease = said.get("hub.challenge", ""), said.get("hub.lease_seconds", "")
    ours = len(challenge) <= CHALLENGE_CHARS_MAX and await parts.store.write(
        hubs.verify,
        request.path_params["secret"],
        mode=said.get("hub.mode", ""),
        topic=said.get("hub.topic", ""),
        lease_seconds=int(lease) if lease.isascii() and lease.isdigit() and len(lease) < 12 else None,
        now=parts.ports.clock(),
    )
    if not ours:
        raise ProblemError(404, "nothing was asked for here")
    return PlainTextResponse(challenge)


async def deliver(request: Request) -> Response:
    """Take what is new, and answer at once; 410 when nobody wants to know any more.

    The hub is not told when its signature is wrong: only that it need not come again.
    """
    parts, secret = house(request), request.path_params["secret"]
    body, type = await request.body(), request.headers.get("content-type", "")
    one = await parts.store.read(subscriptions.by_callback, secret)
    known = one.hub_secret if one is not None else None
    signed = known is not None and hubs.is_signed(body, request.headers.get("x-hub-signature", ""), known)
    try:
        text, _ = charsets.text(body, type)
    except NoFeed:
        text, signed = "", False
    kind = type.partition(";")[0].strip()[:100]
    wanted = await parts.store.write(
        hubs.deliver, secret, text, f"{kind}; charset=utf-8", signed=signed, now=parts.ports.clock()
    )
    if not wanted:
        raise ProblemError(410, "nobody wants to be told any more")
    return Response(status_code=202)
