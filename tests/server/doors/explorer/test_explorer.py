"""What the explorer shows, and to whom."""

import re
from html import unescape
from urllib.parse import urlencode

import httpx
import pytest
from member import Member
from town import Server

SHOP = "/explorer/shop"
ADA = f"{SHOP}/feeds/user/ada"
PAGES = [
    "/explorer", SHOP, f"{SHOP}/groups/user", ADA, f"{ADA}/followers", f"{ADA}/following", f"{ADA}/ranking",
    f"{SHOP}/feeds/notification/bob", f"{SHOP}/feed?name=user:ada",
]  # fmt: skip


def text(answer: httpx.Response) -> str:
    """What people read on a page."""
    assert answer.status_code == 200, answer.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def links(answer: httpx.Response) -> list[str]:
    return [unescape(one) for one in re.findall(r'href="([^"]+)"', answer.text)]


def activities(answer: httpx.Response) -> list[str]:
    return [one for one in links(answer) if "/activities/" in one]


@pytest.mark.parametrize("path", PAGES)
def test_strangers_sign_in_first(explored: Server, path: str) -> None:
    """SEC-064: and come back to where they wanted to."""
    answer = httpx.get(explored.base_url + path, headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{explored.base_url}/login?next=%2Fexplorer")


@pytest.mark.parametrize("path", PAGES[1:])
def test_members_see_no_tenant_of_others(eve: Member, bob: Member, path: str) -> None:
    """One that is not theirs looks like one that is not there."""
    mine, none = eve.get(path), bob.get(path.replace("shop", "nothing"))
    assert mine.status_code == none.status_code == 404
    assert mine.text == none.text
    assert bob.get(path.replace("shop", "default")).status_code == 404


def test_who_sees_which_tenants(ada: Member, bob: Member, eve: Member) -> None:
    assert [one for one in links(ada.get("/explorer")) if "/explorer/" in one] == ["/explorer/default", SHOP]
    assert [one for one in links(bob.get("/explorer")) if "/explorer/" in one] == [SHOP]
    assert "You own no tenant" in text(eve.get("/explorer"))


@pytest.mark.parametrize("path", PAGES[:-1])
def test_pages_are_kept_by_nobody_and_need_no_script(bob: Member, path: str) -> None:
    """SEC-063, SEC-014: a strict policy, no scripts, nothing from elsewhere, no other site may read it."""
    answer = bob.get(path, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "access-control-allow-origin" not in answer.headers
    assert not re.search(r"<script|\son\w+=|style=|javascript:|http://(?!127)|https://", answer.text)


def test_a_token_is_no_cookie(explored: Server) -> None:
    """Programs have doors of their own."""
    token = explored.cli("token", "issue", "bob")["access_token"]
    answer = httpx.get(explored.base_url + SHOP, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 303


def test_the_groups_of_a_tenant(bob: Member) -> None:
    """Feeds §5: the six that every tenant has, with their settings."""
    page = bob.get(SHOP)
    found = [one.removeprefix(f"{SHOP}/groups/") for one in links(page) if "/groups/" in one]
    assert found == ["aggregated", "flat", "notification", "timeline", "timeline_aggregated", "user"]
    shown = text(bob.get(f"{SHOP}/groups/notification"))
    assert "Type notification" in shown
    assert 'Aggregation {{ verb }}_{{ time.strftime("%Y-%m-%d") }}' in shown
    assert "May send there users any of them, and servers" in shown
    assert bob.get(f"{SHOP}/groups/nothing").status_code == 404


def test_the_feeds_of_a_group_page_by_page(bob: Member) -> None:
    found, path = [], f"{SHOP}/groups/timeline"
    while path:
        page = bob.get(path)
        found += [one for one in links(page) if "/feeds/" in one]
        path = next((one for one in links(page) if "after=" in one), "")
    assert len(found) == len(set(found)) == 61
    assert f"{SHOP}/feeds/timeline/ada" in found


def test_opening_a_feed_by_its_name(bob: Member) -> None:
    answer = bob.get(f"{SHOP}/feed", params={"name": " user:ada "})
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(ADA)
    for name in ("", "ada", "user:", "user:/../x", "//evil.example"):
        assert bob.get(f"{SHOP}/feed", params={"name": name}).status_code == 400
    assert bob.get(f"{SHOP}/feeds/nothing/ada").status_code == 404


def test_a_flat_feed_page_by_page(bob: Member) -> None:
    """Feeds §5.4: newest first, each once."""
    first = bob.get(ADA)
    older = next(one for one in links(first) if "before=" in one)
    second = bob.get(older)
    found = activities(first) + activities(second)
    assert len(activities(first)) == 25
    assert len(found) == len(set(found)) == 31
    assert not any("before=" in one for one in links(second))
    assert "SU:ada pin Place:40 to Board:1" in text(first)
    assert "sent to notification:bob" in text(first)
    assert "&lt;script&gt;" in first.text


def test_an_unused_feed_is_empty(bob: Member) -> None:
    assert "Nothing came here yet." in text(bob.get(f"{SHOP}/feeds/user/nobody"))
    assert "Nothing came here yet." in text(bob.get(f"{SHOP}/feeds/notification/nobody"))
    assert "None follow it." in text(bob.get(f"{SHOP}/feeds/user/nobody/followers"))


def test_bundles(bob: Member) -> None:
    """Feeds §8: their names, their counts, their newest activities and whether they were seen."""
    page = bob.get(f"{SHOP}/feeds/notification/bob")
    shown = text(page)
    assert "like_2026-01-03" in shown
    assert "pin_2026-01-02 1 activity by 1 actor" in shown
    assert "not seen" in shown
    assert "like_2026-01-03 18 activities by 18 actors" in shown
    assert len(activities(page)) == 15 + 1


def test_follows_page_by_page(bob: Member) -> None:
    """Feeds §6.9: both ways, and how many there are."""
    first = bob.get(f"{ADA}/followers")
    assert "Followers 61" in text(first)
    second = bob.get(next(one for one in links(first) if "offset=" in one))
    found = [one for page in (first, second) for one in links(page) if "/feeds/timeline/" in one]
    assert len(found) == len(set(found)) == 61
    assert "user:bob since" in text(bob.get(f"{SHOP}/feeds/timeline/ada/following"))
    assert bob.get(f"{ADA}/nothing").status_code == 404
    assert bob.get(f"{ADA}/followers", params={"offset": "-1"}).status_code == 200


def test_an_activity_in_both_forms(bob: Member) -> None:
    """One core: as the Feeds API tells it, and as Activity Streams does; where it is beside."""
    page = bob.get(activities(bob.get(ADA))[0])
    shown = text(page)
    code = unescape(re.sub(r"<[^>]+>", "", page.text))
    for part in ('"verb": "pin",', '"foreign_id": "pin:40",', "2.5,", '"@context": [', '"hw:custom": {'):
        assert part in code
    assert "added to user:ada" in shown
    assert "sent to notification:bob" in shown
    assert "&lt;script&gt;" in page.text
    for id in ("f01c0000-acf5-11e5-8080-80006a8b5bc2", "00000000-0000-4000-8000-000000000000", "nothing"):
        assert bob.get(f"{SHOP}/activities/{id}").status_code == 404


def tried(bob: Member, **asked: str) -> str:
    return text(bob.get(f"{ADA}/ranking", params=asked))


def test_a_ranking_is_tried_on_a_real_feed(bob: Member) -> None:
    """Feeds §10: the highest score first, with what it is made of."""
    page = bob.get(f"{ADA}/ranking", params={"score": "10 - popularity"})
    scores = [float(one) for one in re.findall(r'<data value="([^"]+)"', page.text)]
    assert len(scores) == 25
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 10
    assert "popularity = 0" in text(page)
    assert "Place:0" in tried(bob, score="external.w - popularity", vars='{"w": 2}')
    assert "Place:0" in tried(bob, score="rank - popularity", defaults='{"rank": 1}')


@pytest.mark.parametrize(("asked", "said", "marked"), [
    ({"score": "popularity +* 2"}, "(character 13)", "<mark>*</mark>"),
    ({"score": "popularity +"}, "score:", "<mark> </mark>"),
    ({"score": "nothing * 2"}, "nothing", None),
    ({"score": "1 / (popularity - popularity)"}, "division by zero", None),
    ({"score": "1", "defaults": "{"}, "defaults: is no JSON", None),
    ({"score": "1", "vars": "[]"}, "vars: must be an object", None),
    ({"score": "(" * 1000}, "score:", "<mark>"),
])  # fmt: skip
def test_what_is_wrong_with_a_ranking(
    bob: Member, asked: dict[str, str], said: str, marked: str | None
) -> None:
    """Told with the place where it is wrong; nothing is kept, and nothing breaks."""
    page = bob.get(f"{ADA}/ranking?{urlencode(asked)}")
    assert said in text(page)
    assert (marked is None) or marked in page.text
    assert "<data" not in page.text
