"""Answers to requests that may be repeated."""

import pytest

from storage import Store, answers
from storage.answers import Answer
from storage.errors import Conflict

pytestmark = pytest.mark.anyio

ANSWER = Answer("hash", 201, "https://here.example/activities/1", '{"a":1}')


async def test_an_answer_is_bound_to_caller_and_key(store: Store) -> None:
    """REL-007."""
    await store.write(answers.keep, "ada", "k1", ANSWER, now=1)
    assert await store.read(answers.find, "ada", "k1") == ANSWER
    assert await store.read(answers.find, "ada", "k2") is None
    assert await store.read(answers.find, "bob", "k1") is None


async def test_the_second_of_two_parallel_requests_loses(store: Store) -> None:
    """REL-007, SEC-122: its whole transaction is undone, and it then finds the first answer."""
    await store.write(answers.keep, "ada", "k1", ANSWER, now=1)
    with pytest.raises(Conflict):
        await store.write(answers.keep, "ada", "k1", Answer("other", 201, None, ""), now=1)
    assert await store.read(answers.find, "ada", "k1") == ANSWER
