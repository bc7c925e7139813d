"""Where authors get mail, as feeds tell it: never, to members, or to everybody (Atom §3.5)."""

import json
from xml.etree import ElementTree

import pytest
from atomhall import Caller, Hall, opened

from storage import feedtokens, members
from streams import system_clock
from vocab import PUBLIC

pytestmark = pytest.mark.anyio

ATOM = "{http://www.w3.org/2005/Atom}"
ADDRESS = "ada@mail.example"


async def told(caller: Caller, path: str = "/activity") -> set[str | None]:
    """Return the addresses of mail that a feed tells."""
    answer = await caller.get(path)
    assert answer.status_code == 200, answer.text
    root = ElementTree.fromstring(answer.text)
    for author in root.iter(f"{ATOM}author"):
        names = [child.tag for child in author]
        assert names[0] == f"{ATOM}name"
        assert f"{ATOM}email" not in names or names[1] == f"{ATOM}email"
    return {one.text for one in root.iter(f"{ATOM}email")}


@pytest.mark.parametrize(
    ("setting", "members_are", "anybody_is"), [("never", 0, 0), ("members", 1, 0), ("all", 1, 1), ("", 0, 0)]
)
async def test_mail_is_told_to_whom_the_operator_says(
    ready_url: str, setting: str, members_are: int, anybody_is: int
) -> None:
    """Atom §3.5: to nobody unless the operator wants it, and never by a feed token; what is not known is not told."""
    settings = {"atom_author_email": setting} if setting else {}
    async with opened(ready_url, **settings) as hall:
        await _said(hall, "ada")
        await _said(hall, "bob")
        ada = await hall.house.store.read(_actor, "ada")
        await hall.house.store.write(members.set_email, ada, ADDRESS)
        token = "t" * 32
        await hall.house.store.write(feedtokens.add, token, ada, "", now=system_clock())
        assert await told(hall.basic("bob")) == ({ADDRESS} if members_are else set())
        assert await told(hall.anybody) == ({ADDRESS} if anybody_is else set())
        assert await told(hall.anybody, f"/activity?token={token}") == ({ADDRESS} if anybody_is else set())
        for reader in (hall.anybody, hall.basic("bob")):
            assert await told(reader, "/users/ada/feed.atom") == ({ADDRESS} if anybody_is else set())
        for form in ("rss", "json", "as1", "as2"):
            assert ADDRESS not in (await hall.basic("bob").get(f"/activity?format={form}")).text
        await hall.house.store.write(members.set_email, ada, None)
        assert await told(hall.basic("bob")) == set()


async def _said(hall: Hall, name: str) -> None:
    caller = await hall.bearer(await hall.member(name))
    note = json.dumps({"type": "Note", "content": "Frost", "to": PUBLIC})
    headers = {"content-type": "application/activity+json"}
    assert (
        await caller.ask("POST", f"/users/{name}/outbox", content=note, headers=headers)
    ).status_code == 201


async def _actor(tx, name):
    row = await tx.one("SELECT id FROM actors WHERE name = :name", name=name)
    return row[0]
