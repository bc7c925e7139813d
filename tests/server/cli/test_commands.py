"""The command line as scripts and people use it: one database, no server running."""

import io
import json
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio.to_thread
import click
import pytest

from server.cli.main import root
from server.cli.run import printable
from storage import jobs, open_store

Terminal = Callable[..., tuple[int, str, str]]


def answer(terminal: Terminal, *arguments: str) -> dict[str, Any]:
    """Run a command with ``--json`` and return the one document it prints."""
    code, out, err = terminal(*arguments, "--json")
    assert (code, err) == (0, ""), (code, err)
    assert out.count("\n") == 1
    document: dict[str, Any] = json.loads(out)
    return document


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


class TestStart:
    def test_init_writes_a_private_file_and_a_database(self, terminal: Terminal, tmp_path: Path) -> None:
        """SEC-116."""
        shown = answer(terminal, "init")
        assert shown == {
            "config": "headwater.toml",
            "written": True,
            "base_url": "http://127.0.0.1:8000",
            "engine": "sqlite",
        }
        assert stat.S_IMODE((tmp_path / "headwater.toml").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "data/headwater.db").stat().st_mode) == 0o600

    def test_init_leaves_what_exists(self, terminal: Terminal, tmp_path: Path) -> None:
        (tmp_path / "headwater.toml").write_text("[server]\nport = 1234\n")
        assert not answer(terminal, "init")["written"]
        assert (tmp_path / "headwater.toml").read_text() == "[server]\nport = 1234\n"

    def test_init_says_what_to_do_next(self, terminal: Terminal) -> None:
        _, out, _ = terminal("init")
        assert "actor add ada" in out
        assert "http://127.0.0.1:8000/users/ada/outbox" in out

    def test_version(self, terminal: Terminal) -> None:
        assert terminal("version")[1].strip() == answer(terminal, "version")["version"]


