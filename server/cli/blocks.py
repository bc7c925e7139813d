"""``headwater actor block``, ``mute``, ``suspend``: whom an actor, or the server, wants to hear no more of."""

from typing import Any

import click

from server.cli import whom
from server.cli.members import local_actor
from server.cli.run import Command, Failure, Run, now, pass_run
from storage import Store, Transaction, blocks, objects
from storage.actors import ActorRow
from streams import moderation, record
from vocab import Object, iri

TYPES = {"block": "Block", "mute": "Ignore"}
"""What a command publishes in the actor's name."""
KINDS = {"block": ("block", "domain"), "mute": ("mute",)}

name_argument = click.argument("name")
target_argument = click.argument("target")


@click.command(cls=Command)
@name_argument
@target_argument
@pass_run
def block(run: Run, name: str, target: str) -> None:
    """Block an actor in the name of one of ours, or with https://HOST/ a whole server."""
    _say(run, name, target, "block")


@click.command(cls=Command)
@name_argument
@target_argument
@pass_run
def mute(run: Run, name: str, target: str) -> None:
    """Keep what an actor says out of the inbox of one of ours; nobody is told."""
    _say(run, name, target, "mute")


@click.command(cls=Command)
@name_argument
@target_argument
@pass_run
def unblock(run: Run, name: str, target: str) -> None:
    """Take a block back."""
    _undo(run, name, target, "block")


@click.command(cls=Command)
@name_argument
@target_argument
@pass_run
def unmute(run: Run, name: str, target: str) -> None:
    """Take a mute back."""
    _undo(run, name, target, "mute")


@click.command("blocks", cls=Command)
@name_argument
@pass_run
def list_(run: Run, name: str) -> None:
    """Show whom an actor has blocked and muted."""

    async def find(tx: Transaction) -> list[dict[str, str]]:
        actor = await local_actor(tx, name)
        return [
            {"target": target, "kind": kind}
            for kind in ("block", "domain", "mute")
            for target in await blocks.targets(tx, actor.id, kind)
        ]

    rows = run.with_store(lambda store: store.read(find))
    run.show_table("blocks", rows, ("target", "kind"))


@click.command(cls=Command)
@target_argument
@pass_run
def suspend(run: Run, target: str) -> None:
    """Suspend an actor, ours or another server's: nothing of it takes effect or is shown."""

    async def say(store: Store) -> ActorRow:
        actor = await store.read(whom.known, target)
        await store.write(moderation.suspend, actor, base_url=run.config.server.base_url, now=now())
        if not actor.local:
            await moderation.withdraw(store, actor.id)
        return actor

    actor = run.with_store(say)
    run.show({"actor": actor.iri, "suspended": True}, f"{actor.acct} is suspended")


@click.command(cls=Command)
@target_argument
@pass_run
def unsuspend(run: Run, target: str) -> None:
    """Lift a suspension."""

    async def say(tx: Transaction) -> ActorRow:
        actor = await whom.known(tx, target)
        if not await moderation.restore(tx, actor, base_url=run.config.server.base_url, now=now()):
            raise Failure(f"{actor.acct} is not suspended")
        return actor

    actor = run.write(say)
    run.show({"actor": actor.iri, "suspended": False}, f"{actor.acct} is back")


def _say(run: Run, name: str, target: str, verb: str) -> None:
    async def say(tx: Transaction) -> dict[str, Any]:
        actor = await local_actor(tx, name)
        about = await _about(tx, target)
        sent = Object({"type": TYPES[verb], "object": about})
        await record.say(tx, actor, sent, base_url=run.config.server.base_url, now=now())
        return {"actor": actor.iri, verb: about}

    done = run.write(say)
    run.show(done, f"{name} does not hear of {done[verb]} any more")


def _undo(run: Run, name: str, target: str, verb: str) -> None:
    async def undo(tx: Transaction) -> dict[str, Any]:
        actor = await local_actor(tx, name)
        about = await _about(tx, target)
        keys = {about, iri.host(about)} if about.endswith("/") else {about}
        for id in await blocks.activities(tx, actor.id, keys, KINDS[verb]):
            sent = Object({"type": "Undo", "object": await objects.iri_of(tx, id)})
            await record.say(tx, actor, sent, base_url=run.config.server.base_url, now=now())
            return {"actor": actor.iri, f"un{verb}": about}
        raise Failure(f"{name} has not {verb}{'ed' if verb == 'block' else 'd'} {target}")

    done = run.write(undo)
    run.show(done, f"{name} hears of {target} again")


async def _about(tx: Transaction, target: str) -> str:
    """Return the IRI that a Block or Ignore is about; an IRI may name someone we have never met."""
    if "://" in target:
        return target
    return (await whom.known(tx, target)).iri


COMMANDS = (block, unblock, mute, unmute, list_, suspend, unsuspend)
