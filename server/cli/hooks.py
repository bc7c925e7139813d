"""``headwater hook``: where other applications report what happened there (Atom §11)."""

import json
import secrets
import sys
from pathlib import Path
from typing import Any

import click

from server import keypairs
from server.cli.deliveries import time
from server.cli.members import local_actor
from server.cli.run import Failure, Group, Run, now, pass_run
from storage import Transaction, actors, hooks
from storage.actors import ActorRow
from storage.hooks import Hook
from streams import actors as making
from vocab import BadFields
from vocab.dialects import webhooks
from vocab.dialects.webhooks import generic

SECRET_BYTES = 24


@click.group(cls=Group)
def hook() -> None:
    """Web hooks that other applications call: code hosts, trackers, builds."""


def _mapping(context: click.Context, parameter: click.Parameter, path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        return generic.check(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise click.BadParameter(str(error), context, parameter) from None
    except BadFields as error:
        wrong = error.fields if isinstance(error.fields, dict) else {}
        told = "; ".join(f"{name} {reason}" for name, reasons in wrong.items() for reason in reasons)
        raise click.BadParameter(told, context, parameter) from None


def _people(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=")[::2] for one in given]
    if not all(theirs and ours for theirs, ours in pairs):
        raise click.BadParameter("expected THEIRS=OURS", context, parameter)
    return dict(pairs)


def _signing(context: click.Context, parameter: click.Parameter, wanted: bool) -> str | None:
    if not wanted:
        return None
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise click.BadParameter("expected a line on standard input", context, parameter)
    return given


@hook.command()
@click.argument("provider", type=click.Choice(webhooks.DIALECTS))
@click.option("--owner", required=True, metavar="NAME", help="Whose it is, and who may read what is private.")
@click.option("--as", "speaker", metavar="NAME", help="The actor that tells it; a new one if not given.")
@click.option("--public", is_flag=True, help="Tell everybody, and those who follow the actor.")
@click.option(
    "--person",
    "people",
    multiple=True,
    metavar="THEIRS=OURS",
    callback=_people,
    help="Who a name over there is here; otherwise it is nobody.",
)
@click.option(
    "--mapping",
    callback=_mapping,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="For json: which field is found where.",
)
@click.option("--repository", metavar="TEXT", default="", help="For git: what the repository is called.")
@click.option(
    "--secret-stdin",
    "signing",
    is_flag=True,
    callback=_signing,
    help="Read the secret that deliveries are signed with; where signatures are usual one is made otherwise.",
)
@pass_run
def add(
    run: Run, provider: str, owner: str, speaker: str | None, public: bool, people: dict[str, str],
    mapping: dict[str, Any] | None, repository: str, signing: str | None,
) -> None:  # fmt: skip
    """Let an application report, and print the address that it is to call."""
    if (provider == "json") != (mapping is not None):
        raise click.UsageError("--mapping goes with json, and json needs one")
    id, secret = hooks.new_id(), secrets.token_urlsafe(SECRET_BYTES)
    if signing is None and provider in webhooks.SIGNED:
        signing = secrets.token_urlsafe(SECRET_BYTES)
    pairs = keypairs.fresh() if speaker is None else []
    settings = {"mapping": mapping, "people": people, "repository": repository}
    base_url = run.config.server.base_url

    async def put(tx: Transaction) -> tuple[ActorRow, Hook]:
        whose = await local_actor(tx, owner)
        for name in people.values():
            await local_actor(tx, name)
        if speaker is None:
            says = await making.create(
                tx, base_url=base_url, name=f"{provider}-{id:x}", type="Service", display_name=provider,
                key_pairs=pairs, now=now(),
            )  # fmt: skip
        else:
            says = await local_actor(tx, speaker)
        kept = {name: value for name, value in settings.items() if value}
        made = Hook(id, provider, signing, whose.id, says.id, public, kept, now())
        await hooks.add(tx, made, secret)
        return says, made

    says, made = run.write(put)
    url = f"{base_url}/hooks/{provider}/{secret}"
    shown = {"id": str(made.id), "provider": provider, "url": url, "secret": signing, "actor": says.iri}
    lines = [f"address  {url}", *([f"secret   {signing}"] if signing else []), f"told by  {says.iri}"]
    run.show(shown, "\n".join(lines))


@hook.command("list")
@pass_run
def list_(run: Run) -> None:
    """Show who may report; the addresses are shown once, when they are made."""

    async def look(tx: Transaction) -> list[dict[str, Any]]:
        return [await _row(tx, one) for one in await hooks.every(tx)]

    rows = run.with_store(lambda store: store.read(look))
    run.show_table("hooks", rows, ("id", "provider", "owner", "actor", "public", "created"))


async def _row(tx: Transaction, one: Hook) -> dict[str, Any]:
    whose, says = await actors.by_id(tx, one.owner), await actors.by_id(tx, one.speaker)
    return {
        "id": str(one.id), "provider": one.dialect, "owner": whose.name if whose else None,
        "actor": says.iri if says else None, "public": one.public, "created": time(one.created),
    }  # fmt: skip


@hook.command()
@click.argument("id", type=int)
@pass_run
def remove(run: Run, id: int) -> None:
    """Let an application report no more. What it has reported stays."""
    if not run.write(lambda tx: hooks.remove(tx, id)):
        raise Failure(f"there is no hook {id}")
    run.show({"id": str(id), "removed": True}, f"the hook {id} is gone")
