"""Reports to the operator (Feeds §7.10)."""

import pytest
from plaza import BASE, Plaza

from storage import Transaction, reports, verdicts
from storage.entries import NEWEST
from storage.reports import Report
from streams.feeds import flagging, reactions
from vocab.dialects.getstream.moderation import ACTIVITY, REACTION, USER, Decision, NewFlag
from vocab.dialects.getstream.reactions import NewReaction

pytestmark = pytest.mark.anyio

NOWHERE = "00000000-0000-1000-8080-808080808080"


async def reported(plaza: Plaza) -> list[Report]:
    return await plaza.store.read(reports.page, resolved=False, before=NEWEST)


async def test_a_user_is_reported(plaza: Plaza) -> None:
    """With the commands for reports the operator sees who, whom and why."""
    flag = await flagging.flag(
        plaza.parts, plaza.tenant, NewFlag(USER, "bob", "eve", "spam", {"where": "here"})
    )
    assert (flag.target, flag.user, flag.reason) == ("bob", "eve", "spam")
    [report] = await reported(plaza)
    assert (report.reporter, report.subject) == (f"{BASE}/entities/User/eve", f"{BASE}/entities/User/bob")
    assert (report.objects, report.activity, report.host) == ((), f"urn:uuid:{flag.id}", "here.example")
    assert report.content == 'spam\n{"where":"here"}'


async def test_an_account_is_its_user(plaza: Plaza) -> None:
    """References meet: who has an account is reported as that."""

    async def open_account(tx: Transaction) -> None:
        await tx.run(
            "INSERT INTO objects (id, iri, kind, type, local, owner, public, published)"
            f" VALUES (5, '{BASE}/users/bob', 3, 'Person', 1, 5, 1, 1)"
        )

    await plaza.store.write(open_account)
    await flagging.flag(plaza.parts, plaza.tenant, NewFlag(USER, "bob", "", "", {}))
    [report] = await reported(plaza)
    assert (report.subject, report.reporter) == (f"{BASE}/users/bob", f"{BASE}/tenants/default")


async def test_an_activity_is_reported_with_its_actor(plaza: Plaza) -> None:
    [by_user] = await plaza.add("user:ada", {"actor": "SU:ada"})
    [by_other] = await plaza.add("user:ada", {"actor": "Robot:1"})
    for activity, target, subject in ((by_user, "ada", "User/ada"), (by_other, "Robot:1", "User/Robot%3A1")):
        flag = await flagging.flag(
            plaza.parts, plaza.tenant, NewFlag(ACTIVITY, str(activity.id), "eve", "", {})
        )
        assert flag.target == target
        report = (await reported(plaza))[0]
        assert report.objects == (f"{BASE}/activities/{activity.id}",)
        assert report.subject == f"{BASE}/entities/{subject}"


async def test_a_reaction_is_reported_with_its_author(plaza: Plaza) -> None:
    [activity] = await plaza.add("user:ada")
    tenant = await plaza.refresh()
    made = await reactions.add(
        plaza.parts, tenant, NewReaction("like", activity.id, "", "bob", {}, "", (), {}), "bob", author="bob"
    )
    flag = await flagging.flag(plaza.parts, tenant, NewFlag(REACTION, made.name, "eve", "", {}))
    assert flag.target == "bob"
    [report] = await reported(plaza)
    assert report.subject == f"{BASE}/entities/User/bob"
    assert len(report.objects) == 1


@pytest.mark.parametrize(
    ("type", "name", "thing"),
    [(ACTIVITY, NOWHERE, f"{BASE}/activities/{NOWHERE}"), (ACTIVITY, "x", f"{BASE}/entities/Activity/x"),
     (REACTION, "x", f"{BASE}/entities/Reaction/x")],
)  # fmt: skip
async def test_what_is_not_there_is_reported_all_the_same(
    plaza: Plaza, type: str, name: str, thing: str
) -> None:
    flag = await flagging.flag(plaza.parts, plaza.tenant, NewFlag(type, name, "eve", "gone", {}))
    assert flag.target == ""
    [report] = await reported(plaza)
    assert (report.subject, report.objects) == (thing, (thing,))


async def test_verdicts_are_kept(plaza: Plaza) -> None:
    decision = Decision(USER, "bob", "mod", "complete", "keep", "mark_safe")
    await flagging.decide(plaza.parts, plaza.tenant, [decision])
    await flagging.decide(plaza.parts, plaza.tenant, [])
    found = await plaza.store.read(verdicts.find, plaza.tenant.id, USER, "bob")
    assert found is not None
    assert (found.moderator, found.status, found.recommended, found.latest) == (
        "mod",
        "complete",
        "keep",
        "mark_safe",
    )
