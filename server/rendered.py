"""Answers as bytes, kept for as long as a stamp read from the database says that they are still right."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class Ready(Response):
    """A response whose head was written once and is sent many times."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status_code = status
        self.background = None
        self.body = body
        fields = {name.lower(): value for name, value in headers.items()} | {"content-length": str(len(body))}
        self.raw_headers = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in fields.items()
        ]
        self._start = {"type": "http.response.start", "status": status, "headers": self.raw_headers}
        self._body = {"type": "http.response.body", "body": body}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await send(self._start)
        await send(self._body)


class Body:
    """A document ready to be sent, with the entity tag of its bytes; ``ready`` has responses by media type."""

    __slots__ = ("data", "ready", "tag")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.tag = hashlib.blake2b(data, digest_size=12).hexdigest()
        self.ready: dict[str, Ready] = {}


class Rendered:
    """The bodies asked for most recently, each with the stamp under which it was made."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, tuple[Hashable, Body]] = OrderedDict()

    def get(self, key: Hashable, stamp: Hashable) -> Body | None:
        """Return a body if it was made under this very stamp."""
        held = self._held.get(key)
        if held is None or held[0] != stamp:
            return None
        self._held.move_to_end(key)
        return held[1]

    def put(self, key: Hashable, stamp: Hashable, data: bytes) -> Body:
        """Keep a body, in place of the least recently wanted one when there are too many."""
        body = Body(data)
        self._held[key] = (stamp, body)
        if len(self._held) > self._most:
            self._held.popitem(last=False)
        return body
