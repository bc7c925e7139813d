"""What users are told of, and what they are not (Events §13)."""

from typing import Any

import pytest
from audience import Audience
from logbook import Logbook

from storage import eventnotices
from streams.events import notices

pytestmark = pytest.mark.anyio

BO, ADA, CY = "ASUser/bo", "ASUser/ada", "ASUser/cy"
VESSEL = "Vessel/Kestrel-9"
LOADED: Any = [{"ACTOR": "Employee/Ada"}, {"AFFECTS": VESSEL}]


@pytest.fixture
async def audience(logbook: Logbook) -> Audience:
    """A logbook in which the employee Ada is the user ada, and users have labels."""
    for user, label in ((BO, "Bo"), (ADA, "Ada L."), (CY, "Cy")):
        await logbook.entity(user, label=label, type="as.api.entity.preprocess")
    await logbook.entity("Employee/Ada", relations=[{"AKA": ADA}], type="as.api.entity.preprocess")
    return Audience(logbook)


async def told(audience: Audience, user: str) -> list[tuple[str, str]]:
    """Return type and text of what a user is told, oldest first."""
    row = await audience.logbook.known(user)
    found = await audience.logbook.store.read(eventnotices.page, row.id, None, limit=100, offset=0)
    spelled = [notices.spell(one) for one in found]
    return [(one["type"], one["text"]) for one in reversed(spelled)]


async def comment(audience: Audience, text: str, on: str, by: str = BO) -> None:
    involves = [{"COMMENTS": by}, {"COMMENTED_ON": on}]
    await audience.logbook.comment(text, on, involves=involves)


async def test_who_is_mentioned_is_told(audience: Audience) -> None:
    """MENTIONS: who, and regarding what; the cluster of the user counts, and nobody is told twice."""
    await audience.logbook.entity(VESSEL, label="Kestrel")
    await comment(audience, "please look, @Employee/Ada and @ASUser/bo", VESSEL)
    assert await told(audience, ADA) == [("MENTIONS", "Bo mentioned you regarding Kestrel")]
    assert await told(audience, CY) == []


async def test_owners_and_followers_are_told_of_comments(audience: Audience) -> None:
    """ADDITION: a comment on what is theirs, or what they follow (Events §8)."""
    event = await audience.logbook.event("as.fleet.cargo.loaded", involves=LOADED, description="14 pallets")
    await audience.follow(CY, VESSEL, {"event_types": ["as.api.comment"]})
    await comment(audience, "fog again", str(event.stream_id))
    await comment(audience, "slow", VESSEL)
    assert await told(audience, ADA) == [("ADDITION", "Bo commented on 14 pallets: fog again")]
    assert await told(audience, CY) == [("ADDITION", "Bo commented on Kestrel-9")]


async def test_who_a_message_is_sent_to_is_told(audience: Audience) -> None:
    """CORRESPONDENCE: sender and subject; a blind copy is told to its receiver, and to nobody that it was."""
    await audience.logbook.event(
        "as.mail.sent",
        involves=[{"ACTOR": BO}, {"SENT_BY": BO}, {"SENT_TO": "Employee/Ada"}, {"SENT_TO_BCC": CY}],
        description="Tide tables",
    )
    assert await told(audience, ADA) == [("CORRESPONDENCE", "Bo: Tide tables")]
    assert await told(audience, CY) == [("CORRESPONDENCE", "Bo: Tide tables")]
    assert await told(audience, BO) == []
    bodies = await audience.logbook.rows("SELECT body FROM event_notices")
    assert not any("BCC" in body or "ASUser/cy" in body for (body,) in bodies)


async def test_a_matching_event_is_told_once(audience: Audience) -> None:
    """NOTIFICATION: one for each user and item, however many follows match, and to nobody of their own doing."""
    for user in (BO, ADA):
        await audience.follow(user, VESSEL)
        await audience.follow(user, "ASEventType/as.fleet")
    for _ in range(2):
        await audience.logbook.event("as.fleet.cargo.loaded", involves=LOADED)
    assert await told(audience, BO) == [("NOTIFICATION", "Kestrel-9: as.fleet.cargo.loaded")]
    assert await told(audience, ADA) == []


async def test_what_was_there_before_is_told_to_nobody(audience: Audience) -> None:
    """A follow that finds what is past is no news."""
    await audience.logbook.event("as.fleet.cargo.loaded", involves=LOADED)
    await audience.follow(BO, VESSEL)
    await audience.work()
    assert await audience.stream(BO) == ["as.fleet.cargo.loaded"]
    assert await told(audience, BO) == []


async def test_who_is_followed_is_told(audience: Audience) -> None:
    """FOLLOWS: you, what you manage, and what you created; again only after it had ended, and then not twice."""
    await audience.logbook.entity("ASChannel/night", label="Night")
    await audience.logbook.entity(
        VESSEL, acl=[{"READ": "Public"}, {"MANAGE": CY}], type="as.api.entity.preprocess"
    )
    await audience.follow(ADA, "ASChannel/night")
    await audience.follow(BO, "Employee/Ada", {"min_importance": 5})
    await audience.follow(BO, "Employee/Ada", {"starred": True})
    await audience.follow(BO, VESSEL)
    assert await told(audience, BO) == [("FOLLOWS", "Ada L. follows Night")]
    assert await told(audience, ADA) == [("FOLLOWS", "Bo follows Ada")]
    assert await told(audience, CY) == [("FOLLOWS", "Bo follows Kestrel-9")]


async def test_who_is_voted_on_is_told(audience: Audience) -> None:
    """BUMP: you, your event, your comment; a changed vote is told in the place of the earlier."""
    event = await audience.logbook.event("as.fleet.cargo.loaded", involves=LOADED, description="14 pallets")
    await audience.logbook.bump(str(event.stream_id), by=BO)
    await audience.logbook.bump("Employee/Ada", by=CY)
    await audience.logbook.bump("Employee/Ada", by=ADA)
    assert await told(audience, ADA) == [
        ("BUMP", "Bo voted up on 14 pallets"), ("BUMP", "Cy voted up on Ada"),
    ]  # fmt: skip
    later = {
        "involves": [{"ACTOR": BO}, {"BUMP_DOWN": str(event.stream_id)}],
        "occurred_at": "2031-12-01T00:00:00Z",
    }
    await audience.logbook.record(("bump", later))
    assert await told(audience, ADA) == [
        ("BUMP", "Cy voted up on Ada"), ("BUMP", "Bo voted down on 14 pallets"),
    ]  # fmt: skip


async def test_members_are_told_what_a_channel_monitors_more(audience: Audience) -> None:
    """ADDITION: an entity added to a channel; whoever added it knows."""
    await audience.logbook.entity("ASChannel/night", label="Night", type="as.api.entity.preprocess")
    for user in (BO, CY):
        await audience.follow(user, "ASChannel/night")
    await audience.follow("ASChannel/night", VESSEL, by=BO)
    assert await told(audience, CY) == [("ADDITION", "Bo added Kestrel-9 to Night")]
    assert await told(audience, BO) == []
