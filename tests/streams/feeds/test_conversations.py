"""Whatever is done to reactions: their counts, their pages and what shows below them, beside a model (Feeds §7.3)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from plaza import Plaza

from storage import Store, feedcounts, open_store
from storage.feedreactions import FeedReaction
from streams.feeds import conversations, enrichment, erasing, lookups, reactions
from streams.feeds.conversations import OwnReplies
from streams.feeds.lookups import Lookup
from vocab import BadFields
from vocab.dialects.getstream import reactions as dialect

pytestmark = pytest.mark.anyio

ROOT = "24f9d500-bb87-11e5-8080-80012ce3cc51"
KINDS = ("like", "clap", "comment")
USERS = ("bob", "carl")
LEVELS = 3
CHILDREN, OWN = 4, 2
"""How many replies are shown here, and how many of each kind as one's own."""


@dataclass
class Told:
    """A reaction as the model has it; it shows as long as it is neither hidden nor gone."""

    name: str
    kind: str
    user: str
    parent: "Told | None"
    hidden: bool = False
    gone: bool = False
    below: "list[Told]" = field(default_factory=list)

    @property
    def level(self) -> int:
        return 1 if self.parent is None else self.parent.level + 1

    def remove(self) -> None:
        self.gone = True
        for reply in self.below:
            reply.remove()


def shown(told: list[Told]) -> list[Told]:
    """Those that show, the newest first."""
    return [one for one in reversed(told) if not one.hidden and not one.gone]


def counts(below: list[Told]) -> dict[str, int]:
    """How many of each kind show; a kind that was there once stays."""
    return {kind: sum(one.kind == kind for one in shown(below)) for kind in {one.kind for one in below}}


def by_kind(told: list[Told], most: int | None = None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in told:
        found.setdefault(one.kind, []).append(one.name)
    return {kind: names[:most] for kind, names in found.items()}


def names(told: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    return {kind: [one["id"] for one in several] for kind, several in told.items()}


def anyone(_: FeedReaction) -> None:
    """Forbid nothing."""


@pytest.fixture
async def store(ready_url: str) -> AsyncIterator[Store]:
    async with open_store(ready_url) as opened:
        yield opened


WHICH = some.integers(0, 30)
STEPS = some.lists(
    some.tuples(some.just("add"), some.sampled_from(KINDS), some.sampled_from(USERS), some.none() | WHICH)
    | some.tuples(some.sampled_from(("hide", "restore", "remove")), WHICH),
    max_size=25,
)
TENANTS = count(1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_it_is_as_the_model_has_it(store: Store, steps: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conversations, "CHILDREN_SHOWN_MAX", CHILDREN)
        patch.setattr(conversations, "SHOWN_PER_KIND_MAX", OWN)
        patch.setattr(erasing, "AT_ONCE", 3)
        plaza = await Plaza.made(store, "t" * next(TENANTS))
        every: list[Told] = []
        for verb, *what in steps:
            await (add(plaza, every, *what) if verb == "add" else touch(plaza, every, verb, *what))
        await plaza.work()
        await check_counts(plaza, every)
        await check_pages(plaza, every)
        await check_replies(plaza, every)


async def add(plaza: Plaza, every: list[Told], kind: str, user: str, which: int | None) -> None:
    living = [one for one in every if not one.gone]
    parent = living[which % len(living)] if which is not None and living else None
    about = {"activity_id": ROOT} if parent is None else {"parent": parent.name}
    new = dialect.posted({"kind": kind, **about})
    made = reactions.add(plaza.parts, await plaza.refresh(), new, user, author="")
    if parent is not None and (parent.hidden or parent.level == LEVELS):
        with pytest.raises(BadFields):
            await made
        return
    told = Told((await made).name, kind, user, parent)
    every.append(told)
    if parent is not None:
        parent.below.append(told)


async def touch(plaza: Plaza, every: list[Told], verb: str, which: int) -> None:
    living = [one for one in every if not one.gone and (verb != "restore" or one.hidden)]
    if not living:
        return
    told = living[which % len(living)]
    act = {"hide": reactions.hide, "restore": reactions.restore, "remove": erasing.remove}[verb]
    await act(plaza.parts, await plaza.refresh(), told.name, anyone, author="")
    if verb == "remove":
        told.remove()
    else:
        told.hidden = verb == "hide"


async def check_counts(plaza: Plaza, every: list[Told]) -> None:
    space = await plaza.parts.space(plaza.tenant)
    subject = await plaza.store.read(reactions.subject_of, space, UUID(ROOT))
    if subject is not None:
        top = [one for one in every if one.parent is None]
        assert (await plaza.store.peek(feedcounts.of, [subject])).get(subject, {}) == counts(top)


async def check_pages(plaza: Plaza, every: list[Told]) -> None:
    """Walk up and down every list there is."""
    lists = {("activity_id", ROOT): [one for one in every if one.parent is None]}
    lists |= {("user_id", user): [one for one in every if one.user == user] for user in USERS}
    lists |= {("reaction_id", one.name): one.below for one in every}
    for (by, value), told in lists.items():
        for kind in ("", *KINDS):
            for user in ("",) if by == "user_id" else ("", *USERS):
                wanted = [
                    one.name for one in shown(told) if kind in ("", one.kind) and user in ("", one.user)
                ]
                assert await walk(plaza, by, value, kind, user, upwards=False) == wanted
                assert await walk(plaza, by, value, kind, user, upwards=True) == wanted[::-1]


async def walk(plaza: Plaza, by: Any, value: str, kind: str, user: str, *, upwards: bool) -> list[str]:
    found: list[str] = []
    bounds = {"gte": "00000000-0000-1000-8000-000000000000"} if upwards else {}
    more = True
    while more:
        lookup = Lookup(by, value, kind, user, bounds, 3)
        rows, more = await lookups.page(plaza.parts, plaza.tenant, lookup)
        assert rows or not more
        found += [row.name for row in rows]
        bounds = {"gt" if upwards else "lt": found[-1]} if found else bounds
    return found


async def check_replies(plaza: Plaza, every: list[Told]) -> None:
    living = {one.name: one for one in every if not one.gone}
    rows = await reactions.some(plaza.parts, plaza.tenant, [one.name for one in every], hidden=True)
    assert [row.name for row in rows] == list(living)
    space = await plaza.parts.space(plaza.tenant)
    own = OwnReplies("bob", ("like", "clap"))
    for told in await enrichment.responses(plaza.parts, space, rows, own):
        model = living[told["id"]]
        assert told["children_counts"] == counts(model.below)
        newest = shown(model.below)
        assert names(told["latest_children"]) == by_kind(newest[:CHILDREN])
        mine = [one for one in newest if one.user == "bob" and one.kind in own.kinds]
        assert names(told["own_children"]) == by_kind(mine, OWN)
        for reply in [reply for several in told["latest_children"].values() for reply in several]:
            assert reply["children_counts"] == counts(living[reply["id"]].below)
            assert names(reply["latest_children"]) == by_kind(shown(living[reply["id"]].below)[:CHILDREN])
