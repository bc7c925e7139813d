"""Several processes that serve from one socket (REL-038)."""

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from multiprocessing.context import SpawnProcess
from types import FrameType

log = logging.getLogger(__name__)

QUICK_SECONDS = 5
"""A process that ends sooner than this has failed to start; another one would too."""

Serve = Callable[[socket.socket], None]


def run(serve: Serve, listening: socket.socket, count: int) -> bool:
    """Keep ``count`` processes serving until SIGTERM or SIGINT; False when they cannot start.

    ``serve`` is called in each process and must be picklable.
    """
    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    children = [Child(serve, listening) for _ in range(count)]
    fine = True
    while fine and not stop.wait(0.2):
        fine = all(child.keep() for child in children)
    for child in children:
        child.process.terminate()
    for child in children:
        child.process.join()
    return fine


class Child:
    """One serving process; it is started again when it dies."""

    def __init__(self, serve: Serve, listening: socket.socket) -> None:
        self._serve = serve
        self._listening = listening
        self._start()

    def keep(self) -> bool:
        """Start the process again if it has died; False when it died right after its start."""
        if self.process.is_alive():
            return True
        if time.monotonic() - self._started < QUICK_SECONDS:
            return False
        log.error(
            "serving process %s died with %s; starting another", self.process.pid, self.process.exitcode
        )
        self._start()
        return True

    def _start(self) -> None:
        self._started = time.monotonic()
        context = multiprocessing.get_context("spawn")
        self.process: SpawnProcess = context.Process(target=_serve, args=(self._serve, self._listening))
        self.process.start()


def _serve(serve: Serve, listening: socket.socket) -> None:
    """Serve for as long as the first process lives: what it left behind would keep its address taken."""
    threading.Thread(target=_stop_when_left_alone, daemon=True).start()
    serve(listening)


def _stop_when_left_alone() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
