"""Guessing becomes slow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import Store, attempts
from storage.attempts import QUIET_US, SECOND_US, WAIT_SECONDS_MAX, wait_us


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (14, 512), (15, 900), (10_000, 900)]
)
def test_each_failure_doubles_the_wait(failures: int, seconds: int) -> None:
    """SEC-094."""
    assert wait_us(failures, 5) == seconds * SECOND_US


@given(st.integers(0, 10**9), st.integers(1, 100))
def test_the_wait_never_shrinks_and_has_an_end(failures: int, free: int) -> None:
    """SEC-094."""
    assert wait_us(failures, free) <= wait_us(failures + 1, free) <= WAIT_SECONDS_MAX * SECOND_US


@pytest.mark.anyio
class TestCounting:
    async def test_tries_are_free_then_wait(self, store: Store) -> None:
        """SEC-094: a try that must wait is not counted, nor does it put off the next."""
        for _ in range(3):
            assert await store.write(attempts.begin, "ada", free=3, now=100) == 0
        assert await store.write(attempts.begin, "ada", free=3, now=100) == SECOND_US
        assert await store.write(attempts.begin, "ada", free=3, now=101) == SECOND_US - 1
        assert await store.write(attempts.begin, "bob", free=3, now=101) == 0
        assert await store.write(attempts.begin, "ada", free=3, now=100 + SECOND_US) == 0
        assert await store.write(attempts.begin, "ada", free=3, now=100 + SECOND_US) == 2 * SECOND_US

    async def test_success_and_time_forget(self, store: Store) -> None:
        for _ in range(3):
            await store.write(attempts.begin, "ada", free=3, now=100)
        await store.write(attempts.forgive, "ada")
        assert await store.write(attempts.begin, "ada", free=3, now=100) == 0
        await store.write(attempts.forget, "ada")
        for _ in range(3):
            assert await store.write(attempts.begin, "ada", free=3, now=100) == 0
        assert await store.write(attempts.begin, "ada", free=3, now=100 + QUIET_US + 1) == 0
        assert await store.write(attempts.begin, "ada", free=3, now=100 + QUIET_US + 1) == 0
