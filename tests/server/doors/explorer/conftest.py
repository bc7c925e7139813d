"""A server with an application in it, and the members who may look into that, or not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from member import PASSWORD, Member
from town import Server, Town


def activity(number: int, **others: Any) -> dict[str, Any]:
    usual = {
        "actor": "SU:ada", "verb": "pin", "object": f"Place:{number}", "foreign_id": f"pin:{number}",
        "time": f"2026-01-{number // 24 + 1:02}T{number % 24:02}:00:00.123456", "popularity": number,
    }  # fmt: skip
    return usual | others


def instructions() -> list[dict[str, Any]]:
    pins = [activity(number) for number in range(30)]
    nested = {"a": [1, 2.5, None], "b": "<script>alert(1)</script>"}
    telling = activity(
        40, target="Board:1", note="<script>", text="long " * 60, nested=nested, to=["notification:bob"]
    )
    likes = [activity(50 + n, actor=f"SU:user{n}", verb="like", object="Photo:1") for n in range(18)]
    users = [f"timeline:{n}" for n in range(60)]
    follows = [{"instruction": "follow", "feedId": name, "data": ["user:ada"]} for name in users]
    return [
        {"instruction": "add_activities", "feedId": "user:ada", "data": [*pins, telling]},
        {"instruction": "add_activities", "feedId": "notification:bob", "data": likes},
        {"instruction": "follow", "feedId": "timeline:ada", "data": ["user:ada", "user:bob"]},
        *follows,
    ]


@pytest.fixture(scope="session")
def explored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose tenant ``shop`` has something of everything. Ada runs it, Bob owns the shop, Eve nothing."""
    directory = tmp_path_factory.mktemp("explored")
    server = Town(directory).server()
    for name in ("ada", "bob", "eve"):
        server.cli("actor", "add", name, "--password-stdin", stdin=f"{PASSWORD}\n")
    server.cli("member", "add", "ada", "--password-stdin", "--admin", stdin=f"{PASSWORD}\n")
    server.cli("tenant", "add", "shop")
    server.cli("tenant", "change", "shop", "--owner", "bob")
    path = Path(directory) / "shop.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in instructions()))
    assert server.cli("import", "stream", str(path), "--tenant", "shop")["left"] == {}
    yield server
    server.kill()


def _member(server: Server, name: str) -> Iterator[Member]:
    with Member(server, name, new=False) as member:
        member.sign_in()
        yield member


@pytest.fixture(scope="session")
def ada(explored: Server) -> Iterator[Member]:
    """Who runs the server."""
    yield from _member(explored, "ada")


@pytest.fixture(scope="session")
def bob(explored: Server) -> Iterator[Member]:
    """Who owns the shop."""
    yield from _member(explored, "bob")


@pytest.fixture(scope="session")
def eve(explored: Server) -> Iterator[Member]:
    """Who owns nothing."""
    yield from _member(explored, "eve")
