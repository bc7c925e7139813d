"""Moving in and out by the command line: an import and an export as people run them."""

import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio.to_thread
import luggage_of
import pytest
from luggage_of import ADA, FILE, OLD, PUBLIC

from server.archives import mastodon as layout
from storage import Store, entries, jobs, objects, open_store
from streams import read
from vocab import dump

Terminal = Callable[..., tuple[int, str, str]]
HERE = "http://127.0.0.1:8000/users/ada"


def answer(terminal: Terminal, *arguments: str) -> dict[str, Any]:
    code, out, err = terminal(*arguments, "--json")
    assert (code, err) == (0, ""), (code, out, err)
    document: dict[str, Any] = json.loads(out)
    return document


async def outbox(owner: str = HERE, directory: Path = Path()) -> list[dict[str, Any]]:
    """Return the whole outbox, newest first, as its owner sees it."""
    async with open_store(
        f"sqlite:///{directory}/data/headwater.db", base_url="http://127.0.0.1:8000"
    ) as store:
        return await listed(store, owner, "outbox")


async def listed(store: Store, owner: str, kind: str) -> list[dict[str, Any]]:
    async def work(tx: Any) -> list[dict[str, Any]]:
        row = await objects.by_iri(tx, owner)
        assert row is not None
        stream = await entries.find(tx, row.id, kind)
        if stream is None:
            return []
        viewer = entries.Viewer(row.id, owner)
        page = await entries.page(tx, stream.id, viewer=viewer, whole=True, limit=100)
        return [json.loads(dump.render(*await read.shown(tx, entry, viewer))) for entry in page]

    return await store.read(work)


async def queued(queue: str) -> list[dict[str, Any]]:
    async with open_store("sqlite:///data/headwater.db", base_url="http://127.0.0.1:8000") as store:
        return [job.payload for job in await store.read(jobs.waiting, queue)]


@pytest.fixture
def full() -> dict[str, bytes]:
    """An archive with a bit of everything."""
    picture = {
        "type": "Document",
        "mediaType": "image/png",
        "url": f"/{FILE}",
        "name": "a dot",
        "blurhash": "U",
    }
    lost = {**picture, "url": "/media_attachments/files/2/original/lost.png"}
    return luggage_of.files(
        luggage_of.create(1),
        luggage_of.create(2, inReplyTo=f"{ADA}/statuses/1"),
        luggage_of.create(4, attachment=[picture, lost], to=[f"{ADA}/followers"], cc=[]),
        luggage_of.create(3, inReplyTo="https://far.example/n/1", content='<p onclick="x()">hi</p>'),
        luggage_of.announce(5, f"{ADA}/statuses/1"),
        luggage_of.announce(6, "https://far.example/n/2"),
        likes__json=luggage_of.collection("likes.json", ["https://far.example/n/3", f"{ADA}/statuses/2"]),
        bookmarks__json=luggage_of.collection("bookmarks.json", ["https://far.example/n/4"]),
        following_accounts__csv=luggage_of.rows(
            ["Account address", "Show boosts"], ["bob@far.example", "true"]
        ),
        blocked_accounts__csv=luggage_of.rows(["odd@bad.example"]),
        muted_accounts__csv=luggage_of.rows(
            ["Account address", "Hide notifications"], ["loud@far.example", "true"]
        ),
        blocked_domains__csv=luggage_of.rows(["bad.example"]),
        lists__csv=luggage_of.rows(["friends", "bob@far.example"]),
    ) | {FILE: luggage_of.png()}


