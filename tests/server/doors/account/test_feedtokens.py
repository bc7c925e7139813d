"""Addresses for feed readers that cannot sign in (Atom §17.3)."""

import re
import secrets
from collections.abc import Iterator
from xml.etree.ElementTree import fromstring

import httpx
import pytest
from member import Member
from reading import ids, links
from town import Server

AS2 = "application/activity+json"


@pytest.fixture
def ada(live: Server) -> Iterator[Member]:
    """A new member for each test, signed in."""
    with Member(live, f"m{secrets.token_hex(4)}") as made:
        made.sign_in()
        yield made


def said(live: Server, ada: Member, *to: str) -> str:
    token = live.cli("token", "issue", ada.name)["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": AS2}
    note = {"type": "Note", "content": "hello", "to": list(to)}
    answer = httpx.post(f"{live.base_url}/users/{ada.name}/outbox", json=note, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_one_is_made_shown_once_and_ended(live: Server, ada: Member) -> None:
    """Atom §17.3: it reads what its member reads, minus what was said to followers and to some alone.

    It stands in what leads to other pages, so that a reader can go there, and nowhere else.
    """
    public = said(live, ada, "https://www.w3.org/ns/activitystreams#Public")
    said(live, ada, ada.id)
    said(live, ada, f"{ada.id}/followers")
    page = ada.submit(ada.get("/account"), "/account/feeds", label="My <reader>")
    assert page.status_code == 200
    found = re.search(r"http://[^\"<]+/activity\?token=[\w-]{43}", page.text)
    assert found is not None
    again = ada.get("/account")
    assert found[0] not in again.text
    assert "My &lt;reader&gt;" in again.text
    read = httpx.get(f"{found[0]}&streams=user+IS+{ada.name}")
    assert ids(read) == [public]
    assert read.headers["referrer-policy"] == "no-referrer"
    token = found[0].rpartition("=")[2]
    root = fromstring(read.content)
    beside = [address for rel in ("first", "previous", "next", "last") for address in links(root, rel)]
    assert read.text.count(token) == len(beside) == sum(token in address for address in beside)
    assert links(root, "self") == [f"{live.base_url}/activity?streams=user+IS+{ada.name}"]
    assert token not in live.log()
    id = again.text.partition('name="feed_token" value="')[2].partition('"')[0]
    assert ada.submit(again, "/account/feeds/end", feed_token=id).status_code == 303
    assert httpx.get(found[0]).status_code == 401
    assert ada.submit(again, "/account/feeds/end", feed_token=id).status_code == 404


def test_nobody_ends_those_of_others(live: Server, ada: Member) -> None:
    """SEC-033, SEC-065."""
    ada.submit(ada.get("/account"), "/account/feeds", label="")
    id = ada.get("/account").text.partition('name="feed_token" value="')[2].partition('"')[0]
    with Member(live, f"{ada.name}eve") as eve:
        eve.sign_in()
        page = eve.submit(eve.get("/account"), "/account/feeds", label="x")
        for odd, status in ((id, 404), ("", 400), ("x", 400), ("9" * 5_000, 400)):
            assert eve.submit(page, "/account/feeds/end", feed_token=odd).status_code == status
    assert ada.browser.post("/account/feeds", data={"label": "x"}).status_code == 403


def test_the_command_line_makes_and_ends_them_too(live: Server, ada: Member) -> None:
    """Atom §17.3: with the scope ``feed:read``; such a token opens nothing else."""
    made = live.cli("token", "issue", ada.name, "--scope", "feed:read")
    assert httpx.get(made["feed"]).status_code == 200
    bearer = {"Authorization": f"Bearer {made['access_token']}"}
    assert httpx.get(f"{live.base_url}/activity", headers=bearer).status_code == 401
    assert httpx.get(f"{live.base_url}/users/{ada.name}/inbox", headers=bearer).status_code == 401
    (row,) = [one for one in live.cli("token", "list", ada.name)["tokens"] if one["scope"] == "feed:read"]
    live.cli("token", "revoke", ada.name, str(row["id"]))
    assert httpx.get(made["feed"]).status_code == 401
