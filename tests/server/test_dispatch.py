"""Dispatch: the right handler, 404, and 405 with what is allowed."""

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message

from server.dispatch import Application
from server.errors import ProblemError

pytestmark = pytest.mark.anyio


def _says(word: str) -> object:
    async def handler(request: Request) -> Response:
        return PlainTextResponse(f"{word} {request.path_params}")

    return handler


APPLICATION = Application(
    [
        Route("/users/{name}/inbox", _says("post inbox"), methods=["POST"]),  # type: ignore[arg-type]
        Route("/users/{name}", _says("actor")),  # type: ignore[arg-type]
        Route("/users/{name}/{kind}", _says("collection")),  # type: ignore[arg-type]
        Route("/@{name}", _says("page")),  # type: ignore[arg-type]
        Route("/", _says("home")),  # type: ignore[arg-type]
    ]
)


async def _ask(method: str, path: str, raw: bytes | None = None) -> str:
    sent = await _sent(method, path, raw)
    return str(sent[1]["body"].decode())


async def _sent(method: str, path: str, raw: bytes | None = None) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": raw,
        "headers": [],
        "query_string": b"",
    }
    await APPLICATION(scope, receive, send)
    return sent


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("POST", "/users/ada/inbox", "post inbox {'name': 'ada'}"),
        ("GET", "/users/ada/inbox", "collection {'name': 'ada', 'kind': 'inbox'}"),
        ("HEAD", "/users/ada", "actor {'name': 'ada'}"),
        ("GET", "/@ada", "page {'name': 'ada'}"),
        ("GET", "/", "home {}"),
    ],
)
async def test_the_right_handler(method: str, path: str, answer: str) -> None:
    assert await _ask(method, path) == answer


async def test_a_slash_that_came_encoded_belongs_to_its_segment() -> None:
    """Events §2.1: ids of entities may have some."""
    assert await _ask("GET", "/users/a/b%2F", b"/users/a%2Fb%252F") == "actor {'name': 'a/b%2F'}"
    answer = await _ask("GET", "/users/å/b/c", b"/users/%C3%A5/b%2fc")
    assert answer == "collection {'name': 'å', 'kind': 'b/c'}"


@pytest.mark.parametrize("path", ["/users", "/users/ada/inbox/x", "/nothing", "/users/ada/"])
async def test_nothing_there(path: str) -> None:
    with pytest.raises(ProblemError) as refusal:
        await _ask("GET", path)
    assert refusal.value.status == 404


async def test_another_method() -> None:
    """AP-066: 405 with everything that is allowed on the path."""
    with pytest.raises(ProblemError) as refusal:
        await _ask("DELETE", "/users/ada/inbox")
    assert refusal.value.status == 405
    assert refusal.value.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


async def test_what_is_allowed_can_be_asked() -> None:
    """RFC 9110 §9.3.7: 204 with what is allowed there, 404 where there is nothing."""
    start, _ = await _sent("OPTIONS", "/users/ada/inbox")
    assert start["status"] == 204
    assert dict(start["headers"])[b"allow"] == b"GET, HEAD, OPTIONS, POST"
    with pytest.raises(ProblemError) as refusal:
        await _ask("OPTIONS", "/nothing")
    assert refusal.value.status == 404