@pytest.mark.anyio
@pytest.mark.parametrize("pack", [luggage_of.directory, luggage_of.zipped, luggage_of.tarred])
async def test_everything_is_taken_once(
    pack: Any, full: dict[str, bytes], terminal: Terminal, tmp_path: Path
) -> None:
    """AP-756, AP-199: posts with their dates in their order, own replies joined again, private ones private."""
    path = pack(tmp_path / "archive", full)

    def moved() -> tuple[dict[str, Any], dict[str, Any]]:
        answer(terminal, "actor", "add", "ada")
        return answer(terminal, "import", "mastodon", str(path)), answer(
            terminal, "import", "mastodon", str(path)
        )

    first, again = await anyio.to_thread.run_sync(moved)
    assert first["taken"] == {
        "profile members": 5, "files": 2, "posts": 4, "shares": 2, "likes": 2, "bookmarks": 1, "blocks": 2,
        "mutes": 1, "list members": 1,
    }  # fmt: skip
    assert [one["id"] for one in first["reasons"]] == ["media_attachments/files/2/original/lost.png"]
    assert again["already"] == {
        "posts": 4, "shares": 2, "likes": 2, "bookmarks": 1, "blocks": 2, "mutes": 1, "list members": 1
    }  # fmt: skip
    items = await outbox()
    assert [item["published"][-3:-1] for item in items] == ["06", "05", "04", "03", "02", "01"]
    notes = {item["published"][-3:-1]: item["object"] for item in items}
    assert notes["06"] == "https://far.example/n/2"
    assert notes["05"]["id"] == notes["01"]["id"]
    assert notes["02"]["inReplyTo"] == notes["01"]["id"]
    assert notes["03"]["inReplyTo"] == "https://far.example/n/1"
    assert notes["03"]["content"] == "<p>hi</p>"
    assert notes["04"]["to"] == f"{HERE}/followers"
    assert [node["name"] for node in notes["04"]["attachment"]] == ["a dot"], notes["04"]["attachment"]
    for note in (notes["01"], notes["04"]):
        assert note["attributedTo"] == HERE
        assert note["id"].startswith("http://127.0.0.1:8000/objects/")
        assert OLD not in json.dumps({**note, "inReplyTo": None})
    assert await queued("deliver") == []
    assert {(job["type"], job["name"]) for job in await queued("relate")} == {
        ("Block", "odd@bad.example"), ("Block", "https://bad.example"), ("Ignore", "loud@far.example"),
        ("Add", "bob@far.example"),
    }  # fmt: skip


def test_a_file_that_breaks_off_is_left(terminal: Terminal, tmp_path: Path) -> None:
    """SEC-099: its post comes without it, and all the others come too."""
    picture = {"type": "Document", "mediaType": "image/png", "url": f"/{FILE}"}
    create = luggage_of.create
    files = luggage_of.files(create(1, attachment=[picture]), create(2)) | {FILE: luggage_of.png()}
    path = luggage_of.zipped(tmp_path / "archive", files)
    with zipfile.ZipFile(path) as packed:
        head = packed.getinfo(FILE)
        at = head.header_offset + 30 + len(FILE) + head.compress_size // 2
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + bytes((whole[at] ^ 0xFF,)) + whole[at + 1 :])
    answer(terminal, "actor", "add", "ada")
    report = answer(terminal, "import", "mastodon", str(path))
    assert report["taken"]["posts"] == 2
    assert [one["id"] for one in report["reasons"]] == [FILE]


@pytest.mark.anyio
async def test_who_is_followed_is_asked_only_on_request(
    full: dict[str, bytes], terminal: Terminal, tmp_path: Path
) -> None:
    """AP-756, SEC-099: follows queue as jobs, one a second, and only with ``--follow``."""
    path = luggage_of.directory(tmp_path / "archive", full)

    def moved() -> None:
        answer(terminal, "actor", "add", "ada")
        answer(terminal, "import", "mastodon", str(path), "--follow")

    await anyio.to_thread.run_sync(moved)
    assert ("Follow", "bob@far.example") in {(job["type"], job["name"]) for job in await queued("relate")}


@pytest.mark.anyio
async def test_the_profile_fills_what_is_empty(
    full: dict[str, bytes], terminal: Terminal, tmp_path: Path
) -> None:
    """AP-098: the old account becomes an alias, pictures and texts come along; what is there already stays."""
    path = luggage_of.directory(tmp_path / "archive", full)

    def moved() -> None:
        answer(terminal, "actor", "add", "lovelace", "--name", "Countess")
        answer(terminal, "import", "mastodon", str(path), "--actor", "lovelace")
        again = answer(terminal, "import", "mastodon", str(path), "--actor", "lovelace")
        assert again["taken"] == {}

    await anyio.to_thread.run_sync(moved)
    async with open_store("sqlite:///data/headwater.db", base_url="http://127.0.0.1:8000") as store:
        row = await store.read(objects.by_iri, "http://127.0.0.1:8000/users/lovelace")
    assert row is not None
    profile = json.loads(row.document or "")
    assert (profile["name"], profile["summary"], profile["alsoKnownAs"]) == ("Countess", "<p>hi</p>", [ADA])
    assert profile["icon"]["url"].startswith("http://127.0.0.1:8000/media/")


