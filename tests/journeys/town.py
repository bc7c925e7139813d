"""A town of real servers: processes of their own, talking over real sockets on loopback."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import nursery
from nursery import Running

AS2 = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(check: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Return the first truthy answer of a check; fail when none comes in time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {answer!r}")
        time.sleep(0.05)


def never(check: Callable[[], Any], seconds: float = 1.0) -> None:
    """Fail when a check has a truthy answer within some time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = check()
        assert not answer, answer
        time.sleep(0.05)


class Person:
    """Someone with an account: posts with a bearer token, reads with it."""

    def __init__(self, server: "Server", name: str, *flags: str) -> None:
        made = server.cli("actor", "add", name, *flags)
        self.server, self.name, self.id, self.acct = server, name, made["id"], made["acct"]
        self.token = server.cli("token", "issue", name)["access_token"]
        self.document = self.get(self.id).json()

    def get(self, url: str, *, signed_in: bool = True, accept: str = AS2) -> httpx.Response:
        headers = {"Accept": accept}
        if signed_in:
            headers["Authorization"] = f"Bearer {self.token}"
        return httpx.get(url, headers=headers)

    def post(self, activity: dict[str, Any], expect: int = 201) -> dict[str, Any]:
        answer = httpx.post(
            self.document["outbox"], content=json.dumps(activity),
            headers={"Content-Type": AS2, "Authorization": f"Bearer {self.token}"},
        )  # fmt: skip
        assert answer.status_code == expect, answer.text
        return answer.json()

    def note(self, text: str, *, to: list[str] | str = PUBLIC, **members: Any) -> dict[str, Any]:
        return self.post({"type": "Note", "content": text, "to": to, **members})

    def follow(self, other: "Person") -> dict[str, Any]:
        return self.post({"type": "Follow", "object": other.id, "to": other.id})

    def items(self, collection: str, *, signed_in: bool = True) -> list[Any]:
        """Walk a whole collection from its first page."""
        found: list[Any] = []
        url = self.get(self.document.get(collection, collection), signed_in=signed_in).json().get("first")
        while url:
            page = self.get(url, signed_in=signed_in).json()
            found += page.get("orderedItems", [])
            url = page.get("next")
        return found

    def inbox(self, type: str | None = None) -> list[dict[str, Any]]:
        return [item for item in self.items("inbox") if type in (None, item["type"])]

    def has(self, activity: dict[str, Any]) -> bool:
        return any(item["id"] == activity["id"] for item in self.inbox())


class Server:
    """One server process with a data directory of its own."""

    def __init__(self, directory: Path, port: int | None = None, **settings: str) -> None:
        self.directory, self.port = directory, port or free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.host = f"127.0.0.1:{self.port}"
        self.process: Running | subprocess.Popen[bytes] | None = None
        directory.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **os.environ,
            "HEADWATER_SERVER_BASE_URL": self.base_url,
            "HEADWATER_SERVER_PORT": str(self.port),
            "HEADWATER_STORAGE_URL": f"sqlite:///{directory}/headwater.db",
            **settings,
        }

    def start(self) -> "Server":
        log = self.directory / "log"
        self.process = Running(
            ["serve"], directory=self.directory, environment=self.environment, stdout=log, stderr=log
        )
        eventually(self.ready, 90)
        return self

    def ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError((self.directory / "log").read_text()[-4000:])
        try:
            return httpx.get(f"{self.base_url}/ready").status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> int:
        """Ask the server to end and return its exit code."""
        assert self.process is not None
        self.process.terminate()
        try:
            return self.process.wait(15)
        finally:
            self.kill()

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def cli(self, *arguments: str, stdin: str | None = None, expect: int = 0) -> Any:
        code, out, err = nursery.command(
            [*arguments, "--json"], directory=self.directory, environment=self.environment, stdin=stdin
        )
        assert code == expect, err
        return json.loads(out) if out.strip() else None

    def person(self, name: str, *flags: str) -> Person:
        return Person(self, name, *flags)

    def log(self) -> str:
        return (self.directory / "log").read_text()


class Town:
    """Makes servers and clears them away."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.servers: list[Server] = []

    def server(self, **settings: str) -> Server:
        """Start one more server."""
        server = Server(self._directory / f"server{len(self.servers)}", **settings)
        self.servers.append(server)
        return server.start()
