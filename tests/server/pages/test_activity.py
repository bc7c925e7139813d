"""The page of the stream in a real browser: read, filtered and acted on, with scripts and without (Atom §2, §7)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser import CONTRAST, TARGETS, barriers, focused
from member import PASSWORD, Member
from playwright.sync_api import Browser, BrowserContext, Page, expect
from town import PUBLIC, Person, Server, Town

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    town = Town(tmp_path_factory.mktemp("activity"))
    yield town.server()
    for server in town.servers:
        server.kill()


@pytest.fixture(scope="module")
def ada(server: Server) -> Person:
    """Somebody who said something of every kind."""
    ada, bob = server.person("ada", "--name", "Ada Lovelace"), server.person("bob")
    picture = {
        "type": "Document",
        "mediaType": "image/png",
        "url": f"{server.base_url}/static/favicon.svg",
    }
    first = ada.note(f"<p>First #engines {'long ' * 80}</p><pre>{'wide ' * 60}</pre>", attachment=[picture])
    bob.note("<p>An answer<script>document.title = 'x'</script></p>", inReplyTo=first["object"]["id"])
    ada.post({"type": "Article", "name": "On fog", "content": "<p>Fog.</p>", "to": PUBLIC})
    ada.note("<p>legs</p>", summary="spiders", sensitive=True, attachment=[picture])
    bob.post({"type": "Announce", "object": first["object"]["id"], "to": PUBLIC})
    bob.post({"type": "Like", "object": first["object"]["id"], "to": PUBLIC})
    ada.note("<p>whispered</p>", to=[bob.id])
    return ada


@pytest.fixture(scope="module")
def eve(server: Server, ada: Person) -> str:
    """A member with a password."""
    with Member(server, "eve"):
        return "eve"


def signed_in(browser: Browser, server: Server, name: str, **options: Any) -> BrowserContext:
    context = browser.new_context(base_url=server.base_url, **options)
    page = context.new_page()
    page.goto("/login?next=%2Faccount")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return context


def entry(page: Page, text: str) -> Any:
    return page.locator(".entry").filter(has_text=text).first


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_shuts_nobody_out(
    browser: Browser, server: Server, eve: str, tmp_path: Path, width: int, scheme: Any
) -> None:
    """WCAG 2.2 AA as far as a program can tell, for strangers and members, with entries and without."""
    complaints: list[str] = []
    contexts = {
        "stranger": browser.new_context(
            base_url=server.base_url, viewport={"width": width, "height": 800}, color_scheme=scheme
        ),
        "member": signed_in(
            browser, server, eve, viewport={"width": width, "height": 800}, color_scheme=scheme
        ),
    }
    for who, context in contexts.items():
        page = context.new_page()
        page.on("console", lambda message, into=complaints: into.append(message.text))
        for name, address in {"all": "/activity", "none": "/activity?streams=user+IS+nobody"}.items():
            page.goto(address)
            page.screenshot(path=tmp_path / f"{who}-{name}-{width}-{scheme}.png", full_page=True)
            page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
            found = [*barriers(page), *page.evaluate(CONTRAST), *page.evaluate(TARGETS)]
            complaints += [f"{who} {name}: {one}" for one in found]
        context.close()
    assert complaints == []


def test_strangers_read_what_is_public(server: Server, ada: Person) -> None:
    """Atom §2, §17.5: and are offered nothing to do; nobody else keeps the page."""
    answer = httpx.get(f"{server.base_url}/activity", headers=HTML)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "Cookie" in answer.headers["vary"]
    assert "On fog" in answer.text
    assert "whispered" not in answer.text
    assert '<form method="post"' not in answer.text
    assert "<script>" not in answer.text
    assert '<link rel="alternate" type="application/atom+xml"' in answer.text
    token = httpx.get(f"{server.base_url}/activity?format=html&streams=user+IS+ada", headers=HTML)
    assert "format=atom" in token.text


def test_days_are_headings_and_entries_articles(browser: Browser, server: Server, ada: Person) -> None:
    """WCAG 1.3.1: what a screen reader is told; a warning stays folded."""
    page = browser.new_page(base_url=server.base_url)
    page.goto("/activity")
    assert page.get_by_role("heading", level=2).count() >= 1
    assert page.get_by_role("article").count() >= 6
    expect(page.get_by_role("search", name="Filter the stream")).to_be_visible()
    expect(page.get_by_text("legs")).to_be_hidden()
    page.locator(".warned > summary").click()
    expect(page.get_by_text("legs")).to_be_visible()
    page.close()


def test_without_scripts_everything_works(browser: Browser, server: Server, eve: str, ada: Person) -> None:
    """Atom §7.1: filters are a form that asks, actions are forms that post, and lead back."""
    context = signed_in(browser, server, eve, java_script_enabled=False)
    page = context.new_page()
    page.goto("/activity")
    page.locator(".filters > summary").click()
    page.get_by_label("Words").fill("fog")
    page.get_by_label("Person").fill("ada")
    page.get_by_role("button", name="Show").click()
    assert "streams=text+CONTAINS+fog&streams=user+IS+ada" in page.url
    assert page.locator(".entry").count() == 1
    assert page.get_by_label("Words").input_value() == "fog"
    entry(page, "On fog").get_by_role("button", name="Like").click()
    assert "/activity" in page.url
    page.goto("/activity?streams=text+CONTAINS+fog&streams=user+IS+ada")
    assert entry(page, "On fog").get_by_role("button", name="Like").count() == 0
    fog = entry(page, "On fog")
    fog.get_by_text("Comment", exact=True).click()
    fog.get_by_role("textbox").fill("Thick as soup")
    fog.get_by_role("button", name="Send").click()
    page.goto("/activity?streams=user+IS+eve")
    expect(entry(page, "Thick as soup")).to_be_visible()
    page.goto("/activity?streams=text+CONTAINS+fog&streams=user+IS+ada")
    page.get_by_role("link", name="Without the filter: Person is ada").click()
    assert "user" not in page.url
    context.close()


def test_with_scripts_actions_are_taken_in_place(
    browser: Browser, server: Server, eve: str, ada: Person
) -> None:
    """Atom §7.1: and controls of plug-ins stand in the order of their weights, for the types that they are for."""
    ada.note("<p>Acted on in place</p>")
    context = signed_in(browser, server, eve)
    page = context.new_page()
    page.goto("/activity?streams=text+CONTAINS+place")
    one = entry(page, "Acted on in place")
    one.get_by_role("button", name="Like").click()
    expect(one.get_by_role("button", name="Like")).to_have_attribute("aria-pressed", "true")
    one.get_by_text("Comment", exact=True).click()
    one.get_by_role("textbox").fill("Said in place")
    one.get_by_role("button", name="Send").click()
    expect(one.get_by_role("textbox")).to_be_hidden()
    assert focused(page) == "Comment"
    page.evaluate("""() => headwater.registerAction('note comment', item => {
        const made = document.createElement('a'); made.href = item.links.alternate; made.textContent = item.type
        return made
    }, 5)""")
    names = one.locator(".acts > *").evaluate_all(
        "all => all.map(one => (one.dataset.rel || one.textContent).split('/').pop())"
    )
    assert names == ["reply-to", "note", "issue-vote", "watch"]
    page.goto("/activity?streams=user+IS+eve")
    expect(entry(page, "Said in place")).to_be_visible()
    context.close()


def test_what_is_new_is_announced_and_waits(browser: Browser, server: Server, ada: Person) -> None:
    """Atom issue 7: by server-sent events; what may not be read is not even counted."""
    page = browser.new_page(base_url=server.base_url)
    with page.expect_response(lambda answer: "/activity/live" in answer.url):
        page.goto("/activity?streams=user+IS+ada")
    ada.note("<p>whispered again</p>", to=[])
    ada.note("<p>Hot off the press</p>")
    button = page.locator(".news[aria-live=polite] button")
    expect(button).to_have_text("1 new", timeout=20_000)
    assert page.get_by_text("Hot off the press").count() == 0
    button.click()
    expect(entry(page, "Hot off the press")).to_be_visible()
    expect(button).to_have_count(0)
    assert page.locator(".entry").first.inner_text().count("Hot off the press") >= 1
    page.close()


def test_the_keyboard_goes_everywhere_and_is_seen(
    browser: Browser, server: Server, eve: str, ada: Person
) -> None:
    """WCAG 2.1.1, 2.4.1, 2.4.7."""
    context = signed_in(browser, server, eve)
    page = context.new_page()
    page.goto("/activity?streams=text+CONTAINS+fog&streams=user+IS+ada")
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.append(focused(page))
        if stops[-1] == "Comment":
            break
    assert stops[0] == "Skip to the content"
    assert stops[-1] == "Comment"
    outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Comment on:")).to_be_visible()
    context.close()


def test_pages_lead_on(browser: Browser, server: Server, ada: Person) -> None:
    """RFC 5005 §3, for people."""
    page = browser.new_page(base_url=server.base_url)
    page.goto("/activity?maxResults=3")
    seen = page.locator(".entry").evaluate_all("all => all.map(one => one.dataset.id)")
    page.get_by_role("link", name="Older").click()
    more = page.locator(".entry").evaluate_all("all => all.map(one => one.dataset.id)")
    assert more
    assert not set(seen) & set(more)
    expect(page.get_by_role("link", name="Newer")).to_be_visible()
    page.close()
