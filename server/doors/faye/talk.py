"""Answering messages, whichever transport has brought them (Feeds §11.1). Connects are the transports' own."""

from server.doors.faye import bayeux, names, subscribing
from server.doors.faye.bayeux import Message, Meta
from server.house import House
from storage import listeners


async def answer(parts: House, message: Message) -> Message:
    """Answer a message that can be answered at once."""
    asked = bayeux.asks(message)
    if asked is None:
        return bayeux.forbidden(message)
    if asked is Meta.HANDSHAKE:
        return _handshake(parts, message)
    if not await is_known(parts, bayeux.client_id(message)):
        return bayeux.unknown(message)
    if asked is Meta.SUBSCRIBE:
        return await subscribing.subscribe(parts, message)
    if asked is Meta.UNSUBSCRIBE:
        return await subscribing.unsubscribe(parts, message)
    return await _disconnect(parts, message)


async def is_known(parts: House, id: str) -> bool:
    """Tell whether a client has shaken hands a short while ago, or listens to something."""
    if not names.is_ours(id, parts.realtime.key):
        return False
    now = parts.ports.clock()
    return names.is_fresh(id, now=now) or await parts.store.peek(listeners.find, id, now=now) is not None


def connected(message: Message) -> Message:
    """Answer a connect of a client that is known; what there is to tell follows."""
    return bayeux.answer(message, advice=bayeux.RETRY)


def refuses_connect(message: Message) -> str:
    """Return the error that a connect deserves, or nothing."""
    kind = message.get("connectionType")
    if kind is None:
        return bayeux.error(402, "connectionType", "Missing required parameter")
    if kind not in bayeux.CONNECTION_TYPES:
        return bayeux.error(301, str(kind), "Connection types not supported")
    return ""


def _handshake(parts: House, message: Message) -> Message:
    refused = bayeux.refuses_handshake(message)
    if refused:
        return bayeux.unwelcome(message, refused)
    return bayeux.welcome(message, names.fresh(parts.realtime.key, now=parts.ports.clock()))


async def _disconnect(parts: House, message: Message) -> Message:
    found = await parts.store.peek(listeners.find, bayeux.client_id(message), now=parts.ports.clock())
    if found is not None:
        await parts.store.write(subscribing.disconnect, found)
    return bayeux.answer(message)
