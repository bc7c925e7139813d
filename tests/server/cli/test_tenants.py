"""``headwater tenant``, as scripts and people use it."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from town import Town

Terminal = Callable[..., tuple[int, str, str]]


def answer(terminal: Terminal, *arguments: str) -> dict[str, Any]:
    """Run a command with ``--json`` and return the one document it prints."""
    code, out, err = terminal(*arguments, "--json")
    assert (code, err) == (0, ""), (code, err)
    document: dict[str, Any] = json.loads(out)
    return document


def is_complete(document: dict[str, Any]) -> bool:
    return (
        list(document) == ["tenant", "feeds", "events"]
        and list(document["feeds"]) == ["app_id", "api_key", "api_secret"]
        and list(document["events"]) == ["api_key"]
        and isinstance(document["feeds"]["app_id"], int)
        and all(document["feeds"].values())
        and bool(document["events"]["api_key"])
    )


def test_the_default_tenant_is_there_after_init(terminal: Terminal) -> None:
    answer(terminal, "init")
    shown = answer(terminal, "tenant", "show")
    assert is_complete(shown)
    assert shown["tenant"] == "default"
    assert answer(terminal, "tenant", "list")["tenants"] == [
        {
            "tenant": "default",
            "app_id": shown["feeds"]["app_id"],
            "suspended": False,
            "require_expiry": False,
            "owners": "",
        }
    ]
    answer(terminal, "init")
    assert answer(terminal, "tenant", "show", "default") == shown


def test_a_tenant_is_added_and_shown(terminal: Terminal) -> None:
    made = answer(terminal, "tenant", "add", "north")
    assert is_complete(made)
    assert answer(terminal, "tenant", "show", "north") == made
    assert made["feeds"] != answer(terminal, "tenant", "show")["feeds"]


def test_people_see_the_same(terminal: Terminal) -> None:
    made = answer(terminal, "tenant", "add", "north")
    code, out, _ = terminal("tenant", "show", "north")
    assert code == 0
    told = [line.split()[-1] for line in out.splitlines()]
    assert told == ["north", *map(str, made["feeds"].values()), made["events"]["api_key"]]


def test_a_label_is_taken_once(terminal: Terminal) -> None:
    terminal("tenant", "add", "north")
    code, out, err = terminal("tenant", "add", "north")
    assert (code, out, err) == (1, "", "headwater: a tenant called north exists already\n")


@pytest.mark.parametrize("label", ["North", "a b", "-a", "a-", "a.b", "", "ä", "a" * 64])
def test_a_label_could_be_the_first_part_of_a_host_name(terminal: Terminal, label: str) -> None:
    assert terminal("tenant", "add", "--", label)[0] == 2


@pytest.mark.parametrize("verb", ["show", "rotate", "change"])
def test_nobody(terminal: Terminal, verb: str) -> None:
    code, _, err = terminal("tenant", verb, "north")
    assert (code, "there is no tenant called north" in err) == (1, True)


def test_an_application_keeps_its_credentials(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Feeds §2.1: also a secret shorter than we would make one."""
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    code, out, err = terminal(
        "tenant",
        "add",
        "moved",
        "--app-id",
        "1234",
        "--api-key",
        "ahj2ndz7gsan",
        "--api-secret-stdin",
        "--json",
    )
    assert (code, "rotate it" in err) == (0, True)
    made = json.loads(out)
    assert made["feeds"] == {"app_id": 1234, "api_key": "ahj2ndz7gsan", "api_secret": "short"}
    assert answer(terminal, "tenant", "show", "moved") == made
    assert terminal("tenant", "add", "thief", "--api-key", "ahj2ndz7gsan")[0] == 1
    assert terminal("tenant", "add", "twin", "--app-id", "1234")[0] == 1


@pytest.mark.parametrize(
    "arguments", [("--app-id", "0"), ("--app-id", "x"), ("--api-key", "a b"), ("--api-secret-stdin",)]
)
def test_credentials_that_cannot_be(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert terminal("tenant", "add", "north", *arguments)[0] == 2


def test_rotating(terminal: Terminal) -> None:
    """SEC-103."""
    before = answer(terminal, "tenant", "add", "north")
    after = answer(terminal, "tenant", "rotate", "north", "--overlap-hours", "0")
    assert after["feeds"]["api_key"] == before["feeds"]["api_key"]
    assert after["feeds"]["api_secret"] != before["feeds"]["api_secret"]
    assert after["events"] == before["events"]
    last = answer(terminal, "tenant", "rotate", "north", "--new-key")
    assert last["feeds"]["api_key"] != after["feeds"]["api_key"]
    assert answer(terminal, "tenant", "show", "north") == last


def test_changing_how_a_tenant_treats_its_callers(terminal: Terminal) -> None:
    made = answer(terminal, "tenant", "add", "north")
    row = {"tenant": "north", "app_id": made["feeds"]["app_id"], "owners": ""}
    changed = answer(terminal, "tenant", "change", "north", "--suspend", "--require-expiry")
    assert changed == {**row, "suspended": True, "require_expiry": True, "owners": "", "webhook": None}
    assert answer(terminal, "tenant", "change", "north", "--revoke-tokens") == changed
    back = answer(terminal, "tenant", "change", "north", "--resume", "--allow-endless")
    assert back == {**row, "suspended": False, "require_expiry": False, "owners": "", "webhook": None}


def test_while_a_server_runs(town: Town) -> None:
    server = town.server()

    def run(*arguments: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "server", "tenant", *arguments, "--json"], cwd=server.directory,
            env=server.environment, capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    assert [one["tenant"] for one in run("list")["tenants"]] == ["default"]
    assert run("add", "north") == run("show", "north")


def test_members_may_own_a_tenant(terminal: Terminal) -> None:
    """Whoever owns a tenant may explore it; a name that nobody has is refused."""
    answer(terminal, "actor", "add", "ada")
    answer(terminal, "tenant", "add", "north")
    assert answer(terminal, "tenant", "change", "north", "--owner", "ada")["owners"] == "ada"
    assert answer(terminal, "tenant", "change", "north", "--owner", "ada")["owners"] == "ada"
    (row,) = [one for one in answer(terminal, "tenant", "list")["tenants"] if one["tenant"] == "north"]
    assert row["owners"] == "ada"
    assert answer(terminal, "tenant", "change", "north", "--no-owner", "ada")["owners"] == ""
    code, _, err = terminal("tenant", "change", "north", "--owner", "eve")
    assert code != 0
    assert "no actor called eve" in err
