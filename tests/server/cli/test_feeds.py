"""``headwater feeds group``, as scripts and people use it."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from feedsapi import opened

Terminal = Callable[..., tuple[int, str, str]]


def answer(terminal: Terminal, *arguments: str) -> dict[str, Any]:
    """Run a command with ``--json`` and return the one document it prints."""
    code, out, err = terminal("feeds", "group", *arguments, "--json")
    assert (code, err) == (0, ""), (code, err)
    document: dict[str, Any] = json.loads(out)
    return document


def failure(terminal: Terminal, *arguments: str) -> str:
    code, out, err = terminal("feeds", "group", *arguments)
    assert (code, out) == (1, ""), (code, out)
    return err


def test_the_usual_groups_are_there(terminal: Terminal) -> None:
    """Feeds §5; also where no server has run yet."""
    groups = answer(terminal, "list")["groups"]
    assert [(one["group"], one["type"], one["from"]) for one in groups] == [
        ("aggregated", "aggregated", "usual"), ("flat", "flat", "usual"), ("notification", "notification", "usual"),
        ("timeline", "flat", "usual"), ("timeline_aggregated", "aggregated", "usual"), ("user", "flat", "usual"),
    ]  # fmt: skip
    assert answer(terminal, "show", "user")["client_read"] == "any"
    assert answer(terminal, "show", "notification")["client_target"] == "any"


def test_a_group_is_made_shown_and_removed(terminal: Terminal) -> None:
    method = {"score": "likes * 2", "defaults": {"likes": 0}}
    made = answer(
        terminal, "add", "news", "--type", "notification", "--aggregation", "{{ verb }}", "--no-realtime",
        "--method", "popular", json.dumps(method), "--client-read", "any", "--max-age-seconds", "60",
        "--webhook", "https://app.example/hook", "--public", "--template", "{{ actor }} did", "--ranking", "time",
    )  # fmt: skip
    assert made == {
        "tenant": "default", "group": "news", "type": "notification", "aggregation": "{{ verb }}",
        "ranking": "time", "rankings": {"popular": {**method, "functions": {}}}, "public": True,
        "template": "{{ actor }} did", "realtime": False, "client_read": "any", "client_target": "own",
        "max_age_seconds": 60, "webhook": "https://app.example/hook",
    }  # fmt: skip
    assert answer(terminal, "show", "news") == made
    assert answer(terminal, "remove", "news")["removed"]
    assert "no feed group news" in failure(terminal, "show", "news")
    assert "of its own" in failure(terminal, "remove", "news")


def test_a_change_leaves_the_rest(terminal: Terminal) -> None:
    answer(terminal, "add", "news", "--max-age-seconds", "60", "--method", "a", '{"score": "1"}', "--public")
    changed = answer(
        terminal,
        "change",
        "news",
        "--max-age-seconds",
        "0",
        "--method",
        "a",
        "",
        "--method",
        "b",
        '{"score": "2"}',
    )
    assert (changed["max_age_seconds"], list(changed["rankings"]), changed["public"]) == (None, ["b"], True)
    assert answer(terminal, "change", "news", "--private")["public"] is False


def test_a_usual_group_can_be_changed_and_be_usual_again(terminal: Terminal) -> None:
    assert answer(terminal, "change", "notification", "--client-target", "own")["type"] == "notification"
    groups = {one["group"]: one["from"] for one in answer(terminal, "list")["groups"]}
    assert (groups["notification"], groups["user"]) == ("tenant", "usual")
    answer(terminal, "remove", "notification")
    assert answer(terminal, "show", "notification")["client_target"] == "any"


def test_a_configured_group_is_everybodys(terminal: Terminal) -> None:
    Path("headwater.toml").write_text('[feeds.team]\ntype = "aggregated"\n')
    assert answer(terminal, "show", "team")["type"] == "aggregated"
    groups = {one["group"]: one["from"] for one in answer(terminal, "list")["groups"]}
    assert groups["team"] == "configuration"
    assert "already" in failure(terminal, "add", "team")
    assert answer(terminal, "change", "team", "--public")["type"] == "aggregated"


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--ranking", "likes +", "ranking: expected a value, found the end (character 8)"),
        ("--aggregation", "{{ verb", "aggregation: '}}' is missing"),
        ("--template", "{% if %}", "template: "),
        ("--webhook", "ftp://x", "webhook: expected an address"),
    ],
)
def test_settings_that_are_not_understood(terminal: Terminal, option: str, value: str, told: str) -> None:
    assert told in failure(terminal, "add", "news", option, value)
    assert "no feed group news" in failure(terminal, "show", "news")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not JSON"),
        ("[]", "rankings.a: "),
        ('{"score": "x +"}', "score: "),
        ('{"scor": "x"}', "rankings.a.scor"),
    ],
)
def test_methods_that_are_not_understood(terminal: Terminal, text: str, told: str) -> None:
    assert told in failure(terminal, "add", "news", "--method", "a", text)


def test_names_and_tenants_that_are_none(terminal: Terminal) -> None:
    assert terminal("feeds", "group", "add", "a b")[0] == 2
    assert "no tenant called other" in failure(terminal, "add", "news", "--tenant", "other")
    assert "make one with" in failure(terminal, "change", "news", "--public")


def test_tenants_have_groups_of_their_own(terminal: Terminal) -> None:
    terminal("tenant", "add", "other")
    answer(terminal, "add", "news", "--tenant", "other")
    assert "no feed group" in failure(terminal, "show", "news")
    assert answer(terminal, "show", "news", "--tenant", "other")["tenant"] == "other"


@pytest.mark.anyio
async def test_a_running_server_knows_a_new_group_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Feeds §5: without a restart."""
    monkeypatch.chdir(tmp_path)
    async with opened("sqlite:///data/headwater.db") as api:
        activity = {"actor": "a", "verb": "v", "object": "o"}
        found = await api.server.fails("POST", "feed/news/1/", activity)
        assert found.meaning == (400, 6, "FeedConfigException")
        assert "news" in found.detail
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server", "feeds", "group", "add", "news", stdout=subprocess.DEVNULL
        )
        assert await process.wait() == 0
        await api.server.does("POST", "feed/news/1/", activity)


