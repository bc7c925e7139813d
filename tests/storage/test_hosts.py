"""What we have learned of other hosts."""

import pytest

from storage import Store, hosts, jobs
from storage.hosts import (
    FAILURES_MAX,
    FAILURES_WITHIN_US,
    OPEN_US,
    OPEN_US_MAX,
    PROBE_US,
    SUSPENDED_AFTER_US,
    HostState,
    after_failure,
)

pytestmark = pytest.mark.anyio

HOST = "there.example"


async def test_nothing_is_known_of_a_stranger(store: Store) -> None:
    assert await store.read(hosts.get, HOST) == HostState(HOST)


async def test_what_was_learned_is_kept(store: Store) -> None:
    """AP-155."""
    await store.write(hosts.learn_signature, HOST, "rfc9421", 5)
    await store.write(hosts.learn_signature, HOST, "cavage", 6)
    await store.write(hosts.learn_media_type, HOST, "application/ld+json", 7)
    await store.write(hosts.hold, HOST, 99, 8)
    state = await store.read(hosts.get, HOST)
    assert (state.signature, state.signature_learned, state.media_type) == (
        "cavage",
        6,
        "application/ld+json",
    )
    assert (state.not_before, state.seen) == (99, 8)
    assert state.is_closed_to_us(98)
    assert not state.is_closed_to_us(99)


async def test_failures_open_the_circuit_and_a_success_closes_it(store: Store) -> None:
    """REL-016."""
    for n in range(FAILURES_MAX):
        state = await store.write(hosts.failed, HOST, 10 + n)
        assert (state.open_until is not None) == (n == FAILURES_MAX - 1)
        assert state == await store.read(hosts.get, HOST)
    assert state.is_closed_to_us(20)
    await store.write(hosts.succeeded, [HOST], 30)
    assert await store.read(hosts.get, HOST) == HostState(HOST, seen=30)


async def test_the_success_of_a_stranger_leaves_no_trace(store: Store) -> None:
    """SEC-117: a host that always answers needs no row."""
    await store.write(hosts.succeeded, [HOST], 1)
    assert (await store.read(hosts.get, HOST)).seen == 0


def _fail(state: HostState, *instants: int) -> HostState:
    for now in instants:
        state = after_failure(state, now)
    return state


def test_failures_far_apart_do_not_open_the_circuit() -> None:
    """REL-016: five within ten minutes, one after the other."""
    far_apart = [n * (FAILURES_WITHIN_US // 3) for n in range(1, 20)]
    assert _fail(HostState(HOST), *far_apart).opens == 0
    assert _fail(HostState(HOST), *range(1, 1 + FAILURES_MAX)).opens == 1


def test_the_circuit_stays_open_longer_each_time() -> None:
    """REL-016: half an hour at first, twelve hours at most."""
    state = _fail(HostState(HOST), *range(1, 1 + FAILURES_MAX))
    pauses = []
    for _ in range(15):
        now = state.open_until or 0
        state = after_failure(state, now)
        pauses.append((state.open_until or 0) - now)
    assert pauses[:5] == [OPEN_US * 2, OPEN_US * 4, OPEN_US * 8, OPEN_US * 16, OPEN_US_MAX]
    assert set(pauses[5:]) == {OPEN_US_MAX}


def test_what_was_under_way_when_it_opened_changes_nothing() -> None:
    state = _fail(HostState(HOST), *range(1, 1 + FAILURES_MAX))
    later = after_failure(state, 10)
    assert (later.opens, later.open_until) == (state.opens, state.open_until)


async def test_a_host_that_has_failed_for_a_week(store: Store) -> None:
    """AP-298: from then on it is tried once a day."""
    state = HostState(HOST, failures=9, failing_since=0, opens=5, open_until=SUSPENDED_AFTER_US - 1)
    assert not state.is_suspended(SUSPENDED_AFTER_US - 1)
    later = after_failure(state, SUSPENDED_AFTER_US)
    assert later.is_suspended(SUSPENDED_AFTER_US)
    assert later.open_until == SUSPENDED_AFTER_US + PROBE_US
    assert after_failure(state, SUSPENDED_AFTER_US - 1).open_until == SUSPENDED_AFTER_US - 1 + OPEN_US_MAX


async def test_a_host_that_is_heard_of(store: Store) -> None:
    """AP-298: it is tried at once, with a single delivery first; one that is not down stays as it is."""
    for n in range(FAILURES_MAX):
        await store.write(hosts.failed, HOST, n)
    await store.write(jobs.add, "q", {"n": 1}, now=10, lane=HOST)
    await store.write(jobs.add, "q", {"n": 2}, now=10, lane=HOST)
    assert await store.write(jobs.claim, "q", now=20, owner="me", lease_us=99, limit=5) == []
    await store.write(hosts.heard, HOST, 30)
    claimed = await store.write(jobs.claim, "q", now=30, owner="me", lease_us=99, limit=5)
    assert [job.payload["n"] for job in claimed] == [1]
    await store.write(hosts.heard, "stranger.example", 30)
    assert await store.read(hosts.get, "stranger.example") == HostState("stranger.example")
