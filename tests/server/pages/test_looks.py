"""Pages in a real browser: nobody is shut out, by day and by night, on a phone and on a desk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import CONTRAST, TARGETS, barriers
from playwright.sync_api import Browser
from town import PUBLIC, Server, Town


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A server where something of everything was said: a name for each page → its address."""
    town = Town(tmp_path_factory.mktemp("looks"))
    server = town.server()
    yield _peopled(server)
    server.kill()


def _peopled(server: Server) -> dict[str, str]:
    ada, bob = (
        server.person("ada", "--name", "Ada Lovelace"),
        server.person("bob", "--name", "Bob " + "long" * 20),
    )
    for person in (ada, bob):
        profile = {
            "id": person.id,
            "discoverable": True,
            "summary": "<p>Engines, numbers, weather.</p>",
            "attachment": [
                {"type": "PropertyValue", "name": "Home", "value": "https://example.org/" + "x" * 90}
            ],
        }
        person.post({"type": "Update", "object": profile, "to": PUBLIC})  # fmt: skip
    bob.follow(ada)
    picture = {
        "type": "Document",
        "mediaType": "image/png",
        "url": f"{server.base_url}/static/favicon.svg",
        "name": "A",
    }
    long = f"<p>https://example.org/{'long/' * 40}</p><pre>{'wide ' * 60}</pre><blockquote><p>quoted</p></blockquote>"
    first: str = ada.note(f"<p>First #engines</p>{long}", attachment=[picture, picture])["object"]["id"]
    second: str = bob.note("<p>Second</p>", inReplyTo=first)["object"]["id"]
    third: str = ada.note("<p>Third</p>", inReplyTo=second, quote=first)["object"]["id"]
    bob.note("<p>Fourth</p>", inReplyTo=third, summary="a warning", sensitive=True)
    ada.note("<p>Covered</p>", sensitive=True, attachment=[picture])
    article = ada.post({"type": "Article", "name": "On fog", "summary": "<p>What it is.</p>", "content": "<p>Fog.</p>",
                        "to": PUBLIC})["object"]["id"]  # fmt: skip
    ada.post({"type": "Add", "object": article, "target": f"{ada.id}/featured"})
    bob.post({"type": "Announce", "object": article, "to": PUBLIC})
    edited: str = ada.note("<p>Before</p>", published="2026-01-01T00:00:00Z")["object"]["id"]
    ada.post({"type": "Update", "object": {"id": edited, "content": "<p>After</p>"}, "to": PUBLIC})
    base = server.base_url
    return {"home": f"{base}/", "profile": f"{base}/@ada", "other": f"{base}/@bob", "people": f"{base}/@ada/followers",
            "thread": second, "article": article, "tag": f"{base}/tags/engines", "missing": f"{base}/@nobody",
            "history": f"{edited}/history", "nobody": f"{base}/@bob/followers", "sign-in": f"{base}/login"}  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_shuts_anyone_out(
    browser: Browser, places: dict[str, str], tmp_path: Path, width: int, scheme: Any
) -> None:
    """WCAG 2.2 AA as far as a program can tell: names, outline, contrast, size of targets, no scrolling sideways."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on(
        "request",
        lambda request: complaints.append(f"asked {request.url}") if _foreign(request.url) else None,
    )
    for name, address in places.items():
        page.goto(address)
        page.screenshot(path=tmp_path / f"{name}-{width}-{scheme}.png", full_page=True)
        page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
        complaints += [f"{name}: {one}" for one in barriers(page)]
        complaints += [f"{name}: {one}" for one in page.evaluate(CONTRAST)]
        complaints += [f"{name}: {one}" for one in page.evaluate(TARGETS)]
    context.close()
    assert [one for one in complaints if "404 (Not Found)" not in one] == []


def _foreign(url: str) -> bool:
    return not url.startswith("http://127.0.0.1:")


def test_poor_contrast_is_found(browser: Browser) -> None:
    """WCAG 1.4.3: the measure itself."""
    page = browser.new_page()
    page.set_content(
        '<body style="background: #fff"><p class="poor" style="color: #888">x<p style="color: #666">y'
    )
    assert page.evaluate(CONTRAST) == ["3.54: poor"]
    page.close()


def test_day_and_night_differ(browser: Browser, places: dict[str, str]) -> None:
    grounds = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(places["profile"])
        grounds.add(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))
        context.close()
    assert len(grounds) == 2


def test_the_keyboard_reaches_the_content_first(browser: Browser, places: dict[str, str]) -> None:
    """WCAG 2.4.1, 2.4.7: the first stop skips what every page repeats, and can be seen."""
    page = browser.new_page()
    page.goto(places["thread"])
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the content"
    box = skip.bounding_box()
    assert box is not None
    assert box["height"] > 20
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    page.close()


def test_who_wants_no_motion_gets_none(browser: Browser, places: dict[str, str]) -> None:
    """WCAG 2.3.3."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(places["profile"])
    moving = "one => getComputedStyle(one).transitionDuration !== '0s'"
    assert page.evaluate(f"() => [...document.querySelectorAll('*')].filter({moving}).length") == 0
    context.close()