class TestActors:
    def test_add(self, terminal: Terminal) -> None:
        shown = answer(
            terminal, "actor", "add", "ada", "--name", "Ada", "--type", "Service", "--approve-followers"
        )
        assert shown["id"] == "http://127.0.0.1:8000/users/ada"
        assert shown["acct"] == "ada@127.0.0.1:8000"

    def test_a_name_is_taken_once(self, terminal: Terminal) -> None:
        terminal("actor", "add", "ada")
        code, out, err = terminal("actor", "add", "ADA")
        assert (code, out, err) == (1, "", "headwater: an actor called ADA exists already\n")

    @pytest.mark.parametrize("arguments", [("a/b",), ("ada", "--type", "Nonsense")])
    def test_what_cannot_be(self, terminal: Terminal, arguments: tuple[str, ...]) -> None:
        code, _, err = terminal("actor", "add", *arguments)
        assert code == 1
        assert "Traceback" not in err

    def test_a_person_signs_in_with_a_password(
        self, terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        typed(monkeypatch, "correct horse\n")
        answer(terminal, "actor", "add", "ada", "--password-stdin", "--admin")
        (row,) = sqlite3.connect(tmp_path / "data/headwater.db").execute(
            "SELECT password, admin FROM members"
        )
        assert row[0].startswith("scrypt$")
        assert row[1] == 1

    def test_a_password_can_be_given_later(self, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
        terminal("actor", "add", "ada")
        typed(monkeypatch, "correct horse\n")
        assert answer(terminal, "member", "add", "ada", "--password-stdin")["admin"] is False

    @pytest.mark.parametrize(("given", "said"), [("short\n", "at least 8"), ("", "at least 8")])
    def test_passwords_have_a_length(
        self, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, given: str, said: str
    ) -> None:
        typed(monkeypatch, given)
        code, _, err = terminal("member", "add", "ada", "--password-stdin")
        assert (code, said in err) == (2, True)

    def test_a_member_needs_a_password_and_an_actor(
        self, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert terminal("member", "add", "ada")[0] == 2
        typed(monkeypatch, "correct horse\n")
        code, _, err = terminal("member", "add", "ada", "--password-stdin")
        assert (code, "there is no actor called ada" in err) == (1, True)


class TestTokens:
    def test_issue(self, terminal: Terminal, tmp_path: Path) -> None:
        terminal("actor", "add", "ada")
        shown = answer(terminal, "token", "issue", "ada")
        assert shown["token_type"] == "Bearer"
        assert shown["scope"] == "read write"
        assert shown["actor"] == "http://127.0.0.1:8000/users/ada"
        stored = str(
            sqlite3.connect(tmp_path / "data/headwater.db").execute("SELECT * FROM tokens").fetchall()
        )
        assert shown["access_token"] not in stored, "only its hash is kept"

    def test_for_people_it_is_the_token_alone(self, terminal: Terminal) -> None:
        """So that TOKEN=$(headwater token issue ada) works."""
        terminal("actor", "add", "ada")
        code, out, err = terminal("token", "issue", "ada", "--scope", "read")
        assert (code, err) == (0, "")
        assert len(out.split()) == 1

    @pytest.mark.parametrize("scope", ["", "admin", "read admin"])
    def test_scopes_are_known_ones(self, terminal: Terminal, scope: str) -> None:
        terminal("actor", "add", "ada")
        assert terminal("token", "issue", "ada", "--scope", scope)[0] == 2

    def test_nobody(self, terminal: Terminal) -> None:
        assert terminal("token", "issue", "nobody")[0] == 1
        assert terminal("token", "list", "nobody")[0] == 1

    def test_tokens_are_listed_and_revoked(self, terminal: Terminal) -> None:
        """AP-544."""
        terminal("actor", "add", "ada")
        terminal("actor", "add", "bob")
        for scope in ("read", "write"):
            answer(terminal, "token", "issue", "ada", "--scope", scope)
        second, first = answer(terminal, "token", "list", "ada")["tokens"]
        assert (first["scope"], second["scope"]) == ("read", "write")
        assert first["application"] == "Command line"
        assert terminal("token", "list", "ada")[1].count("\n") == 2
        assert terminal("token", "revoke", "bob", str(first["id"]))[0] == 1
        assert answer(terminal, "token", "revoke", "ada", str(first["id"])) == {"revoked": 1}
        assert terminal("token", "revoke", "ada", str(first["id"]))[0] == 1
        assert answer(terminal, "token", "list", "ada")["tokens"] == [second]
        assert answer(terminal, "token", "revoke", "ada", "--all") == {"revoked": 1}
        assert answer(terminal, "token", "list", "ada")["tokens"] == []

    @pytest.mark.parametrize("arguments", [(), ("1", "--all"), ("x",)])
    def test_revoking_says_which(self, terminal: Terminal, arguments: tuple[str, ...]) -> None:
        terminal("actor", "add", "ada")
        assert terminal("token", "revoke", "ada", *arguments)[0] == 2


class TestDomains:
    def test_block_list_unblock(self, terminal: Terminal) -> None:
        """AP-640."""
        assert answer(terminal, "domain", "block", "B.Example", "--reason", "spam")["host"] == "b.example"
        answer(terminal, "domain", "block", "c.example", "--silence")
        found = answer(terminal, "domain", "list")["domains"]
        assert [(one["host"], one["severity"]) for one in found] == [
            ("b.example", "suspend"),
            ("c.example", "silence"),
        ]
        answer(terminal, "domain", "unblock", "b.example")
        assert [one["host"] for one in answer(terminal, "domain", "list")["domains"]] == ["c.example"]

    def test_unblocking_what_is_not_blocked_fails(self, terminal: Terminal) -> None:
        assert terminal("domain", "unblock", "b.example")[0] == 1

    def test_the_allow_list_mode(self, terminal: Terminal) -> None:
        """AP-640: nobody but those allowed."""
        answer(terminal, "domain", "block", "*")
        answer(terminal, "domain", "allow", "good.example")
        found = answer(terminal, "domain", "list")["domains"]
        assert [(one["host"], one["severity"]) for one in found] == [
            ("*", "suspend"),
            ("good.example", "allow"),
        ]

    def test_a_list_is_taken_and_given(self, terminal: Terminal, tmp_path: Path) -> None:
        """AP-640: what was said before stays; lines that say nothing are named."""
        file = tmp_path / "list.csv"
        file.write_text("#domain,#severity\nbad.example,suspend\nb*d.example,suspend\nb.example,suspend\n")
        answer(terminal, "domain", "block", "b.example", "--silence")
        planned = answer(terminal, "domain", "import", str(file), "--dry-run")
        assert [one["host"] for one in answer(terminal, "domain", "list")["domains"]] == ["b.example"]
        done = answer(terminal, "domain", "import", str(file))
        assert done == planned
        assert [one["host"] for one in done["added"]] == ["bad.example"]
        assert (done["kept"], [one["line"] for one in done["skipped"]]) == (1, [3])
        lines = answer(terminal, "domain", "export")["csv"].splitlines()
        assert lines[1:] == ["b.example,silence,FALSE,FALSE,,FALSE", "bad.example,suspend,TRUE,TRUE,,FALSE"]

    @pytest.mark.parametrize("host", ["", "a b", "a/b/c", "https://b.example"])
    def test_a_host_is_a_host(self, terminal: Terminal, host: str) -> None:
        assert terminal("domain", "block", host)[0] == 2


class TestBlocks:
    def test_block_and_mute_and_back(self, terminal: Terminal) -> None:
        """AP-641: by name, by address, by IRI, and a whole server."""
        ids = {name: answer(terminal, "actor", "add", name)["id"] for name in ("ada", "eve", "mia")}
        assert answer(terminal, "actor", "block", "ada", "eve")["block"] == ids["eve"]
        answer(terminal, "actor", "mute", "ada", "mia@127.0.0.1:8000")
        answer(terminal, "actor", "block", "ada", "https://far.example/")
        found = answer(terminal, "actor", "blocks", "ada")["blocks"]
        assert [(one["kind"], one["target"]) for one in found] == [
            ("block", ids["eve"]), ("domain", "far.example"), ("mute", ids["mia"]),
        ]  # fmt: skip
        answer(terminal, "actor", "unblock", "ada", ids["eve"])
        answer(terminal, "actor", "unmute", "ada", "mia")
        answer(terminal, "actor", "unblock", "ada", "https://far.example/")
        assert answer(terminal, "actor", "blocks", "ada")["blocks"] == []
        assert terminal("actor", "unmute", "ada", "mia")[0] == 1
        assert terminal("actor", "block", "ada", "nobody@far.example")[0] == 1

    def test_suspend_and_back(self, terminal: Terminal) -> None:
        id = answer(terminal, "actor", "add", "eve")["id"]
        assert answer(terminal, "actor", "suspend", "eve") == {"actor": id, "suspended": True}
        assert answer(terminal, "actor", "unsuspend", id) == {"actor": id, "suspended": False}
        assert terminal("actor", "unsuspend", "eve")[0] == 1


@pytest.fixture
async def queue(terminal: Terminal) -> list[int]:
    """Three deliveries: one waits, two were given up."""
    async with open_store("sqlite:///data/headwater.db") as store:
        for host in ("b.example", "b.example", "c.example"):
            payload = {"v": 1, "inbox": f"https://{host}/inbox", "activity": "https://a.example/activities/1"}
            await store.write(jobs.add, "deliver", payload, now=1, lane=host)
        claimed = await store.write(jobs.claim, "deliver", now=2, owner="x", lease_us=10, limit=3)
        for job in claimed[1:]:
            await store.write(jobs.bury, job, owner="x", now=3, error="\x1b[2Jno", status=410)
        await store.write(jobs.release, claimed[:1], owner="x")
        return [job.id for job in claimed]


@pytest.mark.anyio
class TestDeliveries:
    """REL-020. Each command runs its own event loop, hence the thread."""

    async def test_list(self, terminal: Terminal, queue: list[int]) -> None:
        found = (await run(terminal, "list"))["deliveries"]
        assert sorted(one["state"] for one in found) == ["dead", "dead", "waiting"]
        dead = (await run(terminal, "list", "--dead"))["deliveries"]
        assert {(one["status"], one["error"]) for one in dead} == {(410, "\x1b[2Jno")}

    async def test_a_peers_words_do_not_drive_the_terminal(
        self, terminal: Terminal, queue: list[int]
    ) -> None:
        """SEC-074."""
        _, out, _ = await in_thread(terminal, "deliveries", "list")
        assert "\x1b" not in out
        assert "\\x1b[2Jno" in out

    async def test_retry_one(self, terminal: Terminal, queue: list[int]) -> None:
        assert await run(terminal, "retry", str(queue[1])) == {"retried": 1}
        assert len((await run(terminal, "list", "--dead"))["deliveries"]) == 1

    async def test_retry_all(self, terminal: Terminal, queue: list[int]) -> None:
        assert await run(terminal, "retry", "--all") == {"retried": 2}

    async def test_drop_by_host_leaves_what_waits(self, terminal: Terminal, queue: list[int]) -> None:
        dropped = await run(terminal, "drop", "--host", "b.example")
        rest = (await run(terminal, "list"))["deliveries"]
        assert dropped["dropped"] + len(rest) == 3
        assert any(one["state"] == "waiting" for one in rest)

    async def test_drop_everything(self, terminal: Terminal, queue: list[int]) -> None:
        assert await run(terminal, "drop", "--all", "--waiting") == {"dropped": 3}

    @pytest.mark.parametrize("arguments", [(), ("1", "--all"), ("--host", "b.example", "--all")])
    async def test_say_which(self, terminal: Terminal, queue: list[int], arguments: tuple[str, ...]) -> None:
        assert (await in_thread(terminal, "deliveries", "retry", *arguments))[0] == 2

    async def test_pause_and_resume(self, terminal: Terminal, queue: list[int]) -> None:
        """REL-032: a restored server may skip what is old."""
        await run(terminal, "pause")
        async with open_store("sqlite:///data/headwater.db") as store:
            assert await store.read(jobs.paused, "deliver")
        assert (await run(terminal, "resume", "--skip-older-than", "1"))["dropped"] >= 1
        async with open_store("sqlite:///data/headwater.db") as store:
            assert not await store.read(jobs.paused, "deliver")


async def in_thread(terminal: Terminal, *arguments: str) -> tuple[int, str, str]:
    return await anyio.to_thread.run_sync(lambda: terminal(*arguments))


async def run(terminal: Terminal, *arguments: str) -> dict[str, Any]:
    code, out, err = await in_thread(terminal, "deliveries", *arguments, "--json")
    assert code == 0, err
    document: dict[str, Any] = json.loads(out)
    return document


class TestStore:
    def test_backup_and_restore(self, terminal: Terminal, tmp_path: Path) -> None:
        """REL-032."""
        terminal("actor", "add", "ada")
        shown = answer(terminal, "backup", "copy.db")
        assert shown["bytes"] == (tmp_path / "copy.db").stat().st_size
        other = tmp_path / "other.toml"
        other.write_text(f'[storage]\nurl = "sqlite:///{tmp_path}/other/headwater.db"\n')
        assert answer(terminal, "restore", "copy.db", "--config", str(other))["paused"] == ["deliver"]
        assert terminal("actor", "add", "ada", "--config", str(other))[0] == 1, "she is there already"
        assert terminal("doctor", "--config", str(other))[0] == 1, "deliveries stand still"

    def test_nothing_is_overwritten(self, terminal: Terminal, tmp_path: Path) -> None:
        """REL-030, REL-032."""
        terminal("init")
        (tmp_path / "copy.db").write_text("precious")
        assert terminal("backup", "copy.db")[0] == 1
        assert terminal("restore", "copy.db")[0] == 1
        assert (tmp_path / "copy.db").read_text() == "precious"

    def test_migrate(self, terminal: Terminal) -> None:
        assert answer(terminal, "migrate")["version"] >= 1

    def test_doctor(self, terminal: Terminal) -> None:
        shown = answer(terminal, "doctor")
        assert shown["ok"]
        assert {one["check"] for one in shown["findings"]} >= {
            "configuration",
            "database",
            "disk",
            "deliveries",
        }

    def test_doctor_looks_from_outside(self, terminal: Terminal) -> None:
        code, out, err = terminal("doctor", "http://127.0.0.1:1", "--json")
        assert (code, json.loads(out)["ok"]) == (1, False)
        assert err.startswith("headwater: not well: http://127.0.0.1:1/health")


class TestMisuse:
    @pytest.mark.parametrize(
        "arguments", [("nonsense",), ("actor",), ("actor", "add"), ("serve", "--port", "x"), ("--nope",)]
    )
    def test_misuse_is_two(self, terminal: Terminal, arguments: tuple[str, ...]) -> None:
        code, out, err = terminal(*arguments)
        assert (code, out) == (2, "")
        assert "Usage:" in err

    def test_a_wrong_configuration_is_two(self, terminal: Terminal, tmp_path: Path) -> None:
        (tmp_path / "headwater.toml").write_text("[server]\nprot = 1\n[storage]\nulr = 2\n")
        code, out, err = terminal("config", "check")
        assert (code, out) == (2, "")
        assert err.splitlines() == [
            "headwater: headwater.toml:2: unknown key server.prot; did you mean port?",
            "headwater: headwater.toml:4: unknown key storage.ulr; did you mean url?",
        ]

    def test_a_broken_database_is_one(self, terminal: Terminal, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        (tmp_path / "data/headwater.db").write_text("this is no database, and must stay as it is" * 100)
        code, _, err = terminal("migrate")
        assert (code, "Traceback" in err) == (1, False)
        assert (tmp_path / "data/headwater.db").read_text().startswith("this is no database")

    @pytest.mark.parametrize("place", ["before", "between", "after"])
    def test_config_goes_anywhere(self, terminal: Terminal, tmp_path: Path, place: str) -> None:
        (tmp_path / "a.toml").write_text('[server]\nbase_url = "https://a.example"\n')
        given = ["--config", "a.toml"]
        line = {
            "before": [*given, "config", "check"],
            "between": ["config", *given, "check"],
            "after": ["config", "check", *given],
        }
        assert answer(terminal, *line[place])["base_url"] == "https://a.example"

    def test_config_example_is_the_example(self, terminal: Terminal) -> None:
        assert terminal("config", "example")[1].rstrip("\n") == answer(terminal, "config", "example")[
            "toml"
        ].rstrip("\n")


def commands(group: click.Group, *path: str) -> list[tuple[str, ...]]:
    """List all commands below a group, those too that are imported when they are wanted."""
    found: list[tuple[str, ...]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        found += commands(command, *path, name) if isinstance(command, click.Group) else [(*path, name)]
    return found


@pytest.mark.parametrize("path", commands(root), ids=" ".join)
def test_every_command_has_help_and_the_common_options(terminal: Terminal, path: tuple[str, ...]) -> None:
    code, out, _ = terminal(*path, "--help")
    assert code == 0
    assert "--config FILE" in out
    assert "--json" in out


def test_control_characters_are_made_visible() -> None:
    """SEC-074."""
    assert printable("a\x1b[2J\x9b\u202eb\tç") == "a\\x1b[2J\\x9b\\u202eb\tç"
