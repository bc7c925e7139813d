"""Bayeux over HTTP: long-polling by POST, and by scripts for browsers that can do no better (Feeds §11.1).

No cookie is believed here, only the token inside a message; so any site may ask, with credentials too, as
the browser's client does. A poll that waits is not counted as a request in progress, but takes a seat.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from server.doors.faye import bayeux, talk
from server.doors.faye.bayeux import BadMessages, Message, Meta
from server.doors.faye.session import held
from server.house import House, house
from vocab import jsontext

BYTES_MAX: Final = 64 * 1024
"""Longest body, and longest message over a socket."""
NEVER_STORED: Final = {"Cache-Control": "no-cache, no-store"}

_CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*", re.ASCII)
_FORM: Final = b"message="


async def post(request: Request) -> Response:
    """Answer messages in the body: JSON, or a form with JSON in it."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BYTES_MAX:
            return _refusal(request, 413, f"the body is longer than {BYTES_MAX} bytes")
    try:
        messages = bayeux.read(_in_form(body) if body.startswith(_FORM) else body)
    except BadMessages as error:
        return _refusal(request, 400, str(error))
    return await _answered(request, messages, lambda text: (text, "application/json"))


async def get(request: Request) -> Response:
    """Answer messages in the address, by a script that calls a function of the page (JSON-P)."""
    callback = request.query_params.get("jsonp", "jsonpcallback")
    if _CALLBACK.fullmatch(callback) is None:
        return _refusal(request, 400, "jsonp must be the name of a function")
    try:
        messages = bayeux.read(request.query_params.get("message", ""))
    except BadMessages as error:
        return _refusal(request, 400, str(error))
    return await _answered(request, messages, lambda text: (_script(callback, text), "text/javascript"))


async def preflight(request: Request) -> Response:
    """Let any site ask."""
    headers = {
        "Access-Control-Allow-Methods": "POST, GET, OPTIONS",
        "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, Pragma, X-Requested-With",
        "Access-Control-Max-Age": "86400",
    }
    return Response(status_code=204, headers=headers | _shared(request))


def _refusal(request: Request, status: int, text: str) -> Response:
    return Response(bayeux.refusal(status, text), status, NEVER_STORED | _shared(request), "application/json")


async def _answered(
    request: Request, messages: list[Message], spell: Callable[[bytes], tuple[bytes, str]]
) -> Response:
    """Answer messages in their order. A connect that stands alone is held until there is something to tell."""
    parts = house(request)
    told: list[bytes] = []
    for message in messages:
        if bayeux.asks(message) is Meta.CONNECT:
            told += await _connect(request, parts, message, alone=len(messages) == 1)
        else:
            told.append(jsontext.dumps(await talk.answer(parts, message)))
    content, kind = spell(b"[" + b",".join(told) + b"]")
    headers = NEVER_STORED | _shared(request)
    if kind == "text/javascript":
        headers["Content-Disposition"] = "attachment; filename=f.txt"
    return Response(content, headers=headers, media_type=kind)


async def _connect(request: Request, parts: House, message: Message, *, alone: bool) -> list[bytes]:
    error = talk.refuses_connect(message)
    if error:
        return [jsontext.dumps(bayeux.answer(message, error))]
    if not await talk.is_known(parts, bayeux.client_id(message)):
        return [jsontext.dumps(bayeux.unknown(message))]
    seconds = bayeux.patience_seconds(message) if alone else 0
    with parts.realtime.seats.taken(request.scope["caller"]):
        told = await _while_there(request, parts, message, seconds)
    return [jsontext.dumps(talk.connected(message)), *told]


async def _while_there(request: Request, parts: House, message: Message, seconds: float) -> list[bytes]:
    """Wait for something to tell until the client goes away, and then tell nothing."""
    if seconds:
        request.scope["waits"]()
    polling = asyncio.create_task(_poll(parts, message, seconds))
    leaving = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait((polling, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        polling.cancel()  # in vain when it is done
        leaving.cancel()
        await asyncio.gather(polling, leaving, return_exceptions=True)
    return [] if polling.cancelled() else polling.result()


async def _poll(parts: House, message: Message, seconds: float) -> list[bytes]:
    """Wait for something to tell; a poll that is sent again, its answer having been lost, is told the same."""
    number = bayeux.number(message)
    async with held(parts, bayeux.client_id(message)) as session:
        listener = session.listener
        if listener is not None and number and listener.answered == number:
            session.heard = listener.previously.copy()
        before = session.heard.copy()
        await session.renew()
        told = await session.wait(seconds)
        if told:
            await session.save(number, before)
        return told


async def _gone(request: Request) -> None:
    """Wait until the client has gone away."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _in_form(body: bytes) -> bytes:
    try:
        found = parse_qs(body.decode("ascii"), strict_parsing=True, errors="strict", max_num_fields=8)
    except ValueError as error:
        raise BadMessages("the form cannot be read") from error
    return found["message"][0].encode() if "message" in found else b""


def _script(callback: str, text: bytes) -> bytes:
    """Write a call with JSON that is JavaScript too: two characters end a line there, and not in JSON."""
    safe = text.replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029")
    return b"/**/" + callback.encode() + b"(" + safe + b");"


def _shared(request: Request) -> dict[str, str]:
    """Let the site that asks see the answer; the browser's client asks with credentials, which count for nothing."""
    origin = request.headers.get("origin")
    if origin is None:
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Vary": "Origin",
    }
