"""What programs say of themselves at their ``client_id``."""

import json
from typing import Any

import pytest

from federation.applications import FRESH_US, Application, Applications, application
from federation.errors import Disbelieved, FederationError
from federation.response import Response
from vocab import VocabError

ID = "https://app.example/client"
CALLBACK = "https://app.example/cb"
AS2 = "application/activity+json"


def answer(document: Any, media_type: str) -> Response:
    return Response(200, ID, {"content-type": media_type}, json.dumps(document).encode())


def described(**members: Any) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://purl.archive.org/socialweb/oauth"],
        "id": ID, "type": "Application", "name": "App", "redirectURI": CALLBACK, **members,
    }  # fmt: skip


def registered(**members: Any) -> dict[str, Any]:
    return {"client_id": ID, "client_name": "App", "redirect_uris": [CALLBACK], **members}


@pytest.mark.parametrize(
    "media_type", [AS2, 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"']
)
def test_an_activitypub_object(media_type: str) -> None:
    """AP-534."""
    assert application(ID, answer(described(), media_type)) == Application(ID, "App", (CALLBACK,))
    two = application(ID, answer(described(redirectURI=[CALLBACK, "app.example:/"]), media_type))
    assert two.redirect_uris == (CALLBACK, "app.example:/")


def test_client_metadata() -> None:
    """AP-535."""
    found = application(ID, answer(registered(scope="read"), "application/json; charset=utf-8"))
    assert found == Application(ID, "App", (CALLBACK,), "read")
    for nameless in (None, "", 7, "\u202e "):
        assert (
            application(ID, answer(registered(client_name=nameless), "application/json")).name
            == "app.example"
        )


@pytest.mark.parametrize(
    ("document", "media_type"),
    [
        (described(id="https://app.example/other"), AS2),
        (described(id=None), AS2),
        (registered(client_id="https://app.example/other"), "application/json"),
        (registered(client_id=None), "application/json"),
        (registered(redirect_uris=CALLBACK), "application/json"),
        (registered(redirect_uris=[7]), "application/json"),
        (registered(), AS2),
        (described(), "application/json"),
        (described(), "text/html"),
        (registered(), "text/plain"),
        ([], "application/json"),
    ],
)
def test_what_is_not_believed(document: Any, media_type: str) -> None:
    """AP-534, AP-535: it must say that it is what lies there, in a form that says what it is."""
    with pytest.raises(Disbelieved):
        application(ID, answer(document, media_type))


@pytest.mark.parametrize(
    "context",
    [
        "https://www.w3.org/ns/activitystreams",
        {"oauth": "https://purl.archive.org/socialweb/oauth#", "redirectURI": {"@id": "oauth:redirectURI"}},
        {
            "oauth": "https://purl.archive.org/socialweb/oauth#",
            "redirectURI": {"@id": "oauth:redirectURI", "@type": "@id"},
        },
    ],
)
def test_the_address_by_other_contexts(context: Any) -> None:
    """AP-534: whatever its context is called, and even without one."""
    document = described()
    document["@context"] = ["https://www.w3.org/ns/activitystreams", context]
    assert application(ID, answer(document, AS2)).redirect_uris == (CALLBACK,)


@pytest.mark.anyio
class TestReading:
    @pytest.fixture
    def programs(self, world: Any) -> Applications:
        return Applications(world.keyring.reader, clock=world.clock)

    async def test_read_and_remembered_briefly(self, world: Any, net: Any, programs: Applications) -> None:
        """AP-535."""
        net.show(ID, registered(), content_type="application/json")
        assert await programs.read(ID) == await programs.read(ID)
        assert net.asked == [ID]
        assert "signature" in net.requests[0].headers
        world.later(FRESH_US / 1_000_000 + 1)
        net.show(ID, registered(client_name="New"), content_type="application/json")
        assert (await programs.read(ID)).name == "New"

    async def test_a_failure_is_remembered_too(self, net: Any, programs: Applications) -> None:
        """SEC-046: nobody makes us ask someone else again and again."""
        for _ in range(3):
            with pytest.raises(FederationError):
                await programs.read(ID)
        asked = len(net.asked)
        with pytest.raises(FederationError):
            await programs.read(ID)
        assert len(net.asked) == asked <= 2

    async def test_it_must_lie_at_its_address(self, net: Any, programs: Applications) -> None:
        """AP-535: a redirect proves nothing of where it starts."""
        net.show(ID, b"", status=302, location="https://app.example/other")
        net.show("https://app.example/other", registered(), content_type="application/json")
        with pytest.raises(Disbelieved):
            await programs.read(ID)

    async def test_it_is_small(self, net: Any, programs: Applications) -> None:
        """AP-535."""
        net.show(ID, registered(logo="x" * 70_000), content_type="application/json")
        with pytest.raises(FederationError):
            await programs.read(ID)

    @pytest.mark.parametrize("id", ["https://b.example/client", "file:///etc/passwd", "x"])
    async def test_where_we_do_not_ask(self, net: Any, programs: Applications, id: str) -> None:
        """AP-534, SEC-041: not ourselves, nothing but the web."""
        with pytest.raises((FederationError, VocabError)):
            await programs.read(id)
        assert net.asked == []
