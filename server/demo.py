"""The demonstration: two servers on this machine, and a story that crosses between them.

The servers are processes of their own with data of their own; the teller knows of them what any client knows.
"""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from federation import Client, OutboundPolicy
from federation.errors import FederationError

AS2 = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
START_SECONDS = 30.0
ARRIVAL_SECONDS = 15.0

Tell = Callable[[str, str], None]
"""Tells one line of the story: who, and what happened."""


class DemoError(Exception):
    """The story could not be told to its end."""


@dataclass(frozen=True, slots=True)
class Site:
    """One of the servers: where it is and how its commands are run."""

    directory: Path
    base_url: str
    environment: dict[str, str]

    async def command(self, *arguments: str) -> dict[str, Any]:
        """Run one of the program's commands on this server and return what it prints."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server", *arguments, "--json", cwd=self.directory, env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        out, errors = await process.communicate()
        if process.returncode:
            raise DemoError(errors.decode().strip())
        answer: dict[str, Any] = json.loads(out)
        return answer


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account on one of the servers, and the client they use."""

    name: str
    id: str
    token: str
    client: Client

    async def get(self, url: str) -> dict[str, Any]:
        """Read a document as this person."""
        headers = {"Accept": AS2, "Authorization": f"Bearer {self.token}"}
        answer: dict[str, Any] = json.loads((await self.client.get(url, headers=headers)).body)
        return answer

    async def post(self, activity: dict[str, Any]) -> dict[str, Any]:
        """Publish something and return the activity."""
        outbox = (await self.get(self.id))["outbox"]
        headers = {"Authorization": f"Bearer {self.token}"}
        body = json.dumps(activity).encode()
        answer = await self.client.post(outbox, body, content_type=AS2, headers=headers)
        if answer.status != 201:
            raise DemoError(f"{outbox} answered {answer.status}: {answer.body.decode(errors='replace')}")
        published: dict[str, Any] = json.loads(answer.body)
        return published

    async def hears(self, matches: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until something arrives in this person's inbox."""
        inbox = (await self.get(self.id))["inbox"]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ARRIVAL_SECONDS):
                while True:
                    page = await self.get((await self.get(inbox))["first"])
                    for item in page.get("orderedItems", []):
                        if matches(item):
                            return dict(item)
                    await asyncio.sleep(0.05)
        raise DemoError(f"nothing arrived for {self.name} within {ARRIVAL_SECONDS:g} seconds")


@contextlib.asynccontextmanager
async def two_servers(directory: Path) -> AsyncIterator[tuple[Site, Site]]:
    """Start two servers with fresh data below a directory; they end with the block."""
    async with contextlib.AsyncExitStack() as running:
        first = await running.enter_async_context(_running(directory / "one"))
        second = await running.enter_async_context(_running(directory / "two"))
        yield first, second


@contextlib.asynccontextmanager
async def _running(directory: Path) -> AsyncIterator[Site]:
    site = _site(directory, _free_port())
    with (directory / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "server",
            "serve",
            cwd=directory,
            env=site.environment,
            stdout=log,
            stderr=log,
        )
    try:
        await _ready(site)
        yield site
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


def _site(directory: Path, port: int) -> Site:
    directory.mkdir(parents=True)
    base_url = f"http://127.0.0.1:{port}"
    own = {name: value for name, value in os.environ.items() if not name.startswith("HEADWATER_")}
    settings = {
        "HEADWATER_SERVER_BASE_URL": base_url,
        "HEADWATER_SERVER_PORT": str(port),
        "HEADWATER_STORAGE_URL": f"sqlite:///{directory}/headwater.db",
    }
    return Site(directory, base_url, own | settings)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _ready(site: Site) -> None:
    async with Client(_policy()) as client:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                while True:
                    with contextlib.suppress(FederationError):
                        if (await client.get(f"{site.base_url}/ready", headers={})).status == 200:
                            return
                    await asyncio.sleep(0.1)
    raise DemoError(f"{site.base_url} did not start: {(site.directory / 'log').read_text()[-2000:]}")


def _policy() -> OutboundPolicy:
    return OutboundPolicy(user_agent="Headwater demo", test_mode=True)


async def story(first: Site, second: Site, tell: Tell) -> None:
    """Tell how someone on one server follows someone on the other, and what then arrives where."""
    async with Client(_policy()) as client:
        ada, bob = await asyncio.gather(_moves_in(first, "ada", client), _moves_in(second, "bob", client))
        tell("ada", f"lives at {ada.id}")
        tell("bob", f"lives at {bob.id}")
        follow = await bob.post({"type": "Follow", "object": ada.id})
        tell("bob", "asks to follow ada")
        await bob.hears(lambda item: item["type"] == "Accept" and item["object"]["id"] == follow["id"])
        tell("ada", "has accepted, by a signed Accept from her server to his")
        note = {"type": "Note", "content": "<p>Hello from the other side.</p>"}
        posted = await ada.post({**note, "to": [PUBLIC, f"{ada.id}/followers"]})
        tell("ada", f"posts a note: {posted['object']['id']}")
        received = await bob.hears(lambda item: item["id"] == posted["id"])
        tell("bob", f"finds it in his inbox: {received['object']['content']}")
        like = await bob.post({"type": "Like", "object": posted["object"]["id"]})
        tell("bob", "likes it")
        await ada.hears(lambda item: item["id"] == like["id"])
        likes = await ada.get(posted["object"]["likes"])
        tell("ada", f"sees it: her note has {likes['totalItems']} like")


async def _moves_in(site: Site, name: str, client: Client) -> Person:
    made = await site.command("actor", "add", name)
    token = await site.command("token", "issue", name)
    return Person(name, made["id"], token["access_token"], client)
