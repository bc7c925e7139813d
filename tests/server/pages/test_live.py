"""What is told of the stream while one looks at its page (Atom §7.1)."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request

from server.pages import activity
from server.pages.activity import Seen
from storage.signals import Signals

pytestmark = pytest.mark.anyio


async def test_who_comes_back_is_not_told_again_what_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of more entries than are told at once: those at its end are as old as they were."""
    monkeypatch.setattr(activity, "MISSED_MAX", 2)
    monkeypatch.setattr(activity, "SETTLE_SECONDS", 0)
    signals, stream = Signals(), [Seen(str(number), 10_000_000 + number) for number in range(9, 0, -1)]
    parts = SimpleNamespace(
        ports=SimpleNamespace(clock=lambda: 11_000_000), store=SimpleNamespace(signals=signals)
    )

    async def look(most: int) -> Sequence[Seen]:
        return stream[:most]

    request: Any = Request({"type": "http", "state": {"house": parts}})
    closed: list[bool] = []
    answer: Any = await activity.live(
        request, look, most=5, since=10_000_003, on_close=lambda: closed.append(True)
    )
    pieces = answer._pieces
    assert (await anext(pieces)).endswith(b'data: {"new":["9","8"]}\n\n')
    stream.insert(0, Seen("10", 11_000_000))
    signals.ring(())
    assert (await anext(pieces)).endswith(b'data: {"new":["10"]}\n\n')
    await pieces.aclose()
    answer._on_close()
    assert closed == [True]
