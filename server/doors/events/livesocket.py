"""Live updates over a WebSocket, at the address of the event stream (Events §14).

Each message is an object: ``event`` is the kind of what happened, ``id`` its stream id, ``data`` all of it. What a
client sends is not listened to. That it lives is known by pings (``server.listen``).
"""

import asyncio
import contextlib
import logging
from typing import Any, Final

from starlette.requests import Request
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.auth.events import Right
from server.doors.events import live
from server.doors.events.call import Call
from server.doors.events.door import QUOTA
from server.doors.events.errors import refusal
from server.doors.events.live import Begun
from server.quotas import Quotas
from storage.errors import StorageError
from streams.errors import StreamsError
from vocab import jsontext

log = logging.getLogger(__name__)

QUOTAS: Final = Quotas({}, usual=QUOTA)
REVOKED: Final = 1008
LATER: Final = 1013


async def serve(websocket: WebSocket) -> None:
    """Tell one client what happens until it goes away."""
    # An upgrade is a GET (RFC 6455 §4.1), and its caller is believed as that of any other.
    asked = Request({**websocket.scope, "type": "http", "method": "GET"})
    with contextlib.ExitStack() as stack:
        try:
            call = await Call.of(asked, {}, live.stream, Right.READ, QUOTAS)
            begun = await live.begin(call)
            stack.enter_context(live.seat(call))
        except Exception as error:
            refused = refusal(error)
            if refused.status_code >= 500:
                log.warning("a socket cannot be opened: %s", error)
            await websocket.send_denial_response(refused)
            return
        await websocket.accept()
        await _serve(websocket, call, begun)


async def _serve(websocket: WebSocket, call: Call, begun: Begun) -> None:
    telling = asyncio.create_task(_tell(websocket, call, begun), name="telling")
    leaving = asyncio.create_task(_gone(websocket), name="leaving")
    try:
        await asyncio.wait((telling, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        telling.cancel()
        leaving.cancel()
        await asyncio.gather(telling, leaving, return_exceptions=True)
    if not telling.cancelled():
        telling.result()  # a mistake of ours is raised, for the server to log


async def _tell(websocket: WebSocket, call: Call, begun: Begun) -> None:
    try:
        async for told in live.listen(call, begun):
            for one in told:
                message: dict[str, Any] = {"event": one.kind, "id": one.stream_id, "data": one.body}
                await websocket.send_text(jsontext.dumps(message).decode())
    except WebSocketDisconnect:
        log.debug("the client went away")
    except StreamsError as error:
        await websocket.close(REVOKED, str(error))
    except StorageError as error:
        log.warning("a socket ends: %s", error)
        await websocket.close(LATER, "try again later")


async def _gone(websocket: WebSocket) -> None:
    """Wait until the client has gone away."""
    with contextlib.suppress(WebSocketDisconnect):
        while (await websocket.receive())["type"] != "websocket.disconnect":
            pass
