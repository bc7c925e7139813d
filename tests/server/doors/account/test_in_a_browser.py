"""Signing in and consenting as people do: in Chromium, without scripts, by keyboard, with a name for everything."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import barriers, focused
from member import PASSWORD, Member
from playwright.sync_api import Page, expect
from program import Program
from town import Server


class Callback(BaseHTTPRequestHandler):
    """What a program shows to who comes back to it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Back</title><h1>Welcome back</h1>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def callback() -> Iterator[str]:
    """A program's own small web server, on a port of its own."""
    with HTTPServer(("127.0.0.1", 0), Callback) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/done"
        server.shutdown()
        thread.join()


@pytest.fixture
def app(live: Server, callback: str) -> Program:
    return Program(live, redirect_uris=[callback], client_name="Pocket Reader")


def signed_in(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_from_the_question_to_the_program(
    live: Server, page: Page, app: Program, callback: str, tmp_path: Path
) -> None:
    """AP-538: sign in, consent, and back, with a code; no page shuts anyone out."""
    with Member(live, "browsing"):
        page.goto(app.question(redirect_uri=callback))
        expect(page.get_by_role("heading", level=1)).to_contain_text("Sign in to")
        assert barriers(page) == []
        page.screenshot(path=tmp_path / "sign-in.png")
        assert focused(page) == "Name"
        page.keyboard.type("browsing")
        page.keyboard.press("Tab")
        assert focused(page) == "Password"
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_have_text("Allow Pocket Reader?")
        expect(page.get_by_role("listitem")).to_have_count(2)
        assert barriers(page) == []
        page.screenshot(path=tmp_path / "consent.png")
        page.get_by_role("button", name="Allow", exact=True).focus()
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")
        told = parse_qs(urlsplit(page.url).query)
        assert told["iss"] == [live.base_url]
        answer = app.exchange(code=told["code"][0], redirect_uri=callback)
        assert answer.status_code == 200


def test_a_no_leads_back_too(live: Server, page: Page, app: Program, callback: str) -> None:
    """AP-538."""
    with Member(live, "refusing") as member:
        page.goto(app.question(redirect_uri=callback))
        signed_in(page, member.name)
        page.get_by_role("button", name="Do not allow").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")
        assert "error=access_denied" in page.url


def test_a_wrong_password_is_told_where_it_is_seen(live: Server, page: Page) -> None:
    with Member(live, "mistyping") as member:
        page.goto(f"{live.base_url}/login")
        page.get_by_label("Name").fill(member.name)
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_have_text("There is no such name and password here.")
        expect(page.get_by_label("Name")).to_have_value(member.name)
        assert barriers(page) == []


def test_the_account_page(live: Server, page: Page, app: Program, callback: str, tmp_path: Path) -> None:
    """AP-544."""
    with Member(live, "owning") as member:
        page.goto(app.question(redirect_uri=callback))
        signed_in(page, member.name)
        page.get_by_role("button", name="Allow", exact=True).click()
        token = app.exchange(code=parse_qs(urlsplit(page.url).query)["code"][0], redirect_uri=callback).json()
        page.goto(f"{live.base_url}/account")
        assert barriers(page) == []
        page.screenshot(path=tmp_path / "account.png", full_page=True)
        expect(page.get_by_role("heading", name="Pocket Reader")).to_be_visible()
        page.get_by_role("button", name="End access").click()
        expect(page.get_by_text("None.")).to_be_visible()
        assert app.refresh(token["refresh_token"]).status_code == 400
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Sign in to")


def test_no_other_site_shows_our_pages_as_its_own(live: Server, page: Page, callback: str) -> None:
    """SEC-066: a frame of ours stays empty."""
    page.goto(callback)
    page.set_content(f'<iframe title="x" src="{live.base_url}/login"></iframe>')
    page.wait_for_load_state("networkidle")
    assert page.frames[1].url == "chrome-error://chromewebdata/"


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_small_and_large_screens(live: Server, page: Page, width: int) -> None:
    """WCAG 1.4.10."""
    page.set_viewport_size({"width": width, "height": 600})
    page.goto(f"{live.base_url}/login")
    assert barriers(page) == []
