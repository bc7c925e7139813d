"""``headwater actor``: who lives here."""

import click

from server import keypairs
from server.auth import passwords
from server.cli.members import password_option
from server.cli.run import Failure, Group, Run, now, pass_run
from storage import Transaction, members
from storage.actors import ActorRow
from streams import actors as making
from streams.errors import NameTaken


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
