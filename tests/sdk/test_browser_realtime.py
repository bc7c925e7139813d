"""The JavaScript SDK in a browser, in a page of another site than ours (Feeds §1, §11.1)."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from application import fresh
from lacks import lacking
from nodesdk import DIRECTORY, missing
from playwright.sync_api import Page

BUNDLE = DIRECTORY / "node_modules/getstream/dist/js/getstream.js"
TWEET = {"actor": "1", "verb": "tweet", "object": "1"}

LISTEN = """async ([key, token, app, base, name]) => {
  window.heard = [];
  const client = stream.connect(key, token, app, {urlOverride: {api: `${base}/api/`}, fayeUrl: `${base}/faye`});
  const subscribed = client.feed('user', name).subscribe((message) => window.heard.push(message));
  await Promise.race([subscribed, new Promise((_, late) => setTimeout(late, 10_000, 'no subscription'))]);
}"""


class Site(BaseHTTPRequestHandler):
    """Another site, with one empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>App</title>")

    def log_request(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("sockets", [True, False])
def test_a_page_of_another_site_hears_what_happens(
    application, client, scripted_page: Page, site: str, sockets: bool
) -> None:
    """Without WebSockets by what a browser leaves open: scripts, then forms that are sent with credentials."""
    if lack := missing():
        lacking(lack)
    name, asked = fresh("ada"), set[str]()
    scripted_page.on("request", lambda one: asked.add(f"{one.method} {one.resource_type}"))
    if not sockets:
        scripted_page.add_init_script("delete window.WebSocket")
    scripted_page.goto(site)
    scripted_page.add_script_tag(path=BUNDLE)
    token, base = application.user_token(name), application.server.base_url
    scripted_page.evaluate(LISTEN, [application.api_key, token, application.app_id, base, name])
    added = client.feed("user", name).add_activity(TWEET)
    scripted_page.wait_for_function("window.heard.length === 1", timeout=10_000)
    [message] = scripted_page.evaluate("window.heard")
    assert [new["id"] for new in message["new"]] == [added["id"]]
    assert "GET script" in asked
    assert ("POST xhr" in asked) is not sockets
