"""``headwater link``: other applications whose streams are part of ours (Atom §9)."""

import asyncio
import base64
import sys
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import click

from federation import feeds
from server.cli.members import local_actor
from server.cli.run import Failure, Group, Run, now, pass_run
from server.opening import open_house
from server.providers.remote import asking, links
from storage import Transaction, actors, applications
from storage.applications import Application
from streams.providers.host import Host
from vocab import iri as iris


@click.group(cls=Group)
def link() -> None:
    """Show the streams of other applications in ours."""


def _keys(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=")[::2] for one in given]
    if not all(ours and theirs for ours, theirs in pairs):
        raise click.BadParameter("expected OURS=THEIRS", context, parameter)
    return dict(pairs)


def _name(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not value.replace("-", "").isalnum() or not value.isascii() or len(value) > 64:
        raise click.BadParameter("expected letters, digits and -", context, parameter)
    return value


def _url(context: click.Context, parameter: click.Parameter, value: str) -> str:
    parts = urlsplit(value)
    if not iris.is_http(value) or parts.username or parts.query or parts.fragment:
        raise click.BadParameter(
            "expected an address of http or https, without a user or query", context, parameter
        )
    return value.rstrip("/")


@link.command()
@click.argument("name", callback=_name)
@click.argument("url", callback=_url)
@click.option("--owner", required=True, metavar="NAME", help="Whose credentials these are.")
@click.option(
    "--type",
    "kind",
    type=click.Choice(asking.TYPES),
    default="headwater",
    show_default=True,
    help="What it is.",
)
@click.option("--user", metavar="USER", help="Who asks there; the password is read with --secret-stdin.")
@click.option(
    "--secret-stdin",
    is_flag=True,
    help="Read a password, or without --user a bearer token, from standard input.",
)
@click.option(
    "--public/--private",
    default=None,
    help="Show it to everybody, or to the owner alone; with credentials private.",
)
@click.option(
    "--delegated",
    is_flag=True,
    help="Ask for each member by credentials that they enter at their account; show it to members alone.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="OURS=THEIRS",
    callback=_keys,
    help="What a project or space of ours is called there.",
)
@pass_run
def add(
    run: Run, name: str, url: str, owner: str, kind: str, user: str | None, secret_stdin: bool, public: bool | None,
    delegated: bool, keys: dict[str, str],
) -> None:  # fmt: skip
    """Link an application; its providers become ours as PROVIDER@NAME."""
    credentials = _credentials(user, secret_stdin)
    if delegated and public:
        raise click.UsageError("--delegated shows each member what is theirs: it cannot be --public")
    shown = public if public is not None else credentials is None and not delegated

    async def go() -> Application:
        async with open_house(run.config) as house:

            async def put(tx: Transaction) -> Application:
                whose = await local_actor(tx, owner)
                new = Application(
                    applications.new_id(), name, url, kind, whose.id, shown, credentials, keys, created=now(),
                    delegated=delegated,
                )  # fmt: skip
                if not await applications.add(tx, new):
                    raise Failure(f"there is an application called {name} already")
                return new

            new = await house.store.write(put)
            host = Host(house.store, house.base_url, house.ports.clock, partial(feeds.fetch, house.client))
            await links.refresh(new, host)
            return next(one for one in await house.store.read(applications.every) if one.id == new.id)

    made = asyncio.run(go())
    document = _document(made, owner)
    run.show(
        document, "\n".join([*document["providers"], *([f"warning: {made.problem}"] if made.problem else [])])
    )


@link.command("list")
@pass_run
def list_(run: Run) -> None:
    """Show which applications are linked, what they have, and what is wrong with them."""

    async def find(tx: Transaction) -> list[dict[str, Any]]:
        found = await applications.every(tx)
        owners = await actors.of_ids(tx, (one.owner for one in found))
        return [_document(one, owners[one.owner].name if one.owner in owners else "") for one in found]

    rows = run.with_store(lambda store: store.read(find))
    run.show_table("links", rows, ("name", "url", "type", "owner", "public", "providers", "problem"))


@link.command()
@click.argument("name")
@pass_run
def remove(run: Run, name: str) -> None:
    """Show an application's stream in ours no more."""
    if not run.write(applications.remove, name):
        raise Failure(f"there is no application called {name}")
    run.show({"name": name, "removed": True}, f"{name} is not linked any more")


def _credentials(user: str | None, secret_stdin: bool) -> str | None:
    if not secret_stdin:
        if user:
            raise click.UsageError("--user needs --secret-stdin")
        return None
    secret = sys.stdin.readline().rstrip("\r\n")
    if not secret:
        raise click.UsageError("expected a line on standard input")
    if user:
        return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode("ascii")
    return f"Bearer {secret}"


def _document(one: Application, owner: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "url": one.url,
        "type": one.type,
        "owner": owner,
        "public": one.public,
        "delegated": one.delegated,
        "providers": [f"{offered.get('key')}@{one.name}" for offered in one.providers],
        "problem": one.problem,
    }
