"""People who sign in."""

import pytest

from storage import Store, members
from storage.members import Member

pytestmark = pytest.mark.anyio


async def test_a_member_comes_changes_and_goes(store: Store, actor: int) -> None:
    assert await store.read(members.find, actor) is None
    await store.write(members.put, actor, password="one", admin=False, now=1)
    await store.write(members.put, actor, password="two", admin=True, now=2)
    assert await store.read(members.find, actor) == Member(actor, "two", True, 1)
    assert await store.write(members.remove, actor)
    assert not await store.write(members.remove, actor)
    assert await store.read(members.find, actor) is None


def test_a_member_does_not_show_the_password() -> None:
    """SEC-118."""
    assert "secret" not in repr(Member(1, "secret", False, 1))
