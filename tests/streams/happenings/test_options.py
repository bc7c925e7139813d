"""By what the built-in providers can be filtered: what occurs, as far as the reader may know of it (Atom §4.5, §5)."""

import pytest
from square import Square, tell
from world import PUBLIC

from streams.happenings import occurring
from streams.providers import Onlooker
from streams.providers.onlooker import ANYBODY

pytestmark = pytest.mark.anyio

ADMIN = Onlooker(admin=True)


async def options(square: Square, key: str, by: Onlooker = ANYBODY) -> dict[str, dict[str, str]]:
    return {one["key"]: one["values"] for one in await square.provider(key).filters(by)}


async def test_values_are_those_that_occur(square: Square) -> None:
    """Atom §4.5: ``{object key}:{verb key}``, with what people call it."""
    ada = await square.world.local("ada")
    said = await square.world.say(ada, type="Note", content="Hi", to=PUBLIC)
    await square.world.say(ada, type="Note", content="Yes", inReplyTo=said.ids("object")[0], to=PUBLIC)
    await tell(square, ada, provider="thirdparty", to=(PUBLIC,))
    values = (await options(square, "social"))["activity"]
    assert values["note:post"] == "Note created"
    assert values["comment:post"] == "Comment created"
    assert await options(square, "thirdparty") == {
        "activity": {"issue:close": "Issue close"},
        "provider_name": {"https://git.example/@Orchard Git": "Orchard Git"},
    }
    named = await square.ids("provider_name IS https://git.example/", key="thirdparty")
    assert named == []


async def test_nobody_learns_from_values_what_they_may_not_see(
    square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Atom §4.5, §17.5: neither of the newest things nor of any others."""
    ada = await square.world.local("ada")
    await square.plaza.add("user:ada", {"verb": "hush", "object": "Ticket:SECRET-1"})
    await square.log.event(
        "as.secret.plan.made", acl=[{"READ": "Group/board"}], involves=[{"ACTOR": "Employee/Ada"}]
    )
    for newest in (occurring.NEWEST_MAX, 0):
        monkeypatch.setattr(occurring, "NEWEST_MAX", newest)
        for by in (ANYBODY, square.member(ada)):
            for key in ("applications", "events", "social"):
                assert await options(square, key, by) == {"activity": {}}
                assert await square.provider(key).keys(by) == {}
                assert not await square.provider(key).validator("SECRET", by)
    monkeypatch.undo()
    assert await options(square, "applications", ADMIN) == {"activity": {"ticket:hush": "Ticket hush"}}
    assert set(await square.provider("applications").keys(ADMIN)) == {"secret", "user:ada"}
    assert await square.provider("applications").validator("Secret", ADMIN)
    assert await square.provider("applications").validator("secret-1", ADMIN)
    assert not await square.provider("events").validator("SECRET", ADMIN)


async def test_rare_values_are_found_beyond_the_newest(
    square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What occurred once, long ago, is still something to filter by."""
    monkeypatch.setattr(occurring, "NEWEST_MAX", 3)
    ada = await square.world.local("ada")
    await square.world.say(ada, type="Article", name="Frost", content="Hi", to=PUBLIC)
    for n in range(4):
        await square.world.say(ada, type="Note", content=str(n), to=PUBLIC)
    assert set((await options(square, "social"))["activity"]) == {"note:post", "article:post"}
