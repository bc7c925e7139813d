"""The script for pages of other sites, in Chromium (Events §21.1)."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Request
from town import Server, Town, eventually

QUEUE = "window.asa = window.asa || function () { (asa.q = asa.q || []).push(arguments) };"
META = """<meta property="og:title" content="Blue mug"><meta name="keywords" content="mug, blue">
    <meta name="other" content="x">"""


class Shop(ThreadingHTTPServer):
    """A site with the same page at every address; ``script`` is what it calls before the reporting script is there.

    Its partner's site is the same by another name.
    """

    def __init__(self, reporting: str) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.reporting = reporting
        self.script = ""
        self.host = f"localhost:{self.server_port}"
        self.partner = f"127.0.0.1:{self.server_port}"

    @property
    def page(self) -> bytes:
        return f"""<!doctype html><html lang="en"><head><title>Blue mug</title>{META}
            <script>{QUEUE}{self.script}</script><script async src="{self.reporting}/headwater.js"></script></head>
            <body><h1>Mug</h1><a href="http://{self.partner}/thanks?a=1">Partner</a></body></html>""".encode()

    def visit(self, page: Page, path: str = "/mugs/blue", *, referer: str | None = None) -> None:
        """Open a page of the shop, and wait until what waited is done."""
        page.goto(f"http://{self.host}{path}", referer=referer)
        settled(page)


class Visit(BaseHTTPRequestHandler):
    """Answers with the page."""

    def do_GET(self) -> None:
        assert isinstance(self.server, Shop)
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.server.page)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def settled(page: Page) -> None:
    page.wait_for_function("() => window.asa && !asa.q", timeout=10_000)


def after(page: Page, reports: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Wait for so many reports; there are no more."""
    eventually(lambda: page.wait_for_timeout(10) or len(reports) >= count)
    assert len(reports) == count, reports
    return reports


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose tenant pages call AS-000042."""
    named = json.dumps({"default": {"web_ids": ["AS-000042"]}})
    made = Town(tmp_path_factory.mktemp("reported")).server(HEADWATER_TENANTS=named)
    yield made
    made.kill()


@pytest.fixture(scope="module")
def sites(server: Server) -> Iterator[Shop]:
    with Shop(server.base_url) as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()


@pytest.fixture
def shop(sites: Shop) -> Shop:
    """A site whose pages set the tenant."""
    sites.script = "asa('set.tenant.id', 'AS-000042');"
    return sites


@pytest.fixture
def reports(scripted_page: Page, server: Server) -> list[dict[str, Any]]:
    """What the page sends, as it sends it."""
    sent: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        path = request.url.removeprefix(server.base_url)
        if path.startswith("/asa"):
            assert "cookie" not in request.headers
            sent.append({"path": path, **json.loads(request.post_data or "{}")})

    scripted_page.on("request", note)
    return sent


def types(reports: list[dict[str, Any]]) -> list[str]:
    return [report["ev"]["type"] for report in reports]


def test_calls_that_waited_are_done(
    server: Server, shop: Shop, scripted_page: Page, reports: list[dict[str, Any]]
) -> None:
    """§21.1, §21.3: in their order, in the envelope of the second generation; and the server keeps them."""
    shop.script = f"""asa('as.web.too.early', ['x']); {shop.script}
        asa('as.web.product.viewed', ['Mug/blue']); asa('no.such.event');
        asa('as.web.order.reviewed', ['o-1']); asa('as.web.product.searched', {{term: 'mug'}})"""
    shop.visit(scripted_page, "/mugs/blue?utm_source=mail", referer="http://news.localhost/today")
    assert types(after(scripted_page, reports, 4)) == [
        "as.web.session.started", "as.web.product.viewed", "as.web.order.reviewed", "as.web.product.searched"
    ]  # fmt: skip
    viewed = reports[1]
    event = viewed["ev"]
    assert (viewed["path"], viewed["tid"], viewed["t"]) == ("/asa", "web.asa", event["occurred"])
    sid, here = event["user"]["sid"], f"http://{shop.host}"
    assert {name: event[name] for name in event if name not in ("occurred", "v")} == {
        "type": "as.web.product.viewed", "tenant": "AS-000042", "origin": here, "title": "Blue mug",
        "user": {"sid": sid}, "page": {"url": f"{here}/mugs/blue?utm_source=mail", "referrer": "news.localhost"},
        "campaign": {"source": "mail"}, "meta": {"og:title": "Blue mug", "keywords": "mug, blue"},
        "partner_id": "", "partner_sid": "", "products": ["Mug/blue"],
    }  # fmt: skip
    assert {report["ev"]["user"]["sid"] for report in reports} == {sid}
    assert (reports[2]["ev"]["orders"], reports[3]["ev"]["term"]) == (["o-1"], "mug")
    assert scripted_page.context.cookies() == []
    key = server.cli("tenant", "show", "default")["events"]["api_key"]
    stream = f"{server.base_url}/api/v1/as/entities/ASWebSession/{sid}/events"

    def kept() -> bool:
        found = httpx.get(stream, headers={"X-API-Key": key})
        return found.status_code == 200 and len(found.json()) == 4

    eventually(kept)


def test_a_session_lives_while_something_happens(
    shop: Shop, scripted_page: Page, reports: list[dict[str, Any]]
) -> None:
    """§21.1: for thirty minutes without anything, and no longer than the tab."""
    scripted_page.clock.install(time="2031-05-01T09:00:00Z")
    shop.visit(scripted_page)
    scripted_page.clock.fast_forward(29 * 60_000)
    scripted_page.reload()
    settled(scripted_page)
    scripted_page.clock.fast_forward(29 * 60_000)
    scripted_page.evaluate("asa('as.web.order.reviewed')")
    scripted_page.clock.fast_forward(31 * 60_000)
    scripted_page.evaluate("asa('as.web.order.reviewed')")
    scripted_page.evaluate("asa('create.custom.session', 'own-1')")
    after(scripted_page, reports, 5)
    sids = [report["ev"]["user"]["sid"] for report in reports]
    assert types(reports) == [
        "as.web.session.started", "as.web.session.resumed", "as.web.order.reviewed", "as.web.order.reviewed",
        "as.web.session.started",
    ]  # fmt: skip
    assert sids[0] == sids[1] == sids[2]
    assert sids[3] not in sids[:3]
    assert sids[4] == "own-1"


def test_partners_learn_who_comes(shop: Shop, scripted_page: Page, reports: list[dict[str, Any]]) -> None:
    """§21.1: the page that a link to a partner leads to reports whose visitor it is."""
    shop.script = f"""asa('set.session.events.enabled', false); asa('set.partner.key', 'north');
        asa('set.connected.partners', ['{shop.partner}']); asa('set.utm.aliases', {{kampagne: 'utm_campaign'}});
        {shop.script}"""
    shop.visit(scripted_page, "/?kampagne=spring", referer="http://news.localhost/")
    assert reports == []
    scripted_page.evaluate("asa('as.web.order.reviewed')")
    scripted_page.get_by_text("Partner").click()
    scripted_page.wait_for_url(f"http://{shop.partner}/**")
    settled(scripted_page)
    scripted_page.evaluate("asa('as.web.payment.completed', ['o-1'])")
    after(scripted_page, reports, 2)
    first, second = (report["ev"] for report in reports)
    assert first["campaign"] == {"campaign": "spring"}
    assert second["origin"] == f"http://{shop.partner}"
    assert (second["partner_id"], second["partner_sid"]) == ("north", first["user"]["sid"])
    assert (second["campaign"], second["page"]["referrer"]) == ({"campaign": "spring"}, "news.localhost")
    assert second["user"]["sid"] != first["user"]["sid"]


def test_what_goes_wrong_is_told(shop: Shop, scripted_page: Page, reports: list[dict[str, Any]]) -> None:
    """§21.2."""
    shop.script += """asa('set.metadata.transformer', function () { throw new Error('broken') });
        asa('as.web.order.reviewed')"""
    shop.visit(scripted_page)
    after(scripted_page, reports, 2)
    assert [report["path"] for report in reports] == ["/asa", "/asa/error"]
    assert (reports[1]["err"], reports[1]["context"]) == ("Error: broken", "as.web.order.reviewed")


def test_a_browser_that_keeps_nothing(shop: Shop, scripted_page: Page, reports: list[dict[str, Any]]) -> None:
    """The session is in memory then."""
    scripted_page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get () { throw new Error('no') }})"
    )
    shop.script += "asa('as.web.order.reviewed')"
    shop.visit(scripted_page)
    after(scripted_page, reports, 2)
    assert len({report["ev"]["user"]["sid"] for report in reports}) == 1
