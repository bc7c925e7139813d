"""Someone who watches an event stream over a real connection."""

import contextlib
import json
import socket
import threading
from dataclasses import dataclass, field
from typing import Any, Self

import httpx


@dataclass
class Watcher:
    """Reads an event stream in a thread of its own; ``ended`` is set when the server has ended it."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    comments: int = 0
    response: httpx.Response | None = None
    ready: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._client = httpx.Client(timeout=60)
        threading.Thread(target=self._read, daemon=True).start()
        assert self.ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up, although the other thread still listens."""
        if self.response is not None:
            stream = self.response.extensions["network_stream"]
            with contextlib.suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._client.close()

    def _read(self) -> None:
        try:
            with self._client.stream("GET", self.url, headers=self.headers) as response:
                self.response = response
                for line in response.iter_lines():
                    self._take(line)
                self.ended.set()
        except httpx.HTTPError:
            self.ended.set()
        finally:
            self.ready.set()

    def _take(self, line: str) -> None:
        name, _, value = line.partition(": ")
        if line.startswith(":"):
            self.comments += 1
        elif name == "retry":
            self.ready.set()
        elif name == "id":
            self.ids.append(value)
        elif name == "data":
            self.events.append(json.loads(value))

    def told(self, type: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == type]
