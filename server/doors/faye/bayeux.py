"""Bayeux 1.0: what clients send and what they are answered, as values (Feeds §11.1).

Nothing here knows who is connected or how. Error texts keep to the characters of the protocol's grammar, so that
clients can take them apart: ``403:/channel:Forbidden channel``.
"""

import re
from enum import Enum
from typing import Any, Final, TypeAlias

from vocab import JsonError, jsontext

Message: TypeAlias = dict[str, Any]

VERSION: Final = "1.0"
POLLING: Final = "long-polling"
CONNECTION_TYPES: Final = ("websocket", POLLING, "cross-origin-long-polling", "callback-polling")
"""How messages may be carried. The last two are what scripts of other sites have without a WebSocket."""

TIMEOUT_MILLISECONDS: Final = 45_000
"""So long a connect is held when there is nothing to tell."""
RETRY: Final[Message] = {"reconnect": "retry", "interval": 0, "timeout": TIMEOUT_MILLISECONDS}
HANDSHAKE: Final[Message] = RETRY | {"reconnect": "handshake"}
"""Some clients cannot read an advice that does not say how long to wait, and then never shake hands again."""

MESSAGES_MAX: Final = 64
"""So many messages may come together."""
CHANNELS_MAX: Final = 64
"""So many channels may be named in one message."""
CHANNEL_CHARS_MAX: Final = 600
ID_CHARS_MAX: Final = 64

_OUTSIDE_GRAMMAR: Final = re.compile(r"[^a-zA-Z0-9\-_!~()$@ /*.]")


class Meta(Enum):
    """What a client may ask for, by the channel it asks on."""

    HANDSHAKE = "/meta/handshake"
    CONNECT = "/meta/connect"
    SUBSCRIBE = "/meta/subscribe"
    UNSUBSCRIBE = "/meta/unsubscribe"
    DISCONNECT = "/meta/disconnect"


class BadMessages(Exception):
    """What was sent is no JSON, no message, or too many of them; its text may be told."""


def read(text: bytes | str) -> list[Message]:
    """Read one message or several. Raises BadMessages."""
    try:
        found = jsontext.loads(text)
    except JsonError as error:
        raise BadMessages(f"not JSON that we take: {error}") from error
    sent = found if isinstance(found, list) else [found]
    if len(sent) > MESSAGES_MAX:
        raise BadMessages(f"more than {MESSAGES_MAX} messages")
    messages = [message for message in sent if isinstance(message, dict)]
    if len(messages) < len(sent):
        raise BadMessages("a message is an object")
    return messages


def asks(message: Message) -> Meta | None:
    """Return what a message asks for; None when it is nothing that a client may ask."""
    channel = message.get("channel")
    return Meta(channel) if isinstance(channel, str) and channel in _METAS else None


_METAS: Final = frozenset(meta.value for meta in Meta)


def client_id(message: Message) -> str:
    """Return by what name a client speaks, or nothing."""
    found = message.get("clientId")
    return found if isinstance(found, str) else ""


def number(message: Message) -> str:
    """Return the client's own name for a message, as text; it is the same when the message is sent again."""
    found = message.get("id")
    if isinstance(found, str) and len(found) <= ID_CHARS_MAX:
        return found
    return str(found) if type(found) is int else ""


def channels(message: Message) -> list[str] | None:
    """Return the channels that a subscription names; None when that cannot be read."""
    found = message.get("subscription")
    named = [found] if isinstance(found, str) else found
    if not isinstance(named, list) or not 0 < len(named) <= CHANNELS_MAX:
        return None
    if not all(isinstance(one, str) and 0 < len(one) <= CHANNEL_CHARS_MAX for one in named):
        return None
    return list(dict.fromkeys(named))


def patience_seconds(message: Message) -> float:
    """Return how long a connect is to be held: what the client asks for, at most the usual time."""
    advice = message.get("advice")
    asked = advice.get("timeout") if isinstance(advice, dict) else None
    if isinstance(asked, bool) or not isinstance(asked, int | float):
        asked = TIMEOUT_MILLISECONDS
    return float(min(max(asked, 0), TIMEOUT_MILLISECONDS)) / 1_000


def credentials(message: Message) -> tuple[str, str]:
    """Return the API key and the token that come with a subscription, empty where there is none."""
    ext = message.get("ext")
    found = ext if isinstance(ext, dict) else {}
    key, token = found.get("api_key"), found.get("signature")
    return key if isinstance(key, str) else "", token if isinstance(token, str) else ""


def refuses_handshake(message: Message) -> str:
    """Return the error that a handshake deserves, or nothing."""
    if not isinstance(message.get("version"), str):
        return error(402, "version", "Missing required parameter")
    offered = message.get("supportedConnectionTypes")
    if not isinstance(offered, list):
        return error(402, "supportedConnectionTypes", "Missing required parameter")
    return "" if _common(offered) else error(301, "", "Connection types not supported")


def welcome(message: Message, client_id: str) -> Message:
    """Answer a handshake that is fine: from now on the client has a name."""
    return answer(
        message,
        version=VERSION,
        clientId=client_id,
        supportedConnectionTypes=_common(message["supportedConnectionTypes"]),
        advice=RETRY,
    )


def unwelcome(message: Message, error: str) -> Message:
    """Answer a handshake that cannot succeed."""
    return answer(
        message, error, version=VERSION, supportedConnectionTypes=list(CONNECTION_TYPES), advice=HANDSHAKE
    )


def unknown(message: Message) -> Message:
    """Answer a client that we do not know, or not any more."""
    return answer(message, error(401, client_id(message), "Unknown client"), advice=HANDSHAKE)


def forbidden(message: Message) -> Message:
    """Answer a client that asks for what none may ask, or publishes."""
    channel = message.get("channel")
    if not isinstance(channel, str):
        return answer(message, error(402, "channel", "Missing required parameter"))
    return answer(message, error(403, channel, "Clients may not publish"))


def answer(message: Message, error: str = "", **members: Any) -> Message:
    """Answer a message; with an error it was not successful."""
    told: Message = {"successful": not error}
    channel = message.get("channel")
    if isinstance(channel, str):
        told["channel"] = channel[:CHANNEL_CHARS_MAX]
    if number(message):
        told["id"] = message["id"]
    if error:
        told["error"] = error
    elif client_id(message):
        told["clientId"] = client_id(message)
    return told | members


def refusal(status: int, text: str) -> bytes:
    """Write the refusal of whatever was sent; the status of HTTP is the code of the error."""
    return jsontext.dumps([{"successful": False, "error": error(status, "", text)}])


def error(code: int, about: str, text: str) -> str:
    """Spell an error: its code, what it is about, and a text."""
    return f"{code}:{_OUTSIDE_GRAMMAR.sub('.', about[:CHANNEL_CHARS_MAX])}:{_OUTSIDE_GRAMMAR.sub('', text)}"


def _common(offered: list[Any]) -> list[str]:
    return [kind for kind in CONNECTION_TYPES if kind in offered]
