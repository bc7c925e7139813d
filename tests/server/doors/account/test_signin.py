"""Signing in, and out."""

import contextlib
import sqlite3
import statistics
import time
from collections.abc import Iterator

import httpx
import pytest
from member import PASSWORD, Member, form
from town import Server, Town

from server.auth.signin import ACCOUNT_FREE


@pytest.fixture(scope="module")
def ada(live: Server) -> Iterator[Member]:
    with Member(live, "ada") as made:
        yield made


def fresh(ada: Member) -> Member:
    """The same member at another browser."""
    other = Member(ada.server, ada.name, new=False)
    other.acct = ada.acct
    return other


def signed_in(member: Member) -> bool:
    return member.get("/account").status_code == 200


@pytest.mark.parametrize("name", ["ada", "ADA", "@ada", " ada ", "{acct}", "@{acct}"])
def test_by_all_the_names_people_type(ada: Member, name: str) -> None:
    with fresh(ada) as member:
        member.name = name.format(acct=ada.acct)
        answer = member.sign_in()
        assert answer.headers["location"] == f"{ada.server.base_url}/account"
        assert signed_in(member)


def test_the_cookie(ada: Member) -> None:
    """SEC-065, session fixation: a new one for who signed in; not for scripts, not for other sites."""
    with fresh(ada) as member:
        first = member.get("/login").headers["set-cookie"]
        second = member.sign_in().headers["set-cookie"]
        value = first.partition(";")[0]
        assert value != second.partition(";")[0]
        assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(second.split("; "))
        planted = httpx.get(f"{ada.server.base_url}/account", headers={"Cookie": value})
        assert planted.status_code == 303


def test_a_member_reads_on_pages_what_they_may(ada: Member) -> None:
    """SEC-064: where the stream leads them; the cookie counts for pages alone, and for nobody else's."""
    token = ada.server.cli("token", "issue", "ada")["access_token"]
    note = {
        "@context": "https://www.w3.org/ns/activitystreams", "type": "Note", "content": "quietly",
        "to": f"{ada.id}/followers",
    }  # fmt: skip
    headers = {
        "Authorization": f"Bearer {token}", "Content-Type": "application/activity+json",
        "Accept": "application/activity+json",
    }  # fmt: skip
    said = httpx.post(f"{ada.id}/outbox", json=note, headers=headers).headers["location"]
    made = httpx.get(said, headers=headers).json()["object"]
    made = made if isinstance(made, str) else made["id"]
    with fresh(ada) as member:
        hidden = member.get(made)
        assert (hidden.status_code, hidden.headers["access-control-allow-origin"]) == (404, "*")
        member.sign_in()
        page = member.get(made)
        assert "access-control-allow-origin" not in page.headers, "nobody else's pages"
        assert (page.status_code, page.headers["cache-control"]) == (200, "private, no-store")
        assert "quietly" in page.text
        assert "Cookie" in page.headers["vary"]
        assert member.get(made, headers={"Accept": "application/activity+json"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "password"), [("ada", "wrong"), ("nobody", PASSWORD), ("", ""), ("ada", "")]
)
def test_a_wrong_answer_does_not_say_what_was_wrong(ada: Member, name: str, password: str) -> None:
    """SEC-094."""
    with fresh(ada) as member:
        member.name = name
        answer = member.sign_in(password=password)
        assert answer.status_code == 401
        assert "There is no such name and password here." in answer.text
        assert "set-cookie" not in answer.headers
        assert not signed_in(member)


def test_who_has_no_password_cannot_sign_in(live: Server) -> None:
    live.cli("actor", "add", "machine")
    with Member(live, "machine", new=False) as member:
        assert member.sign_in(password="").status_code == 401


