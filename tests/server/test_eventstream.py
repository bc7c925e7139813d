"""Answers that go on."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from server.eventstream import EventStream, event
from storage.errors import Busy
from streams.errors import Hidden

pytestmark = pytest.mark.anyio


async def _answered(
    pieces: AsyncIterator[bytes], *, leave: asyncio.Event | None = None
) -> tuple[bytes, list[str]]:
    """Return everything that was sent, and what was called at the end."""
    sent: list[Any] = []
    closed: list[str] = []

    async def receive() -> dict[str, str]:
        await (leave or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    stream = EventStream(pieces, on_close=lambda: closed.append("closed"))
    async with asyncio.timeout(5):
        await stream({"type": "http", "method": "GET"}, receive, send)
    return b"".join(message.get("body", b"") for message in sent), closed


async def _pieces(error: Exception | None = None) -> AsyncIterator[bytes]:
    yield event(7, b'{"type":"Add"}')
    if error is not None:
        raise error


async def test_events_are_written_as_browsers_read_them() -> None:
    """AP-591: an id to resume from, and one line of data."""
    body, closed = await _answered(_pieces())
    assert body == b'retry: 3000\n\nid: 7\ndata: {"type":"Add"}\n\n'
    assert closed == ["closed"]


@pytest.mark.parametrize("error", [Hidden("x"), Busy("x")])
async def test_it_ends_quietly_when_there_is_nothing_more_to_see(error: Exception) -> None:
    """AP-591: rights that are lost, or a database that is busy, end the stream; the reader may come again."""
    body, closed = await _answered(_pieces(error))
    assert body.endswith(b'{"type":"Add"}\n\n')
    assert closed == ["closed"]


async def test_a_mistake_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        await _answered(_pieces(ZeroDivisionError()))


async def test_it_ends_when_the_reader_has_gone() -> None:
    leave = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield event(1, b"{}")
        leave.set()
        await asyncio.Event().wait()

    body, closed = await _answered(endless(), leave=leave)
    assert b"id: 1\n" in body
    assert closed == ["closed"]
