"""What a caller may not see, with and without the operator's leave to tell."""

import re
from collections.abc import Iterator

import httpx
import pytest
from town import Person, Town

KINDS = ("{object}", "{activity}", "{object}/likes", "{object}/replies")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("town"))
    yield made
    for server in made.servers:
        server.kill()


def hidden(town: Town, **settings: str) -> tuple[list[str], Person, Person]:
    server = town.server(**settings)
    ada, eve, bob = (Person(server, name) for name in ("ada", "eve", "bob"))
    said = ada.note("for bob", to=[bob.id])
    names = {"object": said["object"]["id"], "activity": said["id"]}
    return [kind.format(**names) for kind in KINDS], eve, bob


def absent(url: str) -> str:
    """Return the like of an IRI under which nothing ever was."""
    return re.sub("(objects|activities)/.", r"\1/z", url)


def test_hidden_is_absent(town: Town) -> None:
    """AP-069, SEC-033: the whole answer is that for something that never was."""
    found, eve, bob = hidden(town)
    for url in found:
        assert bob.get(url).status_code == 200
        for signed_in in (False, True):
            answers = [eve.get(iri, signed_in=signed_in) for iri in (url, absent(url))]
            told = [(answer.status_code, answer.content, sorted(answer.headers)) for answer in answers]
            assert told[0] == told[1]
            assert told[0][0] == 404


def test_hidden_is_revealed(town: Town) -> None:
    """AP-069: 401 without credentials, 403 with the wrong ones, 404 for what is not there all the same."""
    found, eve, bob = hidden(town, HEADWATER_FEDERATION_REVEAL_FORBIDDEN="true")
    for url in found:
        stranger = httpx.get(url)
        assert stranger.status_code == 401
        assert stranger.headers["www-authenticate"].startswith("Bearer resource_metadata=")
        assert eve.get(url).status_code == 403
        assert bob.get(url).status_code == 200
        assert eve.get(absent(url)).status_code == 404
    eve.post({"type": "Like", "object": found[0]}, expect=403)
