"""The page on which members say by which credentials linked applications are asked for them."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from member import PASSWORD, Member
from reading import GENERAL, feed, get, reader
from town import Server, Town, eventually


@pytest.fixture(scope="module")
def town_of_two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    """Two servers; the first shows what the second one has, to each member what is theirs."""
    town = Town(Path(tmp_path_factory.mktemp("hub")))
    yield town.server(), town.server()
    for server in town.servers:
        server.kill()


def consents(root: ElementTree.Element) -> list[str | None]:
    return [
        one.findtext(f"{GENERAL}authorisation-uri") for one in root.findall(f"{GENERAL}authorisation-message")
    ]


def test_a_member_consents_and_takes_it_back(town_of_two: tuple[Server, Server]) -> None:
    """Atom §3.3, §9: told in the stream where to, shown what is theirs alone, and nothing any more after the end."""
    here, there = town_of_two
    theirs = reader(there, "ada")
    theirs.note("for her alone", to=theirs.id)
    with Member(here, "bob") as bob, Member(here, "eve") as eve:
        assert (
            here.cli("link", "add", "far", there.base_url, "--owner", "eve", "--delegated")["delegated"]
            is True
        )
        both = ("--owner", "eve", "--delegated", "--public")
        here.cli("link", "add", "x", there.base_url, *both, expect=2)
        page = f"{here.base_url}/account/links"
        eventually(lambda: consents(feed(get(here, who="bob"))) or None)
        assert set(consents(feed(get(here, who="bob")))) == {page}
        assert consents(feed(get(here))) == []
        assert bob.get("/account/links").headers["location"].endswith("/login?next=%2Faccount%2Flinks")
        bob.sign_in()
        eve.sign_in()
        assert 'href="/account/links"' in bob.get("/account").text
        text = bob.get("/account/links").text
        assert there.base_url in text
        token = text.partition('name="csrf" value="')[2].partition('"')[0]
        id = text.partition('name="application" value="')[2].partition('"')[0]

        def send(**fields: str) -> httpx.Response:
            sent = {"csrf": token, "application": id, "do": "begin", **fields}
            return bob.browser.post("/account/links", data=sent, headers={"Origin": here.base_url})

        wrong = send(name="ada", secret="wrong")
        assert (wrong.status_code, "does not take this" in wrong.text) == (400, True)
        for fields in ({"secret": ""}, {"name": "a:b", "secret": "x"}, {"secret": "two words"}):
            assert send(**fields).status_code == 400
        assert send(application="7", name="ada", secret=PASSWORD).status_code == 404
        assert send(csrf="x", name="ada", secret=PASSWORD).status_code == 403
        assert "for her alone" not in get(here, who="bob").text

        assert send(name="ada", secret=PASSWORD).status_code == 303
        assert "Asked for you since" in bob.get("/account/links").text
        answer = get(here, who="bob")
        assert "for her alone" in answer.text
        assert consents(feed(answer)) == []
        for who in ("eve", ""):
            assert "for her alone" not in get(here, who=who).text
        assert "Asked for you since" not in eve.get("/account/links").text
        assert PASSWORD not in bob.get("/account/links").text

        assert send(do="end").status_code == 303
        answer = get(here, who="bob")
        assert "for her alone" not in answer.text
        assert set(consents(feed(answer))) == {page}
        assert send(secret=theirs.token).status_code == 303
        assert "for her alone" in get(here, who="bob").text
