"""Reports: for moderators alone."""

import pytest

from storage import Store, Transaction, objects, reports

pytestmark = pytest.mark.anyio


async def _one(tx: Transaction, *, host: str = "there.example", mine: bool = False, now: int = 5) -> int:
    reporter = await objects.name(tx, "https://here.example/users/ada", now=1) if mine else None
    return await reports.add(
        tx, reporter=reporter, host=host, activity="https://there.example/f", subject="https://here.example/users/eve",
        objects=["https://here.example/objects/1"], content="spam", now=now,
    )  # fmt: skip


async def test_a_report_waits_until_it_is_resolved(store: Store) -> None:
    """AP-378: once, by someone, with a note."""
    first, second = await store.write(_one), await store.write(_one, mine=True)
    waiting = await store.read(reports.page, resolved=False, before=2**62)
    assert [report.id for report in waiting] == [second, first]
    assert [report.reporter for report in waiting] == ["https://here.example/users/ada", None]
    assert waiting[1].objects == ("https://here.example/objects/1",)
    assert await store.write(reports.resolve, first, resolver=None, note="warned", now=9)
    assert not await store.write(reports.resolve, first, resolver=None, note="again", now=9)
    done = await store.read(reports.page, resolved=True, before=2**62)
    assert [(report.id, report.note, report.resolved) for report in done] == [(first, "warned", 9)]
    assert [report.id for report in await store.read(reports.page, resolved=False, before=second)] == []
    found = await store.read(reports.find, second)
    assert found is not None
    assert found.resolved is None


async def test_they_are_counted_by_who_makes_them(store: Store) -> None:
    await store.write(_one, now=5)
    await store.write(_one, now=8)
    await store.write(_one, mine=True, now=8)
    assert await store.read(reports.recent, reporter=None, host="there.example", since=4) == 2
    assert await store.read(reports.recent, reporter=None, host="there.example", since=6) == 1
    assert await store.read(reports.recent, reporter=None, host="else.example", since=0) == 0


async def test_the_other_server_is_told_once(store: Store) -> None:
    """AP-264."""
    id = await store.write(_one)
    assert await store.write(reports.forward, id, now=7)
    assert not await store.write(reports.forward, id, now=8)
