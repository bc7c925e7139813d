"""``headwater subscription``: feeds of others that are read for our actors (Atom §10.4)."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from server import keypairs
from server.cli.members import local_actor
from server.cli.run import Failure, Group, Run, now, pass_run
from server.opening import open_house
from server.pulling import Outcome, Poller
from storage import Store, Transaction, actors, pulled, subscriptions
from storage.actors import ActorRow
from storage.subscriptions import Subscription
from streams import pulling
from streams.errors import NotFound, Redundant, StreamsError
from streams.pulling import Options
from vocab import BadFields, ParseError
from vocab.dialects import opml
from vocab.dialects.feedreading import charsets
from vocab.dialects.opml import Outline

SHOWN_MAX = 20


@click.group(cls=Group)
def subscription() -> None:
    """Have feeds of others read for our actors."""


def _people(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=")[::2] for one in given]
    if not all(theirs and ours for theirs, ours in pairs):
        raise click.BadParameter("expected THEIRS=OURS", context, parameter)
    return dict(pairs)


id_argument = click.argument("id", type=click.IntRange(min=1))


@subscription.command()
@click.argument("url")
@click.option(
    "--owner", required=True, metavar="NAME", help="For whom it is read; who may read what is private."
)
@click.option(
    "--interval",
    default=pulling.schedule.INTERVAL_SECONDS,
    show_default=True,
    metavar="SECONDS",
    type=click.IntRange(pulling.schedule.INTERVAL_SECONDS_MIN, pulling.schedule.INTERVAL_SECONDS_MAX),
    help="How often it is read, unless the feed asks for less.",
)
@click.option("--public", is_flag=True, help="Tell everybody what it brings, and those who follow its actor.")
@click.option(
    "--announce", is_flag=True, help="Publish what comes as Announce of a copy; otherwise as Create."
)
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="EXPRESSION",
    help="Tell only what satisfies this, and all others given.",
)
@click.option(
    "--person", "people", multiple=True, metavar="THEIRS=OURS", callback=_people,
    help="Who a name over there is here; otherwise it is nobody.",
)  # fmt: skip
@click.option(
    "--walk", is_flag=True, help="Read the history of a server without paging by dates; usually found out."
)
@pass_run
def add(
    run: Run, url: str, owner: str, interval: int, public: bool, announce: bool, filters: tuple[str, ...],
    people: dict[str, str], walk: bool,
) -> None:  # fmt: skip
    """Have a feed read for an actor; the running server does so at once."""
    options = Options(public, interval, "Announce" if announce else "Create", filters, people, walk)
    base_url, pairs = run.config.server.base_url, keypairs.fresh()

    async def put(tx: Transaction) -> dict[str, Any]:
        whose = await local_actor(tx, owner)
        made = await pulling.subscribe(tx, whose, url, options, base_url=base_url, pairs=pairs, now=now())
        return await _shown(tx, made)

    try:
        shown = run.write(put)
    except (StreamsError, BadFields) as refusal:
        raise Failure(str(refusal)) from None
    run.show(shown, f"{shown['id']}: {url} is read for {owner}, told by {shown['actor']}")


@subscription.command("list")
@click.option("--owner", metavar="NAME", help="Only those of this actor.")
@pass_run
def list_(run: Run, owner: str | None) -> None:
    """Show which feeds are read, when next, and what is wrong with them."""

    async def find(tx: Transaction) -> list[dict[str, Any]]:
        whose = None if owner is None else (await local_actor(tx, owner)).id
        return [await _shown(tx, one) for one in await subscriptions.every(tx, whose)]

    rows = run.with_store(lambda store: store.read(find))
    run.show_table("subscriptions", rows, ("id", "url", "owner", "state", "entries", "next_poll", "problem"))


@subscription.command()
@id_argument
@pass_run
def poll(run: Run, id: int) -> None:
    """Read a feed now and print what came."""

    async def go() -> tuple[Outcome, dict[str, Any]]:
        async with open_house(run.config) as house:
            one = await house.store.read(_found, id)
            poller = Poller(house.store, house.client, base_url=house.base_url, clock=house.ports.clock)
            outcome = await poller.poll(one)
            return outcome, await house.store.read(_shown, outcome.subscription)

    outcome, shown = asyncio.run(go())
    if outcome.state in ("failed", "stopped"):
        raise Failure(f"{outcome.subscription.url}: {outcome.problem}")
    taken = outcome.taken
    counts = {name: getattr(taken, name) for name in ("new", "updated", "deleted", "known", "left_out")}
    document = {
        **shown,
        "outcome": outcome.state,
        "format": outcome.format,
        **counts,
        "titles": taken.names[:SHOWN_MAX],
    }
    lines = [f"+ {name}" for name in taken.names[:SHOWN_MAX]]
    if taken.new > SHOWN_MAX:
        lines.append(f"… and {taken.new - SHOWN_MAX} more")
    lines.append(
        ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items() if number)
        or "nothing new"
    )
    if outcome.problem:
        lines.append(f"warning: {outcome.problem}")
    run.show(document, "\n".join(lines))


@subscription.command()
@id_argument
@pass_run
def remove(run: Run, id: int) -> None:
    """Read a feed no more; what it brought stays. A hub that tells what is new is asked to stop."""

    async def end(store: Store) -> None:
        await store.write(pulling.unsubscribe, id, now=now())

    try:
        run.with_store(end)
    except NotFound:
        raise Failure(f"there is no subscription {id}") from None
    run.show({"id": str(id), "removed": True}, f"{id} is not read any more")


@subscription.command()
@click.option("--owner", required=True, metavar="NAME", help="Whose feeds.")
@pass_run
def export(run: Run, owner: str) -> None:
    """Print the feeds that are read for an actor as OPML, which feed readers take."""

    async def find(tx: Transaction) -> str:
        whose = await local_actor(tx, owner)
        found = await subscriptions.every(tx, whose.id)
        return opml.write(f"Feeds of {whose.name}", [Outline(one.title, one.url, one.home) for one in found])

    text = run.with_store(lambda store: store.read(find))
    run.show({"opml": text}, text.rstrip("\n"))


@subscription.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--owner", required=True, metavar="NAME", help="For whom they are read.")
@click.option("--public", is_flag=True, help="Tell everybody what they bring.")
@pass_run
def import_(run: Run, file: Path, owner: str, public: bool) -> None:
    """Have the feeds of an OPML file read for an actor; those that are read already stay as they are."""
    base_url = run.config.server.base_url
    try:
        feeds = opml.read(charsets.text(file.read_bytes())[0])
    except ParseError as error:
        raise Failure(f"{file}: {error}") from None

    async def take(store: Store) -> list[dict[str, str]]:
        whose = await store.read(local_actor, owner)
        return [await _bring(store, whose, one, Options(public), base_url) for one in feeds]

    rows = run.with_store(take)
    run.show_table("feeds", rows, ("url", "outcome"))


async def _bring(
    store: Store, owner: ActorRow, one: Outline, options: Options, base_url: str
) -> dict[str, str]:
    """Subscribe to one feed of a list, and return what became of it."""
    pairs = keypairs.fresh()
    try:
        made = await store.write(
            pulling.subscribe, owner, one.feed, options, base_url=base_url, pairs=pairs, now=now()
        )
    except Redundant:
        return {"url": one.feed, "outcome": "read already"}
    except StreamsError as error:
        return {"url": one.feed, "outcome": str(error)}
    return {"url": one.feed, "outcome": "read", "id": str(made.id)}


async def _found(tx: Transaction, id: int) -> Subscription:
    one = await subscriptions.by_id(tx, id)
    if one is None:
        raise Failure(f"there is no subscription {id}")
    return one


async def _shown(tx: Transaction, one: Subscription) -> dict[str, Any]:
    owner, bot = await actors.by_id(tx, one.owner), await actors.by_id(tx, one.bot)
    return {
        "id": str(one.id),
        "url": one.url,
        "title": one.title,
        "owner": owner.name if owner else "",
        "actor": bot.iri if bot else "",
        "public": bool(one.public),
        "interval": one.interval,
        "state": "stopped" if one.stopped else "failing" if one.failures else "read",
        "entries": await pulled.count(tx, one.id),
        "polled": _time(one.polled),
        "next_poll": None if one.stopped else _time(one.next_poll),
        "hub": one.hub,
        "told_by_hub": one.hub_until is not None and one.hub_until > now(),
        "problem": one.problem,
    }


def _time(instant_us: int | None) -> str | None:
    return None if instant_us is None else datetime.fromtimestamp(instant_us // 1_000_000, UTC).isoformat()
