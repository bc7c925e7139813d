"""Programs that describe themselves at the address that is their ``client_id``."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from member import Member
from program import CALLBACK, Program, is_good
from town import Server

AS2 = "application/activity+json"
CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://purl.archive.org/socialweb/oauth"]


class Site:
    """A program's own site: documents by path, each with its media type."""

    def __init__(self) -> None:
        self.documents: dict[str, tuple[str, Any]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, document = site.documents.get(self.path, ("", None))
                self.send_response(200 if document is not None else 404)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(json.dumps(document).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    def described(self, path: str, **members: Any) -> str:
        """Show an ActivityPub object and return its id."""
        id = self.origin + path
        document = {
            "@context": CONTEXT,
            "id": id,
            "type": "Application",
            "name": "Far",
            "redirectURI": CALLBACK,
        }
        self.documents[path] = (AS2, {**document, **members})
        return id

    def registered(self, path: str, **members: Any) -> str:
        """Show client metadata and return their client_id."""
        id = self.origin + path
        document = {"client_id": id, "client_name": "Far", "redirect_uris": [CALLBACK], **members}
        self.documents[path] = ("application/json", document)
        return id


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    made = Site()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.mark.parametrize("form", ["described", "registered"])
def test_the_whole_way(live: Server, app: Program, ada: Member, site: Site, form: str) -> None:
    """AP-534, AP-535: no registration; the consent page names the site that answers for the program."""
    far = getattr(site, form)(f"/{form}")
    page = ada.ask(app.question(client_id=far))
    assert f"<strong>{site.origin.removeprefix('http://')}</strong>" in page.text
    assert "Far" in page.text
    told = app.exchange(client_id=far, code=app.code(ada, client_id=far)).json()
    assert is_good(ada, told["access_token"])
    assert app.refresh(told["refresh_token"], client_id=far, client_secret="ignored").status_code == 200
    assert "Far" in ada.get("/account").text


@pytest.mark.parametrize("form", ["described", "registered"])
def test_only_the_addresses_it_lists(app: Program, site: Site, form: str) -> None:
    """AP-534, AP-535, AP-536: an address that could not be registered here is none there either."""
    members = {"redirectURI": "javascript:alert(1)", "redirect_uris": ["javascript:alert(1)"]}
    near = getattr(site, form)(f"/{form}/other")
    hostile = getattr(site, form)(f"/{form}/hostile", **members)
    for id, uri in ((near, CALLBACK + "x"), (hostile, "javascript:alert(1)"), (hostile, CALLBACK)):
        refused = httpx.get(app.question(client_id=id, redirect_uri=uri))
        assert (refused.status_code, "location" in refused.headers) == (400, False)


def test_what_is_not_about_itself(app: Program, site: Site) -> None:
    """AP-534, AP-535."""
    elsewhere = "https://app.example/client"
    for id in (
        site.described("/a", id=elsewhere),
        site.registered("/b", client_id=elsewhere),
        f"{site.origin}/nothing",
    ):
        assert httpx.get(app.question(client_id=id)).status_code == 400


def test_a_code_of_one_is_not_good_for_another(app: Program, ada: Member, site: Site) -> None:
    """AP-539."""
    one, other = site.described("/one"), site.registered("/other")
    code = app.code(ada, client_id=one)
    assert app.exchange(client_id=other, code=code).json()["error"] == "invalid_grant"


def test_the_site_that_a_token_is_good_for(app: Program, ada: Member, site: Site) -> None:
    """AP-542: ``write:sameorigin`` means the origin of the client's id."""
    far = site.described("/player")
    code = app.code(ada, client_id=far, scope="write:sameorigin")
    token = app.exchange(client_id=far, code=code).json()["access_token"]
    for object, status in ((f"{site.origin}/track/1", 201), ("http://127.0.0.1:1/track/1", 403)):
        sent = httpx.post(
            f"{ada.id}/outbox", content=json.dumps({"type": "Listen", "object": object}),
            headers={"Content-Type": AS2, "Authorization": f"Bearer {token}"},
        )  # fmt: skip
        assert sent.status_code == status, sent.text
