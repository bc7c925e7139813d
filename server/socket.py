"""One WebSocket: uvicorn's protocol, counted as the connection that it was before (REL-023).

Its messages are held to a size, it is asked from time to time whether somebody is there (``server.listen``), and
while the application has not taken a message no further one is read.
"""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from server.connection import ConnectionPolicy
from server.limits import caller_key


class Socket(WebSocketsSansIOProtocol):
    """Takes over from ``Connection`` when a client asks for a WebSocket."""

    def __init__(self, *args: Any, policy: ConnectionPolicy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._policy = policy
        self._client_key = ""

    def connection_made(self, transport: Any) -> None:
        """Take over a connection, which stays counted."""
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        self._client_key = "" if self._policy.callers.is_trusted(address) else caller_key(address)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        super().connection_lost(exc)
        self._policy.left(self._client_key)

    def enforce(self, now: float) -> None:
        """Do nothing: pings tell whether a socket lives, and its door how long it may be idle."""

    def cut(self) -> None:
        """End the connection."""
        self.transport.close()
