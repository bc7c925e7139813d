"""Texts that are longer than any index takes: refused or kept, never our fault (Feeds §4, §12)."""

import random
from typing import Any

import pytest
from feedsapi import Api

pytestmark = pytest.mark.anyio

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def text(length: int, letters: str = LETTERS) -> str:
    """Text that cannot be made shorter; always the same."""
    return "".join(random.Random(1).choices(letters, k=length))


LONG, SIGNS = text(5_000), text(1_800, "".join(map(chr, range(0x4E00, 0x9FA5))))
ACTIVITY = {"actor": "SU:ada", "verb": "eat", "object": "cake"}
ROOT = "24f9d500-bb87-11e5-8080-80012ce3cc51"


@pytest.mark.parametrize(
    "value", [LONG, SIGNS, f"https://x.example/{LONG[:2_000]}", f"https://x.example/{SIGNS}"]
)
@pytest.mark.parametrize("member", ["actor", "verb", "object", "target", "foreign_id", "custom"])
async def test_members_of_activities(api: Api, member: str, value: str) -> None:
    """What is kept can be read again, and removed."""
    made = await api.server("POST", "feed/user/ada/", {**ACTIVITY, member: value})
    assert made.status_code in (201, 400, 413), made.text
    if made.status_code == 201:
        found = await api.server.does("GET", "feed/user/ada/")
        assert found["results"][0][member] == value
        assert (await api.server("GET", "enrich/feed/user/ada/")).status_code == 200
        await api.server.does("DELETE", f"feed/user/ada/{made.json()['id']}/")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "reaction/", {"kind": LONG, "activity_id": ROOT, "user_id": "bob"}),
        ("POST", "reaction/", {"kind": "like", "activity_id": ROOT, "user_id": LONG}),
        ("POST", "reaction/", {"kind": "like", "activity_id": ROOT, "user_id": "bob", "id": LONG}),
        ("POST", "reaction/", {"kind": "like", "parent": LONG, "user_id": "bob"}),
        ("GET", f"reaction/user_id/{LONG}/", None), ("GET", f"reaction/activity_id/{ROOT}/{LONG}/", None),
        ("GET", f"reaction/{LONG}/", None), ("POST", "user/", {"id": LONG}), ("GET", f"user/{LONG}/", None),
        ("POST", f"collections/{LONG}/", {"data": {"a": 1}}),
        ("POST", "collections/c/", {"id": LONG, "data": {"a": 1}}),
        ("POST", f"feed/user/{LONG}/", ACTIVITY), ("GET", f"feed/user/{LONG}/", None),
        ("POST", "feed/user/ada/", {**ACTIVITY, "to": [f"user:{LONG}"]}),
        ("POST", "feed/user/ada/follows/", {"target": f"user:{LONG}"}),
        ("DELETE", f"feed/user/ada/{LONG}/", None), ("GET", f"data_privacy/export_ids/{LONG}/", None),
    ],
)  # fmt: skip
async def test_names(api: Api, method: str, path: str, body: Any) -> None:
    """An id that is too long is no id."""
    assert (await api.server(method, path, body)).status_code < 500


@pytest.mark.parametrize("user", [LONG, SIGNS])
async def test_users_of_tokens(api: Api, user: str) -> None:
    """Nobody is called so: not by a token, and not by a server."""
    named = await api.user(user).fails("POST", "reaction/", {"kind": "like", "activity_id": ROOT})
    assert named.meaning == (401, 3, "SignatureException")
    said = await api.server.fails("POST", "user/", {"id": "ada"}, user_id=user[:300])
    assert said.meaning == (400, 4, "InputException")
