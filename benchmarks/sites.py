"""The servers that are measured: ours, the plainest one that the same stack allows, a sink, and a peer."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg

HERE = Path(__file__).parent
LIMIT = """
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
BODY = b"x" * {size}
async def get(request): return Response(BODY, media_type="application/activity+json")
async def post(request):
    await request.body()
    return Response(status_code=202)
app = Starlette(routes=[Route("/", get), Route("/", post, methods=["POST"])])
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{url} did not start: {log.read_text()[-3000:]}")


@contextlib.contextmanager
def running(
    arguments: list[str], url: str, directory: Path, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    log = directory / f"log-{time.monotonic_ns()}"
    with log.open("wb") as out:
        process = subprocess.Popen(
            arguments, cwd=directory, env={**os.environ, **(environment or {})}, stdout=out, stderr=out
        )
    try:
        wait_for(url, process, log)
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def limit(directory: Path, size: int) -> Iterator[int]:
    """Starlette on uvicorn that answers a GET with so many bytes and a POST, body read, with 202."""
    port = free_port()
    (directory / f"limit{port}.py").write_text(LIMIT.format(size=size))
    arguments = [
        sys.executable, "-m", "uvicorn", f"limit{port}:app", "--port", str(port), "--log-level", "error",
        "--no-access-log",
    ]  # fmt: skip
    with running(arguments, f"http://127.0.0.1:{port}/", directory):
        yield port


def settings(directory: Path, port: int, durability: str = "full", url: str = "") -> dict[str, str]:
    return {
        "HEADWATER_SERVER_BASE_URL": f"http://127.0.0.1:{port}",
        "HEADWATER_SERVER_PORT": str(port),
        "HEADWATER_STORAGE_URL": url or f"sqlite:///{directory}/headwater{port}.db",
        "HEADWATER_STORAGE_DURABILITY": durability,
    }


@contextlib.contextmanager
def schema(name: str) -> Iterator[str]:
    """Lend an empty schema of PostgreSQL; the empty text where no PostgreSQL is named."""
    server = os.environ.get("TEST_POSTGRES_URL", "")
    if not server:
        yield ""
        return
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            yield f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{name}"
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


@contextlib.contextmanager
def ours(directory: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    base_url = environment["HEADWATER_SERVER_BASE_URL"]
    with running(
        [sys.executable, "-m", "server", "serve"], f"{base_url}/ready", directory, environment
    ) as process:
        yield process


def command(directory: Path, environment: dict[str, str], *arguments: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "server", *arguments, "--json"], cwd=directory, env={**os.environ, **environment},
        capture_output=True, check=True,
    )  # fmt: skip
    loaded: dict[str, str] = json.loads(done.stdout)
    return loaded


@contextlib.contextmanager
def sink(directory: Path, actor_document: str) -> Iterator[int]:
    """Other people's servers, all on one port of every loopback address: serves one actor, takes any POST."""
    port = free_port()
    (directory / "actor.json").write_text(actor_document)
    arguments = [sys.executable, str(HERE / "sink.py"), str(port), str(directory / "actor.json")]
    with running(arguments, f"http://127.0.0.1:{port}/count", directory):
        yield port


FEDIFY = HERE.parent / "tests" / "peers" / "fedify"


@contextlib.contextmanager
def fedify(directory: Path) -> Iterator[tuple[int, int] | None]:
    """Run the server made with Fedify that the tests talk to; its port and its controls', None without Node.js."""
    if shutil.which("node") is None or not (FEDIFY / "node_modules").is_dir():
        print(f"no Fedify to compare with: npm ci --ignore-scripts --prefix {FEDIFY}", flush=True)
        yield None
        return
    with (directory / f"fedify{time.monotonic_ns()}").open("wb") as log:
        process = subprocess.Popen(
            ["node", "peer.mjs"], cwd=FEDIFY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            env={**os.environ, "FEDIFY_LOG": "fatal"},
        )  # fmt: skip
    assert process.stdout is not None
    try:
        addresses = json.loads(process.stdout.readline())
        yield tuple(int(addresses[name].rsplit(":", 1)[1]) for name in ("federation", "control"))  # type: ignore[misc]
    finally:
        process.communicate()


def resident_mib(process: subprocess.Popen[bytes]) -> float:
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS")
