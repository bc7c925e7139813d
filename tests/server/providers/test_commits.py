"""Commits of repositories on this machine, read by the real git (Atom §8.5)."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from server.providers import commits
from storage.entries import Viewer
from streams.providers import FeedRequest, Filter, Onlooker
from vocab import html
from vocab.entry import Entry

pytestmark = pytest.mark.anyio

MEMBER = Onlooker(Viewer(1, "https://hub.example/users/ada"), "ada")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def git(path: Path, *arguments: str, at: int = 1_767_225_600) -> None:
    who = {"GIT_AUTHOR_NAME": "Tavo & Co", "GIT_AUTHOR_EMAIL": "tavo@private.example", "GIT_COMMITTER_NAME": "x",
           "GIT_COMMITTER_EMAIL": "x@private.example", "GIT_AUTHOR_DATE": f"@{at} +0000",
           "GIT_COMMITTER_DATE": f"@{at} +0000"}  # fmt: skip
    subprocess.run(
        ["git", "-C", str(path), *arguments], check=True, capture_output=True, env={**os.environ, **who}
    )


@pytest.fixture
def orchard(tmp_path: Path) -> Path:
    path = tmp_path / "orchard.git"
    path.mkdir()
    git(path, "init", "-q", "-b", "main")
    for number in range(5):
        message = f"Mend sensor {number}\n\nIt <script>drifted</script>."
        git(path, "commit", "-q", "--allow-empty", "-m", message, at=1_767_225_600 + number * 3_600)
    return path


def made(path: Path, **settings: Any) -> commits.Commits:
    return commits.provider({"repositories": [{"path": str(path), **settings}]})


async def titles(provider: commits.Commits, **asked: Any) -> list[str]:
    feed = await provider.feed(FeedRequest(**{"viewer": MEMBER, **asked}))
    return [html.plain(one.title_html) for one in feed.entries if isinstance(one, Entry)]


async def test_the_newest_commits_come_first(orchard: Path) -> None:
    found = await titles(made(orchard), max_results=2)
    assert [one.partition(" - ")[2] for one in found] == [
        "Mend sensor 4 in orchard",
        "Mend sensor 3 in orchard",
    ]
    assert found[0].startswith("Tavo & Co committed ")


async def test_members_alone_see_what_is_not_public(orchard: Path) -> None:
    assert await titles(made(orchard), viewer=Onlooker()) == []
    assert len(await titles(made(orchard, public=True), viewer=Onlooker())) == 5


async def test_addresses_of_mail_and_markup_stay_behind(orchard: Path) -> None:
    feed = await made(orchard, url="https://git.example/{hash}").feed(FeedRequest(viewer=MEMBER))
    for one in feed.entries:
        assert isinstance(one, Entry)
        assert "private.example" not in str(one.as_dict())
        assert "<script" not in str(one.as_dict())
        assert str(one.activity.get("url")).startswith("https://git.example/")


async def test_filters_of_dates_and_words(orchard: Path) -> None:
    """Atom §4.3: bounds are exclusive."""
    third = str((1_767_225_600 + 2 * 3_600) * 1_000)
    after = await titles(made(orchard), filters=[Filter("update-date", "AFTER", (third,))])
    assert len(after) == 2
    before = await titles(made(orchard), filters=[Filter("update-date", "BEFORE", (third,))])
    assert len(before) == 2
    (found,) = await titles(made(orchard), filters=[Filter("text", "CONTAINS", ("sensor 1",))])
    assert "sensor 1" in found


async def test_what_cannot_be_read_harms_nothing_else(orchard: Path, tmp_path: Path) -> None:
    both = commits.provider({"repositories": [{"path": str(tmp_path / "none")}, {"path": str(orchard)}]})
    assert len(await titles(both)) == 5


@pytest.mark.parametrize("settings", [{}, {"path": 3}, {"path": "/x", "color": "red"}])
def test_settings_that_cannot_be_used_are_named(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a repository has path"):
        commits.provider({"repositories": [settings]})
