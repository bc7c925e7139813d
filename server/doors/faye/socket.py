"""Bayeux over a WebSocket: what there is to tell is sent as it happens (Feeds §11.1).

Any site may open one, for no cookie is believed: what a client may hear follows from the token that it sends.
"""

import asyncio
import contextlib
import logging
from typing import Final

from starlette.websockets import WebSocket

from server import errors
from server.doors.faye import bayeux, talk
from server.doors.faye.bayeux import BadMessages, Message, Meta
from server.doors.faye.session import held
from server.errors import ProblemError
from server.house import House, house
from storage.errors import StorageError
from vocab import jsontext

log = logging.getLogger(__name__)

STRANGER_SECONDS: Final = 60.0
"""So long a socket may be open on which nobody listens."""
SILENCE_SECONDS: Final = 3 * bayeux.TIMEOUT_MILLISECONDS / 1_000
"""So long a client that connects may say nothing; it is to do so anew whenever that is answered."""
ROUND_SECONDS: Final = 30.0
MESSAGES_FREE: Final = 200
PAUSE_SECONDS: Final = 0.1
"""Whoever has sent so many texts over a socket is heard no more often than this from then on; the rest waits."""


async def serve(websocket: WebSocket) -> None:
    """Talk to one client until it goes away."""
    parts = house(websocket)
    with contextlib.ExitStack() as seat:
        try:
            seat.enter_context(parts.realtime.seats.taken(websocket.scope["caller"]))
        except ProblemError as refusal:
            await websocket.send_denial_response(errors.response(refusal))
            return
        await websocket.accept()
        await Wire(parts, websocket).serve()


class Wire:
    """A socket, the client that listens on it, and the connect that is not answered yet."""

    def __init__(self, parts: House, websocket: WebSocket) -> None:
        self._parts = parts
        self._websocket = websocket
        self._client = ""
        self._connects = False
        self._telling: asyncio.Task[None] | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._texts = 0

    async def serve(self) -> None:
        """Answer messages, one after the other, until the client goes away or says nothing for too long."""
        try:
            while (text := await self._heard()) is not None:
                await self._answer(text)
                self._texts += 1
                if self._texts > MESSAGES_FREE:
                    await asyncio.sleep(PAUSE_SECONDS)
        except StorageError as error:
            log.warning("a client cannot be answered: %s", error)
            await self._websocket.close(1013, "try again later")
        finally:
            tasks = [task for task in (self._telling, self._connecting) if task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _heard(self) -> str | bytes | None:
        try:
            async with asyncio.timeout(self._patience_seconds):
                message = await self._websocket.receive()
        except TimeoutError:
            await self._websocket.close(1001, "silence")
            return None
        if message["type"] != "websocket.receive":
            return None
        return message.get("text") or message.get("bytes") or b""

    @property
    def _patience_seconds(self) -> float | None:
        """How long the client may say nothing. One that never connects is given up when the socket is dead."""
        if self._telling is None or self._telling.done():
            return STRANGER_SECONDS
        return SILENCE_SECONDS if self._connects else None

    async def _answer(self, text: str | bytes) -> None:
        try:
            messages = bayeux.read(text)
        except BadMessages as error:
            await self._send(bayeux.refusal(400, str(error)))
            return
        for message in messages:
            if bayeux.asks(message) is Meta.CONNECT:
                await self._connect(message)
            else:
                await self._answer_now(message)

    async def _answer_now(self, message: Message) -> None:
        """Answer what can be answered at once; some clients subscribe, never connect, and wait to be told."""
        reply = await talk.answer(self._parts, message)
        await self._reply(reply)
        if reply["successful"] and bayeux.asks(message) is Meta.SUBSCRIBE:
            await self._tell_to(bayeux.client_id(message))

    async def _connect(self, message: Message) -> None:
        """Begin to tell a client what happens; the connect itself is answered after a while."""
        error = talk.refuses_connect(message)
        client = bayeux.client_id(message)
        if error:
            await self._reply(bayeux.answer(message, error))
        elif not await talk.is_known(self._parts, client):
            await self._reply(bayeux.unknown(message))
        else:
            self._connects = True
            await self._tell_to(client)
            await self._answer_later(message)

    async def _tell_to(self, client: str) -> None:
        if client == self._client and self._telling is not None and not self._telling.done():
            return
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.gather(self._telling, return_exceptions=True)
        self._client = client
        self._telling = asyncio.create_task(self._tell(client), name="telling")

    async def _answer_later(self, message: Message) -> None:
        if self._connecting is not None:
            self._connecting.cancel()  # whoever asks again does not wait for the first answer

        async def answer() -> None:
            await asyncio.sleep(bayeux.patience_seconds(message))
            await self._reply(talk.connected(message))

        self._connecting = asyncio.create_task(answer(), name="connecting")

    async def _tell(self, client: str) -> None:
        """Send what happens until another connection takes over, and remember then what was sent.

        When the database cannot be asked it ends too, and begins again with the next connect.
        """
        try:
            async with held(self._parts, client) as session:
                try:
                    while not session.ended:
                        await session.renew()
                        for message in await session.wait(ROUND_SECONDS):
                            await self._send(b"[" + message + b"]")
                finally:
                    await session.save("", session.heard)
        except StorageError as error:
            log.warning("a client cannot be told what is new: %s", error)

    async def _reply(self, message: Message) -> None:
        await self._send(jsontext.dumps([message]))

    async def _send(self, text: bytes) -> None:
        await self._websocket.send_text(text.decode())
