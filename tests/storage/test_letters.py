"""What is sent to many."""

import pytest

from storage import Store, jobs, letters

pytestmark = pytest.mark.anyio


async def test_a_letter_that_is_referred_to_stays(store: Store) -> None:
    first = await store.write(letters.write, "one", now=1)
    second = await store.write(letters.write, "two\n“three”", now=1)
    await store.write(jobs.add, "q", {}, now=1, letter=second)
    await store.write(letters.forget, [first, second])
    assert await store.read(letters.read, first) is None
    assert await store.read(letters.read, second) == "two\n“three”"
