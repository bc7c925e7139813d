"""Outside activities for programs in this process (Atom §6.4): nothing raises for what is wrong with a body."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from world import BASE, World

from server import tenancy
from storage.actors import State
from streams import thirdparty
from streams.policy import viewer
from streams.providers import Onlooker
from streams.thirdparty import Parts, Posted, Poster, Query, Refusal
from vocab.dialects.thirdparty import Generator

pytestmark = pytest.mark.anyio

CI = {"id": "https://ci.example/", "displayName": "CI"}
GIT = {"id": "https://git.example/", "displayName": "Git"}


class Desk:
    """Where programs post, in a world of streams."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.parts = Parts(world.store, BASE, lambda: world.now)

    async def poster(self, name: str, **rights: bool) -> Poster:
        return Poster(await self.world.local(name), **rights)

    async def post(self, poster: Poster, n: int, generator: dict[str, str] = CI, **members: Any) -> Posted:
        body = {
            "generator": generator,
            "id": f"urn:x:{n}",
            "published": 1_767_225_600_000 + n * 1_000,
            **members,
        }
        outcome = await thirdparty.post(self.parts, poster, body)
        assert isinstance(outcome, Posted), outcome
        return outcome

    async def found(self, poster: Poster, **wanted: Any) -> list[str]:
        """Return the ids of what is found, as they were posted."""
        onlooker = Onlooker(viewer(poster.actor), poster.actor.name)
        kept = await thirdparty.query(self.parts, onlooker, Query(**wanted))
        return [one.document["id"].removeprefix("urn:x:") for one in kept]


@pytest.fixture
async def desk(world: World) -> Desk:
    await tenancy.ensure_default(world.store)
    return Desk(world)


def at(n: int) -> datetime:
    return datetime.fromtimestamp(1_767_225_600 + n, UTC)


async def test_what_is_asked_for(desk: Desk) -> None:
    """Atom §6.4: dates, people, keys and generators, each wanted or unwanted, and a page."""
    robot = await desk.poster("robot", on_behalf=True)
    ada = await desk.world.local("ada")
    await desk.post(robot, 1)
    await desk.post(robot, 2, GIT, target={"url": "ORCHARD-7"})
    await desk.post(robot, 3, actor={"id": "ada"})
    await desk.post(robot, 4, target={"url": "MEADOW-1"}, actor={"id": "zoe", "displayName": "Zoë"})
    assert await desk.found(robot) == ["4", "3", "2", "1"]
    assert await desk.found(robot, start=at(2), end=at(3)) == ["3", "2"]
    assert await desk.found(robot, users=("Ada",)) == ["3"]
    assert await desk.found(robot, users=("robot", "@ada")) == ["3", "2", "1"]
    assert await desk.found(robot, not_users=("ada",)) == ["4", "2", "1"]
    assert await desk.found(robot, entities=(("issue-key", "orchard-7"),)) == ["2"]
    assert await desk.found(robot, entities=(("key", "Orchard"),)) == ["2"]
    assert await desk.found(robot, not_entities=(("key", "ORCHARD"),)) == ["4", "3", "1"]
    assert await desk.found(robot, generators=("https://git.example/@Git",)) == ["2"]
    assert await desk.found(robot, not_generators=("https://git.example/@Git",)) == ["4", "3", "1"]
    assert await desk.found(robot, start_index=1, max_results=2) == ["3", "2"]
    assert await desk.found(robot, start_index=-1, max_results=10_000) == ["4", "3", "2", "1"]
    assert await desk.found(Poster(ada)) == ["3"]


async def test_applications(desk: Desk) -> None:
    """Atom §4.5, §6.4: those of which the reader sees something, each once."""
    robot, eve = await desk.poster("robot"), await desk.poster("eve")
    for n, generator in enumerate((GIT, CI, GIT)):
        await desk.post(robot, n, generator)
    onlooker = Onlooker(viewer(robot.actor), "robot")
    assert await thirdparty.applications(desk.parts, onlooker) == [
        Generator("https://ci.example/", "CI"),
        Generator("https://git.example/", "Git"),
    ]
    assert await thirdparty.applications(desk.parts, Onlooker(viewer(eve.actor), "eve")) == []
    assert await thirdparty.applications(desk.parts, Onlooker()) == []


@pytest.mark.parametrize(
    "body", [{}, {"generator": CI}, {"generator": 5, "id": []}, {"title": object()}, {1: 2}]
)
async def test_a_body_that_is_wrong(desk: Desk, body: Any) -> None:
    """Atom §6.4: the complete list of what is wrong, never an exception."""
    outcome = await thirdparty.post(desk.parts, await desk.poster("robot"), body)
    assert isinstance(outcome, Refusal)
    assert outcome.problems
    assert not outcome.forbidden


async def test_one_who_may_say_nothing(desk: Desk) -> None:
    robot = await desk.poster("robot")
    gone = Poster(replace(robot.actor, state=State.SUSPENDED))
    outcome = await thirdparty.post(desk.parts, gone, {"generator": CI, "id": "urn:x:1"})
    assert isinstance(outcome, Refusal)
    assert outcome.forbidden


async def test_deleting(desk: Desk) -> None:
    """Atom §6.3: by its poster and by nobody else; what was deleted may be posted again."""
    robot, eve = await desk.poster("robot"), await desk.poster("eve", admin=True)
    onlooker = Onlooker(viewer(robot.actor), "robot")
    first = await desk.post(robot, 1)
    unseen = await thirdparty.delete(desk.parts, eve, Onlooker(viewer(eve.actor), "eve"), first.kept.id)
    assert (unseen.kept, unseen.forbidden) == (None, False)
    done = await thirdparty.delete(desk.parts, robot, onlooker, first.kept.id)
    assert done.kept is not None
    assert done.kept.document == first.kept.document
    assert await thirdparty.get(desk.parts, onlooker, first.kept.id) is None
    again = await desk.post(robot, 1)
    assert again.new
    assert again.kept.id != first.kept.id
    assert not (await desk.post(robot, 1)).new


async def test_two_at_once(desk: Desk) -> None:
    """Atom §6.1: of two posts that are the same one is stored, also when they come together."""
    robot = await desk.poster("robot")
    outcomes = await asyncio.gather(*(desk.post(robot, 1) for _ in range(6)))
    assert sum(one.new for one in outcomes) == 1
    assert len({one.kept.id for one in outcomes}) == 1


async def test_what_its_author_takes_back_elsewhere(desk: Desk) -> None:
    """The Note that told of it is deleted over ActivityPub: then it is gone here too, and may be posted again."""
    robot = await desk.poster("robot")
    first = await desk.post(robot, 1, to="@public")
    said = await desk.world.shown(first.kept.iri)
    await desk.world.say(robot.actor, type="Delete", object=said["object"]["id"])
    assert await desk.found(robot) == []
    assert (await desk.post(robot, 1, to="@public")).new
