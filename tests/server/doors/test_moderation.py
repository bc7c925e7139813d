"""Moderation over HTTP, by a real server: what moderators may do, and nobody else."""

from typing import Any

import httpx
import pytest
from town import PUBLIC, Person, Server, eventually

ROUTES = [
    ("GET", "/admin/reports"), ("GET", "/admin/reports/1"), ("POST", "/admin/reports/1/resolve"),
    ("POST", "/admin/reports/1/forward"), ("GET", "/admin/domains"), ("POST", "/admin/domains"),
    ("PUT", "/admin/domains/bad.example"), ("DELETE", "/admin/domains/bad.example"),
    ("POST", "/admin/actors/suspend"), ("POST", "/admin/actors/unsuspend"),
]  # fmt: skip


class Moderator:
    """Someone with a moderator's token."""

    def __init__(self, server: Server, name: str = "mod") -> None:
        server.cli("actor", "add", name, "--password-stdin", "--admin", stdin="correct horse\n")
        token = server.cli("token", "issue", name, "--scope", "admin:read admin:write")["access_token"]
        self.base_url, self.headers = server.base_url, {"Authorization": f"Bearer {token}"}

    def __call__(self, method: str, path: str, expect: int = 200, **request: Any) -> Any:
        answer = httpx.request(method, self.base_url + path, headers=self.headers, **request)
        assert answer.status_code == expect, answer.text
        return answer.json() if answer.content else None


@pytest.fixture(scope="module")
def mod(live: Server) -> Moderator:
    return Moderator(live)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_only_for_moderators(live: Server, mod: Moderator, method: str, path: str) -> None:
    """SEC-075: scope and role are both asked for, at every route."""
    name = f"p{abs(hash((method, path)))}"
    live.cli("actor", "add", name)
    tokens = {
        scope: live.cli("token", "issue", name, "--scope", scope)["access_token"]
        for scope in ("read write", "admin:read admin:write")
    }
    assert httpx.request(method, live.base_url + path).status_code == 401
    for token in tokens.values():
        answer = httpx.request(method, live.base_url + path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 403, answer.text


def test_a_report_from_filing_to_resolving(live: Server, mod: Moderator) -> None:
    """AP-264, AP-378."""
    ada, eve = Person(live, "ada1"), Person(live, "eve1")
    post = eve.note("rude")["object"]["id"]
    ada.post({"type": "Flag", "object": [post, eve.id], "content": "rude", "to": [eve.id, PUBLIC]})
    report = next(one for one in mod("GET", "/admin/reports")["reports"] if one["subject"] == eve.id)
    assert (report["from"], report["objects"], report["content"]) == (ada.id, [post], "rude")
    assert eve.inbox("Flag") == []
    path = f"/admin/reports/{report['id']}"
    mod("POST", f"{path}/forward", 409)
    done = mod("POST", f"{path}/resolve", json={"note": "warned"})
    assert (done["note"], done["resolver"]) == ("warned", f"{live.base_url}/users/mod")
    mod("POST", f"{path}/resolve", 409)
    assert mod("GET", path)["resolved"]
    assert all(one["id"] != report["id"] for one in mod("GET", "/admin/reports")["reports"])
    assert any(one["id"] == report["id"] for one in mod("GET", "/admin/reports?state=resolved")["reports"])


def test_hosts(live: Server, mod: Moderator) -> None:
    """AP-640."""
    said = {"severity": "silence", "reason": "noise"}
    assert mod("PUT", "/admin/domains/Loud.example", json=said) == {"host": "loud.example", **said}
    done = mod("POST", "/admin/domains", content="loud.example\nworse.example\nb*d.example\n")
    assert ([one["host"] for one in done["added"]], done["kept"], len(done["skipped"])) == (
        ["worse.example"],
        1,
        1,
    )
    assert [one["host"] for one in mod("GET", "/admin/domains")["domains"]] == [
        "loud.example",
        "worse.example",
    ]
    mod("DELETE", "/admin/domains/loud.example", 204)
    mod("DELETE", "/admin/domains/loud.example", 404)
    mod("PUT", f"/admin/domains/{live.host}", 400, json=said)
    mod("PUT", "/admin/domains/x.example", 400, json={"severity": "mild"})
    mod("PUT", "/admin/domains/a b", 400, json=said)


@pytest.mark.parametrize(
    "body", [b"[]", b"{", b'{"id": 1}', b"{}", b"[" * 20_000, b'{"id": "\\ud800"}', b'{"id": "\\u0000"}']
)
def test_bad_bodies_are_told(mod: Moderator, body: bytes) -> None:
    """SEC-051: read as strictly as any other JSON."""
    assert "detail" in mod("POST", "/admin/actors/suspend", 400, content=body)


def test_numbers_that_cannot_be_are_told(mod: Moderator) -> None:
    mod("GET", f"/admin/reports/{'9' * 5_000}", 404)
    mod("GET", f"/admin/reports?before={'9' * 5_000}", 400)


def test_suspending_one_of_ours(live: Server, mod: Moderator) -> None:
    """SEC-012: hidden at every door and where others share it, though its document still says who it was; and back."""
    eve = Person(live, "eve2")
    post = eve.note("hello")["object"]["id"]
    bob = Person(live, "bob2")
    bob.post({"type": "Announce", "object": post, "to": PUBLIC})
    assert bob.items("outbox", signed_in=False)[0]["object"]["content"] == "hello"
    assert mod("POST", "/admin/actors/suspend", json={"id": eve.id})["suspended"]
    assert httpx.get(eve.id, headers={"Accept": "application/activity+json"}).json()["suspended"] is True
    for path in (post, eve.document["outbox"], eve.document["followers"]):
        assert httpx.get(path, headers={"Accept": "application/activity+json"}).status_code == 404, path
    for signed_in in (True, False):
        assert bob.items("outbox", signed_in=signed_in)[0]["object"] == post
    eve.post({"type": "Note", "content": "more"}, expect=401)
    assert not mod("POST", "/admin/actors/unsuspend", json={"id": eve.id})["suspended"]
    mod("POST", "/admin/actors/unsuspend", 409, json={"id": eve.id})
    assert bob.items("outbox", signed_in=False)[0]["object"]["content"] == "hello"
    mod("POST", "/admin/actors/suspend", 404, json={"id": "https://nobody.example/u"})
    assert httpx.get(post, headers={"Accept": "application/activity+json"}).status_code == 200


def test_a_suspended_host_is_cleared_in_the_background(live: Server, mod: Moderator) -> None:
    """AP-640: the word holds at once, and what is left of the host goes."""
    mod("PUT", "/admin/domains/gone.example", json={"severity": "suspend"})
    eventually(lambda: _done(live) >= 1, 10)


def _done(server: Server) -> float:
    """Return how many of the moderators' words have been carried out."""
    text = httpx.get(f"{server.base_url}/metrics").text
    found = [line for line in text.splitlines() if 'queue="moderation"' in line and 'state="done"' in line]
    return sum(float(line.rsplit(" ", 1)[1]) for line in found)
