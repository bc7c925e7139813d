"""Following: what a follow asks for enters the follower's stream, what was there before too (Events §11, §12)."""

from typing import Any

import pytest
from audience import Audience
from logbook import Logbook

from streams.errors import NotFound, Refused
from streams.events import backfill, following, matching
from streams.filters import InvalidFilter
from vocab.dialects.events import Ref
from vocab.errors import BadFields

pytestmark = pytest.mark.anyio

BO = "ASUser/bo"
VAN = "Vehicle:Van/NX-204"
WASHED: Any = [{"ACTOR": "Employee/Ada"}, {"AFFECTS": VAN}]


@pytest.fixture
def audience(logbook: Logbook) -> Audience:
    return Audience(logbook)


def at(second: int) -> str:
    return f"2031-03-04T10:00:{second:02}Z"


async def test_what_arrives_enters_the_streams_of_those_who_follow(audience: Audience) -> None:
    """Events §12: the stream of one who follows an entity has its events, and nothing else."""
    made = await audience.follow(BO, VAN)
    assert made.created
    await audience.logbook.event("as.van.washed", involves=WASHED)
    await audience.logbook.event("as.desk.opened")
    assert await audience.stream(BO) == ["as.van.washed"]


async def test_a_follow_finds_what_was_there_before(audience: Audience) -> None:
    """Events §11: an item belongs to a stream when it matches, whenever it was recorded."""
    for second in range(3):
        await audience.logbook.event(f"as.van.washed{second}", involves=WASHED, occurred_at=at(second))
    await audience.follow(BO, VAN)
    assert await audience.stream(BO) == ["as.van.washed2", "as.van.washed1", "as.van.washed0"]


