"""Listening: sockets, uvicorn with our connections, and a stop that takes at most ten seconds (REL-026)."""

import asyncio
import gc
import signal
import socket
from collections.abc import Iterable
from functools import partial
from types import FrameType
from typing import cast

import uvicorn
from starlette.types import ASGIApp

from server import metrics
from server.config import Config
from server.connection import Connection, ConnectionPolicy
from server.house import House
from server.limits import Callers
from server.socket import Socket

BACKLOG = 2048
GARBAGE_MAX = 20_000
"""Containers made before the youngest are searched for cycles; there are next to none in a request."""
SOCKET_BYTES_MAX = 64 * 1024
"""Longest message that a WebSocket may bring; a longer one ends it."""
PING_SECONDS = 20.0
"""How often a WebSocket is asked whether somebody is there, and how long the answer may take."""
STREAMS_SECONDS = 4
"""How long answers in progress may go on after a stop was asked for; then endless ones are cut."""
DRAIN_SECONDS = 7
"""When those still left are cancelled; background work has the rest of the ten seconds."""


def open_socket(host: str, port: int) -> socket.socket:
    """Bind a listening socket. Raises OSError when the address cannot be had."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    listening.set_inheritable(True)
    return listening


def run(app: ASGIApp, config: Config, listening: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT. Returns after everything has been closed."""
    policy = ConnectionPolicy(
        config.limits, Callers(config.server.trusted_proxies), config.connections_per_client_max
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stay)
    Server(
        uvicorn.Config(
            app,
            http=cast(type[asyncio.Protocol], partial(Connection, policy=policy)),
            loop="uvloop",
            ws=cast(type[asyncio.Protocol], partial(Socket, policy=policy)),
            ws_max_size=SOCKET_BYTES_MAX,
            ws_ping_interval=PING_SECONDS,
            ws_ping_timeout=PING_SECONDS,
            ws_per_message_deflate=False,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
    ).run([listening])


def _stay(number: int, frame: FrameType | None) -> None:
    """Survive the signal that uvicorn, having stopped because of it, raises once more."""


class Server(uvicorn.Server):
    """Uvicorn's server, with deadlines for connections and an end to endless answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; what was made until now stays for good, and the collector need not look at it again."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(GARBAGE_MAX, 20, 50)

    async def on_tick(self, counter: int) -> bool:
        """Look after connections once a second."""
        if counter % 10 == 0:
            metrics.settle()
            now = asyncio.get_running_loop().time()
            for connection in self._connections():
                connection.enforce(now)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let answers in progress finish; after a while cut those that never would, such as event streams.

        Polls that wait for something to happen are answered at once.
        """
        house = self.lifespan.state.get("house")
        if isinstance(house, House):
            house.realtime.newsroom.close()
        cutting = asyncio.get_running_loop().call_later(STREAMS_SECONDS, self._cut)
        await super().shutdown(sockets)
        cutting.cancel()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop at the first signal, at once when it is repeated."""
        self.force_exit = sig in self._captured_signals
        super().handle_exit(sig, frame)

    def _cut(self) -> None:
        for connection in self._connections():
            connection.cut()

    def _connections(self) -> Iterable[Connection | Socket]:
        return cast("list[Connection | Socket]", list(self.server_state.connections))
