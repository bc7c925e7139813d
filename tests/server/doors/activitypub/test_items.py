"""Events, comments and votes at their addresses (Events §23.2)."""

import httpx
import pytest
from archive import ADA, AS2, EVERYBODY, KESTREL, PUBLIC, Archive
from eventsapi import BASE_URL, opened

from vocab.dialects.events import Ref

pytestmark = pytest.mark.anyio


async def test_who_has_a_key_reads_what_nobody_else_knows_of(archive: Archive) -> None:
    """Events §23.1: private by default."""
    event = await archive.load(description="14 pallets taken aboard", aspects={"metrics": {"pallets": 14}})
    told = await archive.reads(event, archive.program)
    assert told["id"] == f"{BASE_URL}{event}"
    assert told["type"] == ["Activity", "hw:Event"]
    assert (told["actor"]["id"], told["object"]["id"]) == (f"{BASE_URL}{ADA}", f"{BASE_URL}{KESTREL}")
    assert (told["summary"], told["hw:metrics"]) == ("14 pallets taken aboard", {"pallets": 14})
    assert told["@context"][1]["hw"] == "https://w3id.org/headwater/ns#"
    assert (await archive.get(event)).status_code == 404


async def test_what_everybody_may_read_is_public(archive: Archive) -> None:
    event = await archive.load(acl=EVERYBODY)
    assert (await archive.reads(event))["to"] == PUBLIC
    answer = await archive.get(event)
    assert answer.headers["cache-control"].startswith("public")
    private = await archive.get(event, archive.program)
    assert private.headers["cache-control"] == "private, no-store"
    assert "X-API-Key" in private.headers["vary"]


async def test_rules_hold_here_too(archive: Archive) -> None:
    """Events §3.6: what only some may know of does not exist for others."""
    event = await archive.load(acl=[{"READ": "ASUser/bo"}])
    bo, eve = await archive.api.caller("bo"), await archive.api.caller("eve")
    assert (await archive.reads(event, bo))["to"] == f"{BASE_URL}/entities/ASUser/bo"
    assert await archive.reads(event, archive.api.admin)
    for other in (eve, archive.program):
        assert (await archive.get(event, other)).status_code == 404


@pytest.mark.parametrize("how", ["X-API-Key", "Authorization", "apikey"])
async def test_a_key_may_come_as_it_does_at_the_events_api(archive: Archive, how: str) -> None:
    """Events §1.2."""
    event, key = await archive.load(), archive.program.key or ""
    if how == "apikey":
        answer = await archive.get(f"{event}?apikey={key}")
    else:
        answer = await archive.get(event, **{how: f"Bearer {key}" if how == "Authorization" else key})
    assert answer.status_code == 200


async def test_a_key_that_is_not_known_is_refused(archive: Archive) -> None:
    event = await archive.load(acl=EVERYBODY)
    assert (await archive.get(event, **{"X-API-Key": "wrong"})).status_code == 401
    assert (await archive.get(event, Authorization="Bearer wrong")).status_code == 401
    submitting = await archive.api.caller(type="INGESTION_ONLY")
    assert (await archive.get(event, submitting)).status_code == 403


async def test_a_key_of_another_tenant_opens_nothing(archive: Archive) -> None:
    event = await archive.load()
    north = await archive.api.tenant("north")
    assert (await archive.get(event, north.admin)).status_code == 404
    assert (await archive.get(f"/tenants/north{event}", north.admin)).status_code == 404
    assert (await archive.get(f"/tenants/south{event}", north.admin)).status_code == 404


async def test_another_tenant_has_its_events_below_its_name(archive: Archive) -> None:
    north = await Archive.of(await archive.api.tenant("north"))
    event = await north.load()
    told = await north.reads(f"/tenants/north{event}", north.program)
    assert told["id"] == f"{BASE_URL}/tenants/north{event}"
    assert told["actor"]["id"] == f"{BASE_URL}/tenants/north{ADA}"
    assert (await north.get(event, north.program)).status_code == 404