async def test_what_is_older_than_a_first_look_is_found_by_jobs(
    audience: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A follow of much looks at the newest at once and leaves all older items to jobs of bounded size."""
    for second in range(9):
        await audience.logbook.event(f"as.van.washed{second}", involves=WASHED, occurred_at=at(second))
    monkeypatch.setattr(backfill, "FIRST", 2)
    monkeypatch.setattr(backfill, "LEAST", 2)
    monkeypatch.setattr(backfill, "CHUNK", 3)
    await audience.follow(BO, VAN)
    assert await audience.stream(BO) == ["as.van.washed8", "as.van.washed7"]
    assert await audience.work() >= 3
    assert await audience.stream(BO) == [f"as.van.washed{second}" for second in reversed(range(9))]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"min_importance": 3}, ["as.fleet.van.sunk"]),
        ({"event_types": ["as.fleet.van.wash"]}, []),
        ({"event_types": ["as.fleet.*", "as.other"]}, ["as.fleet.van.washed", "as.fleet.van.sunk"]),
        ({"event_types": None}, ["as.desk.opened", "as.fleet.van.washed", "as.fleet.van.sunk"]),
        ({"roles": ["ACTOR"]}, ["as.desk.opened"]),
        ({"roles": ["DRIVER"]}, ["as.desk.opened"]),
        ({"roles": ["AFFECTS"]}, ["as.fleet.van.washed", "as.fleet.van.sunk"]),
        ({"tags": ["Urgent", "late"]}, ["as.fleet.van.sunk"]),
        ({"filter": {"properties": {"shift": "night"}}}, ["as.fleet.van.washed"]),
        ({"filter": {"properties.shift": ["night", "day"]}}, ["as.fleet.van.washed", "as.fleet.van.sunk"]),
        ({"filter": "importance > 2 OR type LIKE 'as.desk.%'"}, ["as.desk.opened", "as.fleet.van.sunk"]),
    ],
)
async def test_a_follow_asks_for_some(audience: Audience, said: Any, wanted: list[str]) -> None:
    """Events §11: each attribute leaves something out, of what was there before and of what comes."""
    events: list[dict[str, Any]] = [
        {"type": "as.fleet.van.sunk", "involves": WASHED, "importance": 5, "occurred_at": at(1),
         "aspects": {"tags": ["urgent"]}, "properties": {"shift": "day"}},
        {"type": "as.fleet.van.washed", "involves": WASHED, "occurred_at": at(2), "properties": {"shift": "night"}},
        {"type": "as.desk.opened", "involves": [{"ACTOR:DRIVER": VAN}], "occurred_at": at(3)},
    ]  # fmt: skip
    await audience.follow(BO, VAN, said)
    for event in events:
        await audience.logbook.event(**event)
    await audience.follow("ASUser/late", VAN, said)
    assert await audience.stream(BO) == wanted
    assert await audience.stream("ASUser/late") == wanted


async def test_a_changed_follow_matches_anew(audience: Audience) -> None:
    """Events §12: to follow again changes the attributes; how a follow is listed changes nothing of what it matches."""
    await audience.logbook.event("as.van.washed", involves=WASHED)
    first = await audience.follow(BO, VAN, {"min_importance": 2})
    starred = await audience.follow(BO, VAN, {"starred": True, "list_index": 4})
    assert (starred.created, starred.follow.id) == (False, first.follow.id)
    assert starred.follow.attributes == {"min_importance": 2, "starred": True, "list_index": 4}
    assert await audience.stream(BO) == ["as.van.washed"]

    changed = await audience.follow(BO, VAN, {"min_importance": 4})
    assert changed.follow.stream_id == first.follow.stream_id
    assert changed.follow.occurred == first.follow.occurred
    assert await audience.stream(BO) == []
    await audience.follow(BO, VAN, {"min_importance": None})
    assert await audience.stream(BO) == ["as.van.washed"]
    await audience.work()
    assert await audience.stream(BO) == ["as.van.washed"]
    assert len(await audience.logbook.rows("SELECT 1 FROM event_matches")) == 1


async def test_what_is_not_followed_any_more_is_in_the_stream_no_more(audience: Audience) -> None:
    """Events §12: an ended follow takes what it brought with it, at once."""
    await audience.follow(BO, VAN)
    await audience.logbook.event("as.van.washed", involves=WASHED)
    assert await audience.unfollow(BO, VAN)
    assert await audience.stream(BO) == []
    assert not await audience.unfollow(BO, VAN)
    await audience.work()
    assert await audience.logbook.rows("SELECT 1 FROM event_matches") == []


async def test_those_who_are_the_same_are_followed_together(audience: Audience) -> None:
    """Events §6.4, §11: an item of a member of the cluster matches, before and after the link is made."""
    await audience.follow(BO, "Employee/Ada")
    await audience.logbook.event("as.badge.shown", involves=[{"ACTOR": "Badge/17"}])
    assert await audience.stream(BO) == []
    await audience.logbook.entity("Employee/Ada", relations=[{"AKA": "Badge/17"}])
    await audience.logbook.event("as.door.opened", involves=[{"ACTOR": "Badge/17"}], occurred_at=at(9))
    assert {"as.badge.shown", "as.door.opened"} <= set(await audience.stream(BO))

    await audience.logbook.entity("Employee/Ada", relations=[{"AKA": "Badge/17", "$delete": True}])
    assert "as.badge.shown" not in await audience.stream(BO)


async def test_a_proxy_counts_while_it_is_one(audience: Audience) -> None:
    """Events §6.4: the stream of one for whom another acts has what that one did in the meantime."""
    session, customer = "WebSession/s-51", "Customer/c-88"
    await audience.logbook.entity(
        session, relations=[{"PROXY_FOR": customer, "active_from": at(10), "active_until": at(20)}]
    )
    await audience.logbook.event("as.page.early", involves=[{"ACTOR": session}], occurred_at=at(5))
    await audience.follow(BO, customer)
    await audience.logbook.event("as.page.viewed", involves=[{"ACTOR": session}], occurred_at=at(15))
    await audience.logbook.event("as.page.late", involves=[{"ACTOR": session}], occurred_at=at(25))
    seen = await audience.stream(BO)
    assert "as.page.viewed" in seen
    assert not {"as.page.early", "as.page.late"} & set(seen)


async def test_links_are_walked_as_far_as_is_asked(audience: Audience) -> None:
    """Events §11: ``degrees`` links of the types ``relations`` lead to what counts as well."""
    await audience.logbook.entity(
        "Ship/a", relations=[{"PART_OF": "Fleet/north"}], type="as.api.entity.preprocess"
    )
    await audience.logbook.entity(
        "Crane/c", relations=[{"MEASURES": "Fleet/north"}], type="as.api.entity.preprocess"
    )
    await audience.follow(BO, "Fleet/north", {"degrees": 1, "relations": ["PART_OF"]})
    await audience.follow("ASUser/far", "Fleet/north", {"degrees": 2})
    await audience.logbook.entity(
        "Mast/m", relations=[{"PART_OF": "Ship/a"}], type="as.api.entity.preprocess"
    )
    for name in ("Ship/a", "Crane/c", "Mast/m"):
        await audience.logbook.event(f"as.moved.{name[0].lower()}", involves=[{"ACTOR": name}])
    assert await audience.stream(BO) == ["as.moved.s"]
    assert set(await audience.stream("ASUser/far")) == {"as.moved.s", "as.moved.c", "as.moved.m"}


async def test_types_and_origins_can_be_followed(audience: Audience) -> None:
    """Events §11 (D): ``ASEventType/…`` and ``ASOrigin/…`` stand for all below them, nothing beside them."""
    for _ in range(2):
        await audience.follow(BO, "ASEventType/as.fleet")
        await audience.follow("ASUser/other", "ASOrigin/depot")
        for type, origin in (("as.fleet.van.washed", "depot.north"), ("as.fleets.sold", "depots.south")):
            await audience.logbook.event(type, origin=origin)
        assert await audience.stream(BO) == ["as.fleet.van.washed"]
        assert await audience.stream("ASUser/other") == ["as.fleet.van.washed"]
        await audience.unfollow(BO, "ASEventType/as.fleet")
        await audience.unfollow("ASUser/other", "ASOrigin/depot")


async def test_many_followers_get_an_item_by_jobs(
    audience: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fan-out is bounded: those whose turn has not come yet have it later, everyone once."""
    monkeypatch.setattr(matching, "TOGETHER", 2)
    users = [f"ASUser/u{n}" for n in range(7)]
    for user in users:
        await audience.follow(user, VAN)
    await audience.logbook.event("as.van.washed", involves=WASHED)
    had = [user for user in users if await audience.stream(user)]
    assert 0 < len(had) < len(users)
    await audience.work()
    for user in users:
        assert await audience.stream(user) == ["as.van.washed"]


async def test_a_reader_sees_what_they_may(audience: Audience) -> None:
    """Events §3.6: rules of the items hold in every stream, as of the moment of reading."""
    await audience.follow(BO, VAN)
    await audience.logbook.event("as.van.washed", involves=WASHED, acl=[{"READ": "ASUser/cy"}])
    assert await audience.stream(BO, "asuser/bo") == []
    assert await audience.stream(BO, "asuser/cy") == ["as.van.washed"]


async def test_a_blind_copy_enters_no_stream_but_by_others(audience: Audience) -> None:
    """Events §7.14: who got a blind copy is not told by whose stream has the message."""
    await audience.follow(BO, "Employee/Cy")
    await audience.logbook.event(
        "as.mail.sent",
        involves=[{"SENT_BY": "Employee/Ada"}, {"ACTOR": "Employee/Ada"}, {"SENT_TO_BCC": "Employee/Cy"}],
    )
    assert await audience.stream(BO) == []
    await audience.follow("ASUser/late", "Employee/Cy")
    assert await audience.stream("ASUser/late") == []


async def test_comments_are_items_too(audience: Audience) -> None:
    """Events §11: a comment on what is followed is in the stream."""
    await audience.logbook.entity(VAN)
    await audience.follow(BO, VAN, {"roles": ["COMMENTED_ON"]})
    await audience.logbook.comment("shiny", VAN)
    assert [item["_class"] for item in await audience.items(BO)] == ["ASComment"]


@pytest.mark.parametrize(
    ("who", "what", "said", "error"),
    [
        (BO, BO, {}, Refused),
        (BO, "ASChannel/none", {}, NotFound),
        (BO, VAN, {"min_importance": 9}, BadFields),
        (BO, VAN, {"filter": "type LIKE"}, InvalidFilter),
        (BO, VAN, {"filter": {"aspects": {"messaging": {"bcc": "Email/eve"}}}}, Refused),
        (BO, VAN, {"filter": {"aspects.messaging.bcc": "Email/eve"}}, Refused),
        (BO, VAN, [], BadFields),
        ("ASChannel/a", "ASChannel/b", {}, Refused),
    ],
)
async def test_what_cannot_be_followed_is_refused(
    audience: Audience, who: str, what: str, said: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await audience.logbook.store.write(
            following.begin,
            audience.logbook.space,
            audience.reader(),
            Ref.parse(who),
            Ref.parse(what),
            said,
            now=1,
        )
    assert await audience.logbook.find(what) is None


async def test_what_one_may_not_know_of_cannot_be_followed(audience: Audience) -> None:
    """Events §3.6: a denied entity behaves as if it did not exist."""
    await audience.logbook.entity(VAN, acl=[{"READ": "ASUser/cy"}])
    with pytest.raises(NotFound):
        await audience.follow(BO, VAN)


async def test_follows_are_listed_apart(audience: Audience) -> None:
    """Events §12: all, channels alone, or all but channels, each with its record."""
    await audience.logbook.entity("ASChannel/night")
    await audience.follow(BO, VAN, {"starred": True})
    await audience.follow(BO, "ASChannel/night")

    async def listed(channels: bool | None) -> list[str]:
        found = await audience.logbook.store.read(
            following.of,
            audience.logbook.space,
            audience.reader(),
            Ref.parse(BO),
            channels=channels,
            limit=10,
            offset=0,
        )
        assert found.total == len(found.follows)
        return [following.spell(one)["follows_ref"] for one in found.follows]

    assert await listed(None) == [VAN, "ASChannel/night"]
    assert await listed(True) == ["ASChannel/night"]
    assert await listed(False) == [VAN]
    found = await audience.logbook.store.read(
        following.find, audience.logbook.space, Ref.parse(BO), Ref.parse("vehicle/nx-204")
    )
    assert found is not None
    spelled = following.spell(found)
    assert spelled.pop("occurred_at").endswith("Z")
    assert len(spelled.pop("_stream_id")) == 36
    assert spelled == {"follower_ref": BO, "follows_ref": VAN, "_class": "FOLLOWS", "starred": True}
