"""How others find us."""

import httpx
import pytest
from town import AS2, Person, Server


@pytest.fixture(scope="module")
def ada(live: Server) -> Person:
    return Person(live, "ada")


def asked(server: Server, resource: str, **more: str) -> httpx.Response:
    return httpx.get(f"{server.base_url}/.well-known/webfinger", params={"resource": resource, **more})


@pytest.mark.parametrize(
    "resource", ["acct:{acct}", "acct:{ACCT}", "{acct}", "{id}", "{page}", "{PAGE}", "@{acct}"]
)
def test_all_names_of_an_actor(live: Server, ada: Person, resource: str) -> None:
    """AP-120, V-15: whichever way it is asked for, percent-encoded or not, the answer is the same."""
    page = f"{live.base_url}/@ada"
    names = {
        "acct": ada.acct,
        "ACCT": ada.acct.upper(),
        "id": ada.id,
        "page": page,
        "PAGE": page[:-3] + "ADA",
    }
    expected = asked(live, f"acct:{ada.acct}").json()
    assert expected["links"][0] == {"rel": "self", "type": "application/activity+json", "href": ada.id}
    assert asked(live, resource.format(**names)).json() == expected
    raw = f"{live.base_url}/.well-known/webfinger?resource={resource.format(**names)}"
    assert httpx.get(raw).json() == expected


def test_pictures(live: Server) -> None:
    """AP-123: who has a picture is found with it; every link names the media type of what it leads to."""
    bea = Person(live, "bea")
    icon = {"type": "Image", "mediaType": "image/png", "url": f"{live.base_url}/bea.png"}
    bea.post({"type": "Update", "object": {"id": bea.id, "type": "Person", "icon": icon}})
    links = asked(live, f"acct:{bea.acct}").json()["links"]
    assert links[-1] == {"rel": "http://webfinger.net/rel/avatar", "type": "image/png", "href": icon["url"]}
    assert all(link["type"] for link in links)


def test_the_address_of_the_server(live: Server) -> None:
    """AP-063, AP-132: a program that asks there is led to the server's own actor; people see a page."""
    for accept in (
        "application/activity+json",
        AS2,
        "application/activity+json, application/ld+json, application/json",
    ):
        answer = httpx.get(f"{live.base_url}/", headers={"Accept": accept})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{live.base_url}/actor")
        assert "Accept" in answer.headers["vary"]
    for accept in ("text/html", "*/*", "text/html, application/activity+json;q=0.5"):
        answer = httpx.get(f"{live.base_url}/", headers={"Accept": accept})
        assert answer.headers["content-type"].startswith("text/html")


def test_the_server_itself(live: Server) -> None:
    """AP-120, AP-132: by its address it is a service; by its acct the instance actor."""
    actor = f"{live.base_url}/actor"
    for resource in (f"{live.base_url}/", live.base_url):
        found = asked(live, resource).json()
        assert found["subject"] == f"{live.base_url}/"
        assert {(link["rel"], link["href"]) for link in found["links"]} == {
            ("self", actor), ("https://www.w3.org/ns/activitystreams#Service", actor),
        }  # fmt: skip
    assert asked(live, f"acct:{live.host}@{live.host}").json()["links"][0]["href"] == actor


@pytest.mark.parametrize(
    "resource",
    ["{base}/@nobody", "{base}/users/nobody", "{base}/inbox", "{base}/@", "https://b.example/@ada"],
)
def test_nobody(live: Server, resource: str) -> None:
    """AP-121: well formed, but unknown here."""
    assert asked(live, resource.format(base=live.base_url)).status_code == 404


def test_what_the_server_is_in_one_document(live: Server) -> None:
    """AP-141: at a fixed address, with the server's own, and no other number of people than NodeInfo tells."""
    found = httpx.get(f"{live.base_url}/.well-known/x-nodeinfo2", headers={"Accept": "application/json"})
    assert found.headers["content-type"] == "application/json"
    assert found.headers["access-control-allow-origin"] == "*"
    assert found.json()["server"]["baseUrl"] == f"{live.base_url}/"
    assert found.json()["usage"] == httpx.get(f"{live.base_url}/nodeinfo/2.1").json()["usage"]
