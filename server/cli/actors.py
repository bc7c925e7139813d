"""``headwater actor``: who lives here."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import click

from server import keypairs
from server.auth import passwords
from server.cli import blocks
from server.cli.members import local_actor, password_option
from server.cli.run import Failure, Group, Run, now, pass_run
from server.opening import open_house
from storage import Store, Transaction, actors, keys, members
from storage.actors import ActorRow
from streams import actors as making
from streams import farewell, ids, publish, record, rotation
from streams.errors import Gone, NameTaken, StreamsError
from vocab import PUBLIC, Activity, Object, stored
from vocab import iri as iris

T = TypeVar("T")


@click.group(cls=Group)
def actor() -> None:
    """Actors that live on this server."""


@actor.command()
@click.argument("name")
@click.option("--name", "display_name", metavar="TEXT", help="The name to show.")
@click.option("--type", "type_", default="Person", show_default=True, help="Person, Service, Group …")
@click.option("--approve-followers", is_flag=True, help="Follows wait until the actor accepts them.")
@password_option
@click.option("--admin", is_flag=True, help="With a password: may moderate this server.")
@pass_run
def add(
    run: Run,
    name: str,
    display_name: str | None,
    type_: str,
    approve_followers: bool,
    password: str | None,
    admin: bool,
) -> None:
    """Make an actor with its keys, inbox and outbox."""
    pairs = keypairs.fresh()
    hashed = None if password is None else passwords.hashed(password)

    async def make(tx: Transaction) -> ActorRow:
        made = await making.create(
            tx, base_url=run.config.server.base_url, name=name, type=type_, display_name=display_name,
            approves=approve_followers, key_pairs=pairs, now=now(),
        )  # fmt: skip
        if hashed is not None:
            await members.put(tx, made.id, password=hashed, admin=admin, now=now())
        return made

    try:
        made = run.write(make)
    except NameTaken:
        raise Failure(f"an actor called {name} exists already") from None
    shown = {
        "id": made.iri,
        "acct": made.acct,
        "type": type_,
        "inbox": made.inbox,
        "outbox": f"{made.iri}/outbox",
    }
    run.show(shown, f"{made.acct} lives at {made.iri}")


@actor.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask; this cannot be taken back.")
@pass_run
def remove(run: Run, name: str, yes: bool) -> None:
    """Close an account for good: other servers are told, and all it left here goes."""
    if not yes:
        click.confirm(f"Close the account {name} and delete everything it ever said?", abort=True, err=True)

    async def close(tx: Transaction) -> Activity:
        found = await local_actor(tx, name)
        return await farewell.close(tx, found, base_url=run.config.server.base_url, now=now())

    try:
        said = run.write(close)
    except Gone:
        raise Failure(f"the account {name} was closed before") from None
    run.show({"name": name, "delete": said.id}, f"{name} is gone; the running server tells the others")


@actor.command()
@click.argument("name")
@click.argument("other")
@click.option("--remove", "without", is_flag=True, help="Take the other name back.")
@pass_run
def alias(run: Run, name: str, other: str, without: bool) -> None:
    """Say that another actor is the same person, so that it may move here."""

    async def say(tx: Transaction) -> list[str]:
        found = await local_actor(tx, name)
        known = stored(found.document, found.context).ids("alsoKnownAs")
        names = [one for one in known if one != other] + ([] if without else [other])
        profile = {"id": found.iri, "type": found.type, "alsoKnownAs": names or None}
        update = {"type": "Update", "object": profile, "to": PUBLIC, "cc": found.followers}
        await record.say(tx, found, Object(update), base_url=run.config.server.base_url, now=now())
        return names

    names = _told(lambda: run.write(say))
    run.show({"name": name, "alsoKnownAs": names}, "\n".join(names))


@actor.command()
@click.argument("name")
@click.argument("target")
@pass_run
def move(run: Run, name: str, target: str) -> None:
    """Move an actor to another one, which must name it among its own; its followers go along."""

    async def go() -> Activity:
        async with open_house(run.config) as house:
            found = await house.store.read(local_actor, name)
            said = Object({"type": "Move", "object": found.iri, "target": target})
            return await publish(house.ports, found, said)

    said = _told(lambda: asyncio.run(go()))
    run.show({"name": name, "movedTo": target, "move": said.id}, f"{name} has moved to {target}")


def _told(act: Callable[[], T]) -> T:
    """Do something in an actor's name; what streams refuses is the command's failure."""
    try:
        return act()
    except StreamsError as refusal:
        raise Failure(str(refusal)) from None


@actor.command("rotate-keys")
@click.argument("name")
@pass_run
def rotate_keys(run: Run, name: str) -> None:
    """Give an actor new keys and tell the other servers; the old keys are destroyed.

    The server's own actor is named by its host.
    """
    base_url, pairs = run.config.server.base_url, keypairs.fresh()

    async def rotate(store: Store) -> list[str]:
        row = await store.read(actors.by_handle, name)
        if row is None and name == iris.host(base_url):
            row = await store.read(actors.find, ids.instance_actor(base_url))
        if row is None:
            raise Failure(f"there is no actor called {name}")
        update = await store.write(rotation.rotate, row, pairs, base_url=base_url, now=now())
        after = await store.write(rotation.tell, row, update, now=now())
        while after:
            after = await store.write(rotation.tell, row, update, after=after, now=now())
        return [key.id for key in await store.read(keys.of_actor, row.iri, private=True)]

    made = run.with_store(rotate)
    run.show({"name": name, "keys": made}, "\n".join(made))


for _command in blocks.COMMANDS:
    actor.add_command(_command)
