"""The explorer in Chromium: without scripts, by keyboard, by day and by night, on a phone and on a desk."""

from pathlib import Path
from typing import Any

import pytest
from browser import CONTRAST, TARGETS, barriers, focused
from member import PASSWORD
from playwright.sync_api import Browser, Page, expect
from town import Server

SHOP = "/explorer/shop"
ADA = f"{SHOP}/feeds/user/ada"
PLACES = {
    "tenants": "/explorer",
    "tenant": SHOP,
    "group": f"{SHOP}/groups/notification",
    "feeds": f"{SHOP}/groups/timeline",
    "feed": ADA,
    "bundles": f"{SHOP}/feeds/notification/bob",
    "followers": f"{ADA}/followers",
    "ranked": f"{ADA}/ranking?score=popularity",
    "unranked": f"{ADA}/ranking?score=popularity+%2B*+2",
    "missing": f"{SHOP}/groups/nothing",
}


def enter(page: Page, server: Server, path: str) -> None:
    """Go to a page as Bob, who owns the shop, signing in on the way."""
    page.goto(server.base_url + path)
    page.get_by_label("Name").fill("bob")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_shuts_anyone_out(
    browser: Browser, explored: Server, tmp_path: Path, width: int, scheme: Any
) -> None:
    """WCAG 2.2 AA as far as a program can tell: names, outline, contrast, size of targets, no scrolling sideways."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    enter(page, explored, ADA)
    activity = page.locator(".what a").first.get_attribute("href")
    for name, path in {**PLACES, "activity": str(activity)}.items():
        page.goto(explored.base_url + path)
        page.screenshot(path=tmp_path / f"{name}-{width}-{scheme}.png", full_page=True)
        complaints += [f"{name}: {one}" for one in barriers(page)]
        complaints += [f"{name}: {one}" for one in page.evaluate(CONTRAST)]
        complaints += [f"{name}: {one}" for one in page.evaluate(TARGETS)]
    context.close()
    assert [one for one in complaints if "404 (Not Found)" not in one] == []


def test_from_the_account_to_an_activity(explored: Server, page: Page) -> None:
    """Every page is reached from another one, and back again; no script is needed."""
    enter(page, explored, "/account")
    page.get_by_role("link", name="Explore the feeds of applications").click()
    page.get_by_role("link", name="shop").click()
    page.get_by_label("Open a feed").fill("user:ada")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("user:ada")
    page.get_by_role("link", name="Older").click()
    expect(page.get_by_role("link", name="Older")).to_have_count(0)
    page.get_by_role("link", name="SU:ada pin Place:3", exact=True).click()
    expect(page.get_by_role("heading", name="Feeds API")).to_be_visible()
    expect(page.get_by_role("region", name="Activity Streams 2.0")).to_contain_text('"hw:verb": "pin"')
    page.get_by_role("link", name="user:ada").click()
    page.get_by_role("link", name="Followers").click()
    page.get_by_role("link", name="timeline:59").click()
    expect(page.get_by_text("through user:ada").first).to_be_visible()


def test_a_ranking_by_keyboard(explored: Server, page: Page) -> None:
    """WCAG 2.1.1: what is wrong is said where it is typed, and then put right."""
    enter(page, explored, f"{ADA}/ranking")
    page.get_by_label("Formula").fill("popularity *")
    for _ in range(3):
        page.keyboard.press("Tab")
    assert focused(page) == "Try it"
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("score:")
    expect(page.get_by_label("Formula")).to_have_value("popularity *")
    page.get_by_label("Formula").fill("0 - popularity")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("listitem").filter(has_text="Place:0").first).to_contain_text("popularity = 0")