async def test_a_comment_is_a_note_that_can_be_read_alone(archive: Archive) -> None:
    """Events §8, §23.5."""
    event = await archive.load(acl=EVERYBODY)
    said = await archive.log.comment("fog <again>", event.removeprefix("/events/"), acl=EVERYBODY)
    create = await archive.reads(f"/events/{said.stream_id}")
    assert (create["type"], create["object"]["inReplyTo"]) == (["Create", "hw:Comment"], f"{BASE_URL}{event}")
    note = await archive.reads(create["object"]["id"])
    assert note == create["object"] | {"@context": note["@context"]}
    assert note["content"] == "<p>fog &lt;again&gt;</p>"
    assert (await archive.get(f"{event}/note")).status_code == 404


async def test_a_vote_on_what_is_public_is_a_like(archive: Archive) -> None:
    """Events §10, §23.5."""
    event = await archive.load(acl=EVERYBODY)
    vote = await archive.log.bump(event.removeprefix("/events/"))
    told = await archive.reads(f"/events/{vote.stream_id}")
    assert (told["type"], told["object"]) == ("Like", f"{BASE_URL}{event}")


@pytest.mark.parametrize("id", ["x", "f48383f0-fc0f-317c-90df-5d7a76e1eb17"])
async def test_what_is_not_there_is_not_found(archive: Archive, id: str) -> None:
    assert (await archive.get(f"/events/{id}", archive.program)).status_code == 404
    assert (await archive.get(f"/events/{id}/note", archive.program)).status_code == 404


async def test_an_id_is_the_same_in_capitals(archive: Archive) -> None:
    event = await archive.load()
    told = await archive.reads(f"/events/{event.removeprefix('/events/').upper()}", archive.program)
    assert told["id"] == f"{BASE_URL}{event}"


async def test_what_an_address_is_asked_for_again_need_not_be_sent(archive: Archive) -> None:
    event = await archive.load(acl=EVERYBODY)
    first = await archive.get(event)
    again = await archive.get(event, if_none_match=first.headers["etag"])
    assert again.status_code == 304


async def test_where_somebody_connects_from_is_nowhere(archive: Archive) -> None:
    """Events §23.1."""
    event = await archive.load(
        acl=EVERYBODY, aspects={"client_ip": "203.0.113.9", "client_device": "Browser/1", "demography": {}}
    )
    assert await archive.log.find("ASIP/203.0.113.9") is not None
    for caller in (None, archive.program):
        answer = await archive.get(event, caller)
        assert "203.0.113.9" not in answer.text
        assert "Browser" not in answer.text
    assert Ref.parse("ASIP/203.0.113.9").key not in str(await archive.reads(event)).lower()


async def test_a_native_address_answers_so_too_when_asked(archive: Archive) -> None:
    """Events §23.2: as an activity to whoever wants that more than plain JSON."""
    event = (await archive.load()).removeprefix("/events/")
    program = archive.program
    for path in (f"events/{event}", "entities/Vessel/Kestrel-9"):
        asked = await program.sending(accept=AS2)("GET", path)
        assert asked.headers["content-type"] == AS2
        assert asked.json()["id"].startswith(BASE_URL)
        assert (await program.sending(accept="*/*")("GET", path)).headers[
            "content-type"
        ] == "application/json"
        stranger = await archive.api.nobody.sending(accept=AS2)("GET", path)
        assert stranger.status_code == 401
    missing = await program.sending(accept=AS2).fails("GET", "events/f48383f0-fc0f-317c-90df-5d7a76e1eb17")
    assert missing.status == 404


async def test_a_query_that_cannot_be_read_is_refused(archive: Archive) -> None:
    event = await archive.load(acl=EVERYBODY)
    transport = httpx.ASGITransport(archive.api.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as browser:
        assert (await browser.get(f"{event}?x=%ff")).status_code == 400
    assert (await archive.get(f"{event}?apikey=a&api_key=b")).status_code == 401


async def test_where_only_who_says_who_they_are_may_read_a_key_is_enough(ready_url: str) -> None:
    """AP-482."""
    async with opened(ready_url, federation_authorized_fetch="true") as api:
        archive = await Archive.of(api)
        event = await archive.load(acl=EVERYBODY)
        assert (await archive.get(event)).status_code == 401
        assert (await archive.get(f"{ADA}/stream")).status_code == 401
        assert await archive.reads(event, archive.program)
