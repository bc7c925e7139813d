"""Whom a command is about, as people write it: a name here, ``name@host``, or an IRI."""

from server.cli.run import Failure
from storage import Transaction, actors
from storage.actors import ActorRow


async def known(tx: Transaction, whom: str) -> ActorRow:
    """Find an actor we know. Raises Failure for one we have never met."""
    found = await look(tx, whom)
    if found is None:
        raise Failure(f"no actor {whom} is known here")
    return found


async def look(tx: Transaction, whom: str) -> ActorRow | None:
    """Find an actor by what people write, or None."""
    if "://" in whom:
        return await actors.find(tx, whom)
    name, _, host = whom.removeprefix("@").partition("@")
    return await actors.by_acct(tx, name, host) if host else await actors.by_handle(tx, name)