def test_nobody_takes_as_long_as_somebody(ada: Member) -> None:
    """SEC-094: coarsely, on a busy machine; what must not be seen is the tenth of a second that is left out."""

    def seconds(name: str) -> float:
        with fresh(ada) as member:
            page = member.get("/login")
            began = time.perf_counter()
            refused = member.submit(page, "/login", username=name, password="wrong")
            assert refused.status_code == 401
            return time.perf_counter() - began

    with Member(ada.server, "timed"):
        known = statistics.median(seconds("timed") for _ in range(3))
    unknown = statistics.median(seconds(f"nobody{n}") for n in range(3))
    assert unknown > known / 3


@pytest.mark.parametrize(
    "following",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x", "/\r\nX: y", "evil.example", "@evil.example", ".evil.example", "///evil.example",
        "/@evil.example", "", "http:evil.example",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(ada: Member, following: str) -> None:
    """SEC-057: no open redirect."""
    with fresh(ada) as member:
        where = member.sign_in(following=following).headers["location"]
        assert where.startswith(f"{ada.server.base_url}/")
        assert "\n" not in where
        assert httpx.URL(where).host == "127.0.0.1"


class TestForgery:
    """SEC-065: nobody signs someone in or out from elsewhere."""

    def test_without_token(self, ada: Member) -> None:
        with fresh(ada) as member:
            member.get("/login")
            answer = member.browser.post("/login", data={"username": "ada", "password": PASSWORD})
            assert answer.status_code == 403
            assert answer.headers["content-type"].startswith("text/html")
            assert not signed_in(member)

    def test_without_cookie(self, ada: Member) -> None:
        with fresh(ada) as member:
            fields = form(member.get("/login"), "/login")
            member.browser.cookies.clear()
            sent = member.browser.post("/login", data={**fields, "username": "ada", "password": PASSWORD})
            assert sent.status_code == 403

    @pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}])
    def test_from_another_site(self, ada: Member, headers: dict[str, str]) -> None:
        with fresh(ada) as member:
            fields = {**form(member.get("/login"), "/login"), "username": "ada", "password": PASSWORD}
            assert member.browser.post("/login", data=fields, headers=headers).status_code == 403

    def test_signing_out(self, ada: Member) -> None:
        with fresh(ada) as member:
            member.sign_in()
            page = member.get("/account")
            assert member.browser.post("/logout").status_code == 415
            assert member.browser.post("/logout", data={"x": "y"}).status_code == 403
            assert signed_in(member)
            old = dict(member.browser.cookies)
            assert member.submit(page, "/logout").status_code == 303
            assert not signed_in(member)
            member.browser.cookies.update(old)
            assert not signed_in(member), "the session is over, not only the cookie gone"


def test_guessing_becomes_slow(town: Town) -> None:
    """SEC-094, AP-606: after a row of failures even the right password has to wait; that of others does not."""
    server = town.server()

    def failures(*change: object) -> tuple[int, int]:
        """Return how often the victim's password was guessed and when last, after a change to that."""
        with contextlib.closing(sqlite3.connect(server.directory / "headwater.db", timeout=30)) as database:
            if change:
                sql = "UPDATE attempts SET failures = ?, last = last - ? WHERE key = 'account victim'"
                database.execute(sql, change)
                database.commit()
            sql = "SELECT failures, last FROM attempts WHERE key = 'account victim'"
            return tuple(database.execute(sql).fetchone())

    with Member(server, "victim") as victim, Member(server, "other") as other:
        for _ in range(2):
            assert victim.sign_in(password="guess").status_code == 401
        assert failures()[0] == 2
        failures(ACCOUNT_FREE + 8, 0)
        refused = victim.sign_in()
        assert refused.status_code == 429
        assert 200 < int(refused.headers["retry-after"]) <= 256
        assert failures()[0] == ACCOUNT_FREE + 8, "a try that must wait is none"
        assert other.sign_in().status_code == 303
        failures(ACCOUNT_FREE + 8, 256_000_000)
        assert victim.sign_in().status_code == 303
        assert victim.sign_in().status_code == 303, "success forgets"
