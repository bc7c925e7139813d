"""``headwater import`` and ``headwater export``: moving in and out (AP-756)."""

import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from server import tenancy
from server.archives import Archive, BadArchive, Export, FeedImport, Import, Report, opened
from server.archives import mastodon as layout
from server.cli.run import Failure, Group, Run, now, pass_run
from server.media import Library
from storage import Store, actors, tenants
from storage.actors import ActorRow
from streams.feeds import Limits
from streams.luggage import Traveller
from vocab import Object
from vocab.dialects.mastodon import Removal

IMPORTED_INLINE_MAX: Final = 100
"""What is imported into a feed with more followers is copied to these by the server, as jobs."""


@click.group("import", cls=Group)
def import_() -> None:
    """Bring what was said on another server."""


@click.group(cls=Group)
def export() -> None:
    """Take along what was said on this server."""


@import_.command("mastodon")
@click.argument("archive", type=click.Path(path_type=Path, exists=True))
@click.option("--actor", "name", metavar="NAME", help="Whose it becomes; by default the name in the archive.")
@click.option(
    "--follow", is_flag=True, help="Also ask to follow everyone in following_accounts.csv, one a second."
)
@pass_run
def import_mastodon(run: Run, archive: Path, name: str | None, follow: bool) -> None:
    """Import an archive that Mastodon made: a zip or tar.gz file, or a directory with its lists beside it.

    Posts keep their dates and enter the outbox at their own place; nobody is notified and nothing is
    delivered. Stopped half-way, or run again with a newer archive, it takes what is not here yet.
    """
    try:
        with opened(archive) as found, _progress(run) as step:
            whose = layout.actor(found)
            report = run.with_store(lambda store: _import(run, store, found, whose, name, follow, step))
    except BadArchive as error:
        raise Failure(f"{archive}: {error}") from None
    run.show(report.document(), _told(report))


async def _import(
    run: Run,
    store: Store,
    archive: Archive,
    whose: Object,
    name: str | None,
    follow: bool,
    step: Callable[[str], None],
) -> Report:
    actor = await _actor(store, name or str(whose.get("preferredUsername")))
    config = run.config
    removal = Removal(
        whose.id or "", next(iter(whose.ids("followers")), ""), actor.iri, actor.followers or ""
    )
    traveller = Traveller(actor, removal, config.server.base_url)
    work = Import(
        store, _library(run), archive, traveller, now, config.media.bytes_max, follow=follow, step=step
    )
    return await work.run()


async def _actor(store: Store, name: str) -> ActorRow:
    actor = await store.read(actors.by_handle, name)
    if actor is None:
        raise Failure(f"no actor called {name} lives here; make one first: headwater actor add {name}")
    return actor


def _library(run: Run) -> Library:
    return Library(run.config.media_directory, pixels_max=run.config.media.pixels_max)


@import_.command("stream")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--tenant", "label", metavar="LABEL", default=tenants.DEFAULT, help="Whose feeds they become.")
@pass_run
def import_stream(run: Run, files: tuple[Path, ...], label: str) -> None:
    """Import what an application had at Stream, from files of JSON lines, which may be packed with gzip.

    Activities, reactions, users and entries of collections keep their ids and times. Nobody is told and nothing is
    delivered. Stopped half-way it goes on where it was; run again, it takes what is not here yet.
    """

    async def work(store: Store, step: Callable[[str, int], None]) -> Report:
        if label == tenants.DEFAULT:
            await tenancy.ensure_default(store)
        tenant = await store.read(tenants.by_label, label)
        if tenant is None:
            raise Failure(f"there is no tenant called {label}; make one with: headwater tenant add {label}")
        feeds = tenancy.feeds(store, run.config, now, limits=Limits(inline=IMPORTED_INLINE_MAX))
        return await FeedImport(feeds, tenant, files, step=step).run()

    try:
        with _bar(run, sum(path.stat().st_size for path in files)) as step:
            report = run.with_store(lambda store: work(store, step))
    except BadArchive as error:
        raise Failure(str(error)) from None
    run.show(report.document(), _told(report))


def _told(report: Report) -> str:
    lines = [f"{number} {kind} taken" for kind, number in sorted(report.taken.items()) if number]
    lines += [f"{number} {kind} were here already" for kind, number in sorted(report.held.items()) if number]
    lines += [_left(one) for one in report.reasons]
    more = sum(report.left.values()) - len(report.reasons)
    return "\n".join([*lines, *([f"and {more} more left"] if more else [])]) or "nothing to take"


def _left(one: dict[str, Any]) -> str:
    where = f"{one['file']}, line {one['line']}" if "line" in one else ""
    where += f", item {one['item']}" if one.get("item") else ""
    return ": ".join(filter(None, (f"{one['kind']} left", where, one["id"], one["reason"])))


@export.command("mastodon")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_run
def export_mastodon(run: Run, name: str, file: Path) -> None:
    """Write an actor's posts, likes, lists and files into an archive as Mastodon makes them: FILE.zip or FILE.tar.gz.

    It holds what its owner may see, private posts too, and no keys. Any server that reads Mastodon's
    archives can take it; `headwater import mastodon` does.
    """

    async def work(store: Store, step: Callable[[str], None]) -> dict[str, int]:
        actor = await _actor(store, name)
        made = Export(store, _library(run).files, actor, run.config.server.base_url, step=step)
        return dict(await made.run(file))

    try:
        with _progress(run) as step:
            counts = run.with_store(lambda store: work(store, step))
    except BadArchive as error:
        raise Failure(str(error)) from None
    run.show(
        {"file": str(file), "counts": counts},
        "\n".join([str(file), *(f"{number} {kind}" for kind, number in sorted(counts.items()))]),
    )


@contextlib.contextmanager
def _progress(run: Run) -> Iterator[Callable[[str], None]]:
    """Show a person how far it is; a script, or who wants JSON, sees nothing of it."""
    if run.as_json or not sys.stderr.isatty():
        yield lambda kind: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed:>8} {task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def step(kind: str) -> None:
            if kind not in tasks:
                tasks[kind] = progress.add_task(kind, total=None)
            progress.advance(tasks[kind])

        yield step


@contextlib.contextmanager
def _bar(run: Run, size_bytes: int) -> Iterator[Callable[[str, int], None]]:
    """Show a person how much of some files was read, and what came of it."""
    if run.as_json or not sys.stderr.isatty():
        yield lambda kind, read: None
        return
    columns = (
        BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"), TimeElapsedColumn(),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=size_bytes)
        counts: Counter[str] = Counter()

        def step(kind: str, read: int) -> None:
            counts[kind] += 1
            told = ", ".join(f"{number} {name}" for name, number in counts.items())
            progress.update(task, completed=read, description=told)

        yield step