def test_what_was_told_is_shown(terminal: Terminal, tmp_path: Path) -> None:
    """Feeds §7.6, §7.10: engagements as they came, and the verdicts of moderators."""

    async def tell() -> None:
        async with opened(f"sqlite:///{tmp_path}/data/headwater.db") as api:
            shown = {"content_list": ["post:1"], "further": "ü"}
            await api.server.does("POST", "/analytics/v1.0/impression/", shown)
            click = {"content": "post:1", "label": "click"}
            await api.server.does("POST", "/analytics/v1.0/engagement/", {"content_list": [click]})
            verdict = {"entity_type": "stream:user", "entity_id": "bob", "status": "complete"}
            await api.server.does("POST", "moderation/status/", verdict)

    def shown(*arguments: str) -> dict[str, Any]:
        code, out, err = terminal("feeds", *arguments, "--json")
        assert (code, err) == (0, "")
        document: dict[str, Any] = json.loads(out)
        return document

    asyncio.run(tell())
    found = shown("engagements")["engagements"]
    assert [one["event"] for one in found] == [
        {"content": "post:1", "label": "click"}, {"content_list": ["post:1"], "further": "ü"},
    ]  # fmt: skip
    assert shown("engagements", "--before", str(found[0]["id"]))["engagements"] == found[1:]
    assert shown("engagements", "--limit", "1")["engagements"] == found[:1]
    [verdict] = shown("verdicts")["verdicts"]
    assert (verdict["entity"], verdict["status"]) == ("bob", "complete")
    assert "click" in terminal("feeds", "engagements")[1]
    assert "bob" in terminal("feeds", "verdicts")[1]
    assert terminal("feeds", "verdicts", "--tenant", "nobody")[0] == 1
