"""Whom to follow (Feeds §7.7)."""

import pytest
from plaza import Plaza

from streams.feeds import recommending

pytestmark = pytest.mark.anyio


async def recommended(plaza: Plaza, user: str, *, limit: int = 10, offset: int = 0) -> list[tuple[str, int]]:
    found = await recommending.page(plaza.parts, await plaza.refresh(), user, limit=limit, offset=offset)
    return [(one.feed, one.followers) for one in found]


async def test_what_those_follow_whom_one_follows(plaza: Plaza) -> None:
    """Feeds §7.7: the most followed first, without one's own feed and without what one follows already."""
    await plaza.follow(
        ("timeline:ada", "user:bob"), ("timeline:ada", "user:eve"), ("timeline:ada", "flat:bob"),
        ("timeline:bob", "user:eve"), ("timeline:bob", "user:ada"), ("timeline:bob", "user:mia"),
        ("timeline:bob", "user:zoe"), ("timeline:eve", "user:zoe"), ("timeline:eve", "flat:news"),
        ("flat:bob", "user:not"), ("timeline:zoe", "user:far"),
    )  # fmt: skip
    found = await recommended(plaza, "ada")
    assert found[0] == ("user:zoe", 2)
    assert set(found[1:]) == {("user:mia", 1), ("flat:news", 1)}
    assert await recommended(plaza, "ada", limit=1, offset=1) == found[1:2]
    assert await recommended(plaza, "ada", offset=3) == []


async def test_who_follows_nobody_is_recommended_nothing(plaza: Plaza) -> None:
    assert await recommended(plaza, "ada") == []
    await plaza.follow(("timeline:bob", "user:mia"))
    assert await recommended(plaza, "ada") == []
