"""Commits of repositories on this machine, read by ``git`` when somebody asks (Atom §8.5, §11).

A repository is shown to members alone unless it is said to be public. Addresses of mail are never read.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from streams.providers import Feed, FeedRequest, filtering
from vocab.dialects.webhooks import Person, Report, Thing, report
from vocab.entry import Entry

log = logging.getLogger(__name__)

KEY: Final = "commits"
NAME: Final = "Repositories"
BYTES_MAX: Final = 8 * 1024 * 1024
"""As much is read of what git says about one repository."""
COMMITS_MAX: Final = 5_000
SECOND_US: Final = 1_000_000
FIELDS: Final = 5
_END: Final = "\x1e"
_FORMAT: Final = "%H%x1f%an%x1f%ct%x1f%s%x1f%b%x1e"
_ENVIRONMENT: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository: where it lies, what it is called, and the address of a commit with ``{hash}`` in it."""

    path: Path
    name: str
    page: str = ""
    public: bool = False

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Repository":
        """Read the settings of one. Raises ValueError naming what is wrong."""
        unknown = set(settings) - {"path", "name", "url", "public"}
        if unknown or not isinstance(settings.get("path"), str):
            raise ValueError(
                f"a repository has path, name, url and public: {sorted(unknown) or 'path is missing'}"
            )
        path = Path(settings["path"])
        name = settings.get("name") or path.name.removesuffix(".git")
        return cls(path, str(name), str(settings.get("url", "")), settings.get("public") is True)


class Commits:
    """The provider. Repositories that cannot be read are left out; the others are not."""

    key = KEY
    name = NAME
    requires = "1"

    def __init__(self, repositories: Sequence[Repository]) -> None:
        self._repositories = tuple(repositories)
        operators = [{"key": "is", "name": "is"}, {"key": "not", "name": "is not"}]
        self.filters = [
            {
                "key": "activity", "name": "Activity", "type": "select", "unique": True, "helpText": None,
                "operators": operators, "values": {"changeset:push": "Commit"},
            }
        ]  # fmt: skip

    @property
    def stored(self) -> bool:
        """Whether nothing that it tells could change by itself: without repositories there is nothing to tell."""
        return not self._repositories

    @property
    def upward(self) -> bool:
        """Whether it can be read upward from a place: what git tells is the newest alone."""
        return not self._repositories

    async def feed(self, request: FeedRequest) -> Feed:
        """Return the newest commits of all branches."""
        shown = [one for one in self._repositories if one.public or not request.viewer.is_anybody]
        pages = await asyncio.gather(*(_commits(one, request) for one in shown))
        filters = (*request.filters, *request.provider_filters)
        meant = filtering.question(filters, base_url=request.base_url)
        entries = [entry for page in pages for entry in page if meant(entry)]
        entries.sort(key=lambda entry: (entry.published, entry.id), reverse=True)
        return Feed(NAME, entries[: request.max_results])

    async def keys(self, viewer: Any) -> list[tuple[str, str]]:
        """Return what repositories go by in filters, those that the viewer may see."""
        return [(one.name, one.name) for one in self._repositories if one.public or not viewer.is_anybody]


def provider(config: Mapping[str, Any] | None) -> Commits:
    """Make the provider. ``repositories`` is a list of tables with ``path``, ``name``, ``url`` and ``public``."""
    return Commits([Repository.of(one) for one in (config or {}).get("repositories", [])])


async def _commits(repository: Repository, request: FeedRequest) -> list[Entry]:
    """Return the commits of a repository within the dates that are asked for, as many as may be needed."""
    filters = (*request.filters, *request.provider_filters)
    low, high = filtering.bounds(filters)
    most = COMMITS_MAX if filters else request.max_results
    arguments = ["log", "--branches", f"--max-count={most}", f"--format={_FORMAT}", "--date-order"]
    if low > 0:
        arguments.append(f"--since=@{low // SECOND_US}")
    if high < filtering.NEWEST:
        arguments.append(f"--until=@{high // SECOND_US}")
    said = await _git(repository.path, *arguments)
    return [_entry(repository, *fields) for fields in _records(said)]


def _records(said: str) -> list[list[str]]:
    """Return the fields of each commit; the last one is left out when git was cut short."""
    records = (record.lstrip("\n").split("\x1f") for record in said.split(_END)[:-1])
    return [record for record in records if len(record) == FIELDS and record[2].isdecimal()]


def _entry(repository: Repository, digest: str, name: str, at: str, subject: str, body: str) -> Entry:
    page = repository.page.replace("{hash}", digest) if repository.page else ""
    commit = Thing(
        report.CHANGESET, digest[:10], subject, page, f"urn:git:{digest}", f"{subject}\n\n{body}".strip()
    )
    made = Report(
        key=f"urn:git:{digest}", verb=report.PUSH, who=Person(name), about=(commit,), words="committed",
        target=Thing(report.REPOSITORY, repository.name), page=page, category=("commit",), keys=(repository.name,),
    )  # fmt: skip
    return Entry.of(made.entry(provider=KEY, application="git", at=int(at) * SECOND_US), provider=KEY)


async def _git(path: Path, *arguments: str) -> str:
    """Return what git says about a repository, as far as it is read; nothing when it fails, or is not there."""
    command = ("git", "-c", "core.fsmonitor=false", "-C", str(path), *arguments)
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/"), **_ENVIRONMENT}
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL, env=environment,
        )  # fmt: skip
    except OSError as error:
        log.warning("git cannot be asked: %s", error)
        return ""
    try:
        said = await _read(process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        code = await process.wait()
    if code not in (0, -9):
        log.warning("git has nothing to say about %s: exit %d", path, code)
    return said


async def _read(process: asyncio.subprocess.Process) -> str:
    """Read what a process says until it has said all, or enough."""
    pieces, room = list[bytes](), BYTES_MAX
    while process.stdout is not None and room > 0 and (piece := await process.stdout.read(min(room, 65_536))):
        pieces.append(piece)
        room -= len(piece)
    if room > 0:
        await process.wait()
    return b"".join(pieces).decode("utf-8", "replace")
