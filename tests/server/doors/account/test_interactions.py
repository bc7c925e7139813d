"""The page that other servers send someone to who wants to follow, like or share from home."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from member import Member, form
from peer import Peer
from town import PUBLIC, Person, Server, eventually

HERE = "/authorize_interaction"


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def ada(live: Server) -> Iterator[Member]:
    """A member who is signed in."""
    with Member(live, "ada") as made:
        made.sign_in()
        yield made


def liked(ada: Member) -> list[str]:
    first = httpx.get(f"{ada.id}/liked").json()["first"]
    found: list[str] = httpx.get(first).json().get("orderedItems", [])
    return found


def test_the_address_that_webfinger_names(live: Server, ada: Member, peer: Peer) -> None:
    """AP-123: it leads a member, once signed in, to the button that follows whom the address means."""
    bob = peer.actor("bob")
    peer.documents["/people/bob"]["name"] = "Bob <b>"
    found = httpx.get(
        f"{live.base_url}/.well-known/webfinger", params={"resource": f"acct:{ada.acct}"}
    ).json()
    template = next(link["template"] for link in found["links"] if "template" in link)
    address = template.replace("{uri}", bob.replace(":", "%3A").replace("/", "%2F"))
    with Member(live, "ada", new=False) as stranger:
        page = stranger.ask(address)
        assert page.status_code == 200
        assert "Follow Bob &lt;b&gt;?" in page.text
        assert form(page, HERE)["uri"] == bob
        done = stranger.submit(page, HERE, act="follow")
        assert done.status_code == 303
        assert "You have asked to follow Bob" in stranger.get(done.headers["location"]).text
    sent = eventually(lambda: [body for body in peer.bodies() if body["type"] == "Follow"])
    assert [(one["actor"], one["object"]) for one in sent] == [(ada.id, bob)]


def test_people_of_ours(live: Server, ada: Member) -> None:
    """AP-123: by handle, address or page, in whatever case the handle is written."""
    cy = Person(live, "cy")
    for name in (f"acct:{cy.acct}", f"@CY@{live.host}", cy.id, f"{live.base_url}/@cy"):
        page = ada.get(HERE, params={"uri": name})
        assert page.status_code == 200, name
        assert "Follow cy?" in page.text
    assert ada.submit(page, HERE, act="follow").status_code == 303
    assert cy.items("followers") == [ada.id]


def test_what_people_made(live: Server, ada: Member, peer: Peer) -> None:
    """AP-123, AP-253: may be liked, and shared when it is for everyone; markup of others stays text."""
    bob = peer.actor("bob")
    note = {
        "id": f"{peer.base_url}/n/1", "type": "Note", "attributedTo": bob, "to": PUBLIC,
        "content": "<p>Tea &amp; <b>cake</b> &lt;script&gt;</p>",
    }  # fmt: skip
    peer.documents["/n/1"] = note
    page = ada.get(HERE, params={"uri": note["id"]})
    assert "Tea &amp; cake &lt;script&gt;" in page.text
    assert ada.submit(page, HERE, act="like").status_code == 303
    assert liked(ada) == [note["id"]]
    assert ada.submit(page, HERE, act="share").status_code == 303
    assert ada.submit(page, HERE, act="follow").status_code == 400
    secret = Person(live, "eve").note("for ada", to=ada.id)["object"]["id"]
    page = ada.get(HERE, params={"uri": secret})
    assert "for ada" in page.text
    assert 'value="share"' not in page.text
    assert ada.submit(page, HERE, act="share").status_code == 400


def test_who_sends_a_member_here_does_not_learn_who_they_are(ada: Member, peer: Peer) -> None:
    """AP-123, SEC-065: what another site's link names is read in the server's name; what a member types, in theirs."""
    signed: list[str] = []

    def note(handler: BaseHTTPRequestHandler) -> bool:
        signed.append(f"{handler.headers.get('Signature')} {handler.headers.get('Signature-Input')}")
        return False

    peer.on_get = note
    for number, (site, named) in enumerate({"cross-site": False, "same-site": False, "none": True}.items()):
        trap = f"{peer.base_url}/n/trap{number}"
        peer.documents[f"/n/trap{number}"] = {"id": trap, "type": "Note", "content": "x", "to": PUBLIC}
        signed.clear()
        assert ada.get(HERE, params={"uri": trap}, headers={"Sec-Fetch-Site": site}).status_code == 200
        assert any(ada.id in one for one in signed) == named, (site, signed)


def test_what_cannot_be_found(live: Server, ada: Member, peer: Peer) -> None:
    """AP-123, SEC-033: nothing, nonsense, what is not there, what is not for the member."""
    hidden = Person(live, "odd").note("x", to=[])["object"]["id"]
    for uri, status in {
        "": 400, "nonsense": 400, "javascript:alert(1)": 400, f"{peer.base_url}/none": 404, hidden: 404,
        f"acct:nobody@{live.host}": 404, f"{live.base_url}/@nobody": 404,
    }.items():  # fmt: skip
        answer = ada.get(HERE, params={"uri": uri})
        assert (answer.status_code, uri) == (status, uri)
        assert answer.headers["content-type"].startswith("text/html")
    assert ada.get(HERE).status_code == 400
    with Member(live, "ada", new=False) as stranger:
        assert stranger.get(HERE, params={"uri": hidden}).status_code == 303, (
            "nothing is looked up for strangers"
        )


def test_only_our_own_form_acts(live: Server, ada: Member) -> None:
    """SEC-065: neither without its token nor from another site."""
    fae = Person(live, "fae")
    page = ada.get(HERE, params={"uri": fae.id})
    given = {**form(page, HERE), "act": "follow"}
    for spoiled, origin in (({**given, "csrf": "x"}, live.base_url), (given, "https://evil.example")):
        refused = ada.browser.post(HERE, data=spoiled, headers={"Origin": origin})
        assert refused.status_code == 403
    assert fae.items("followers") == []
