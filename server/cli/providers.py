"""``headwater provider``: what brings activities into the stream (Atom §8.4)."""

import asyncio
import json
from typing import Any

import click

from server.cli.run import Failure, Group, Run, now, pass_run
from server.providers import Providers, discovery, kit
from server.providers.registry import open_providers
from storage import Store, Transaction, providersettings
from streams.providers import Host

COLUMNS = ("name", "key", "state", "factory", "problem")


@click.group(cls=Group)
def provider() -> None:
    """Look after providers of the stream: what is installed, what is in use."""


def _settings(context: click.Context, parameter: click.Parameter, value: str | None) -> dict[str, Any] | None:
    """Read settings as a JSON object."""
    if value is None:
        return None
    try:
        found = json.loads(value)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise click.BadParameter("expected a JSON object", context, parameter)
    return found


@provider.command("list")
@pass_run
def list_(run: Run) -> None:
    """Show all providers, with the reason for those that cannot be in use."""

    async def look(store: Store) -> list[dict[str, Any]]:
        host = Host(store, run.config.server.base_url, now)
        async with open_providers(store, run.config, host) as providers:
            return rows(providers)

    run.show_table("providers", run.with_store(look), COLUMNS)


def rows(providers: Providers) -> list[dict[str, Any]]:
    """Return what is to be known of providers, one row for each."""
    return [
        {
            "name": one.found.name,
            "key": one.key if one.running else None,
            "state": "in use" if one.running else "disabled" if not one.enabled else "failed",
            "factory": one.found.factory,
            "package": one.found.package or None,
            "problem": one.problem or None,
        }
        for one in providers.entries
    ]


@provider.command()
@click.argument("name")
@click.option("--settings", callback=_settings, help="A JSON object to be given to its factory from now on.")
@pass_run
def enable(run: Run, name: str, settings: dict[str, Any] | None) -> None:
    """Put a provider in use; a running server does so within moments."""
    _decide(run, name, enabled=True, settings=settings)


@provider.command()
@click.argument("name")
@pass_run
def disable(run: Run, name: str) -> None:
    """Put a provider out of use; a running server does so within moments."""
    _decide(run, name, enabled=False, settings=None)


def _decide(run: Run, name: str, *, enabled: bool, settings: dict[str, Any] | None) -> None:
    if name not in {one.name for one in discovery.found(run.config.providers)}:
        raise Failure(f"there is no provider {name}; see: {run.program} provider list")

    async def decide(tx: Transaction) -> None:
        held = (await providersettings.every(tx)).get(name)
        kept = json.dumps(settings) if settings is not None else None if held is None else held.settings
        await providersettings.put(tx, name, enabled=enabled, settings=kept, now=now())

    run.write(decide)
    state = "enabled" if enabled else "disabled"
    run.show({"name": name, "enabled": enabled}, f"{name} is {state}")


@provider.command()
@click.argument("factory")
@click.option("--settings", callback=_settings, help="A JSON object to be given to the factory.")
@pass_run
def check(run: Run, factory: str, settings: dict[str, Any] | None) -> None:
    """Try a provider, given as package.module:factory, against the rules that all have to keep."""
    findings = asyncio.run(kit.check(factory, settings))
    failed = [one for one in findings if not one.passed]
    lines = [f"{'ok    ' if one.passed else 'FAILED'} {one.rule}: {one.told}" for one in findings]
    document = {
        "factory": factory,
        "passed": not failed,
        "findings": [{"rule": one.rule, "passed": one.passed, "told": one.told} for one in findings],
    }
    run.show(document, "\n".join(lines))
    if failed:
        raise Failure(f"{len(failed)} of {len(findings)} rules are not kept")