@pytest.mark.anyio
@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
async def test_there_and_back_again(
    suffix: str, full: dict[str, bytes], terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AP-756, SEC-016: what was exported here and imported elsewhere says the same; it holds no keys."""
    source = luggage_of.directory(tmp_path / "archive", full)
    target = tmp_path / f"ada{suffix}"

    def moved() -> dict[str, Any]:
        answer(terminal, "actor", "add", "ada")
        answer(terminal, "import", "mastodon", str(source))
        shown = answer(terminal, "export", "mastodon", "ada", str(target))
        (tmp_path / "second").mkdir()
        monkeypatch.chdir(tmp_path / "second")
        answer(terminal, "actor", "add", "ada2")
        report = answer(terminal, "import", "mastodon", str(target), "--actor", "ada2")
        assert report["left"] == {}
        assert report["taken"]["posts"] == 4
        return shown

    shown = await anyio.to_thread.run_sync(moved)
    assert shown["counts"] == {"posts": 6, "likes": 2, "bookmarks": 1, "files": 2}
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    first = await outbox(directory=tmp_path)
    second = await outbox("http://127.0.0.1:8000/users/ada2", tmp_path / "second")
    assert [essence(item) for item in first] == [essence(item) for item in second]
    if suffix == ".zip":
        with zipfile.ZipFile(target) as packed:
            actor = json.loads(packed.read("actor.json"))
            assert not {"publicKey", "assertionMethod"} & actor.keys()
            assert actor["outbox"] == "outbox.json"
            assert not [name for name in packed.namelist() if b"PRIVATE KEY" in packed.read(name)]
            assert json.loads(packed.read("outbox.json"))["totalItems"] == 6


def essence(item: dict[str, Any]) -> dict[str, Any]:
    """Return what of an activity must survive a move: everything but ids, and who it is called."""
    thing = item["object"]
    if isinstance(thing, str):
        return {"type": item["type"], "published": item["published"], "object": thing}
    attached = thing.get("attachment", [])
    return {
        "type": item["type"], "published": item["published"], "content": thing["content"], "said": thing["published"],
        "public": PUBLIC in str(thing["to"]), "reply": str(thing.get("inReplyTo", "")).split("/")[2:3],
        "shown": [node["name"] for node in (attached if isinstance(attached, list) else [attached])],
    }  # fmt: skip


@pytest.mark.anyio
async def test_a_reply_may_come_before_what_it_answers(terminal: Terminal, tmp_path: Path) -> None:
    """AP-756: whatever the order of the archive, replies among one's own posts find each other."""
    contents = luggage_of.files(luggage_of.create(2, inReplyTo=f"{ADA}/statuses/1"), luggage_of.create(1))
    path = luggage_of.directory(tmp_path / "archive", contents)

    def moved() -> None:
        answer(terminal, "actor", "add", "ada")
        answer(terminal, "import", "mastodon", str(path))

    await anyio.to_thread.run_sync(moved)
    reply, parent = (item["object"] for item in await outbox())
    assert reply["inReplyTo"] == parent["id"]
    assert "updated" not in reply
    async with open_store("sqlite:///data/headwater.db", base_url="http://127.0.0.1:8000") as store:
        assert [note["id"] for note in await listed(store, parent["id"], "replies")] == [reply["id"]]


def test_what_cannot_be_taken_is_said(terminal: Terminal, tmp_path: Path) -> None:
    """AP-756: others' posts, broken items and strange things are left, each with its reason."""
    forged = luggage_of.create(1)
    forged["actor"] = "https://old.example/users/eve"
    strange = [
        forged,
        7,
        luggage_of.create(9, content="nul \0"),
        {"type": "Move", "id": "x:y"},
        luggage_of.create(2, type="Person"),
        luggage_of.create(3),
    ]
    path = luggage_of.directory(tmp_path / "archive", luggage_of.files(*strange))  # type: ignore[arg-type]
    answer(terminal, "actor", "add", "ada")
    report = answer(terminal, "import", "mastodon", str(path))
    assert (report["taken"]["posts"], report["left"]) == (1, {"posts": 5})
    code, out, _ = terminal("import", "mastodon", str(path))
    assert code == 0
    assert "posts left: x:y: a Move is not taken" in out


@pytest.mark.parametrize(
    ("contents", "why"),
    [
        ({}, "actor.json is missing"), ({"actor.json": b"{}"}, "whose archive"), ({"actor.json": b"["}, "actor.json"),
        ({"outbox.json": b'{"orderedItems": [1'}, "outbox.json: the text breaks off"),
        ({"outbox.json": b"\xff"}, "outbox.json"),
    ],
)  # fmt: skip
def test_what_is_no_archive(contents: dict[str, bytes], why: str, terminal: Terminal, tmp_path: Path) -> None:
    """SEC-099: told in one line, exit 1, no traceback."""
    answer(terminal, "actor", "add", "ada")
    whole = luggage_of.files() if "outbox.json" in contents else {"outbox.json": b"{}"}
    path = luggage_of.zipped(tmp_path / "x.zip", {**whole, **contents})
    code, _, err = terminal("import", "mastodon", str(path))
    assert code == 1
    assert why in err
    assert "Traceback" not in err


def test_someone_must_live_here(terminal: Terminal, tmp_path: Path) -> None:
    path = luggage_of.directory(tmp_path / "archive", luggage_of.files())
    code, _, err = terminal("import", "mastodon", str(path))
    assert (code, "actor add ada" in err) == (1, True)
    answer(terminal, "actor", "add", "ada")
    assert terminal("export", "mastodon", "ada", str(tmp_path / "x.rar"))[0] == 1
    assert not list(tmp_path.glob(".x.rar*"))


def test_a_person_sees_progress_and_a_script_does_not(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AP-756: counted as it goes on a terminal alone; the result is on standard output either way."""
    path = luggage_of.directory(tmp_path / "archive", luggage_of.files(luggage_of.create(1)))
    answer(terminal, "actor", "add", "ada")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    _, out, err = terminal("import", "mastodon", str(path))
    assert (err, "1 posts taken" in out) == ("", True)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    code, out, err = terminal("import", "mastodon", str(path))
    assert (code, "1 posts were here already" in out) == (0, True)
    assert "posts" in err


def test_cells_that_a_spreadsheet_would_run() -> None:
    """SEC-114: what looks like a formula leaves as text."""
    target = io.BytesIO()
    layout.RowWriter(target, "heading").write("=1+1", "+x", "@y", "plain")
    assert target.getvalue() == b"heading\r\n'=1+1,'+x,'@y,plain\r\n"


def lines(*instructions: dict[str, Any]) -> str:
    return "".join(json.dumps(one) + "\n" for one in instructions)


def test_import_from_stream(terminal: Terminal, tmp_path: Path) -> None:
    """Moving: what an application had elsewhere, into the tenant that is named; and what had to be left, and why."""
    pin = {"actor": "SU:1", "verb": "pin", "object": "P:1", "time": "2020-01-01T00:00:00"}
    path = tmp_path / "shop.jsonl"
    path.write_text(
        lines(
            {"instruction": "add_activities", "feedId": "user:1", "data": [pin, {**pin, "verb": ""}]},
            {"instruction": "follow", "feedId": "timeline:1", "data": ["user:1"]},
        )
    )
    terminal("tenant", "add", "shop")
    found = answer(terminal, "import", "stream", str(path), "--tenant", "shop")
    assert found["taken"] == {"activities": 1, "follows": 1}
    assert found["reasons"] == [
        {
            "kind": "activities", "id": "", "file": "shop.jsonl", "line": 1, "item": 2,
            "reason": "verb: this field is required",
        }
    ]  # fmt: skip
    code, out, _ = terminal("import", "stream", str(path), "--tenant", "shop")
    assert code == 0
    assert "1 activities were here already" in out
    assert "activities left: shop.jsonl, line 1, item 2: verb: this field is required" in out
    code, _, err = terminal("import", "stream", str(path), "--tenant", "nobody")
    assert code != 0
    assert "no tenant called nobody" in err
