"""``headwater tenant``: name spaces, and the keys that programs need at the Feeds and Events APIs."""

import asyncio
import re
import sys
from typing import Any

import click

from federation import FederationError, prove
from server import tenancy
from server.auth.feeds.tokens import SECRET_BYTES_GOOD
from server.cli.members import local_actor
from server.cli.run import Failure, Group, Run, now, pass_run
from server.opening import open_house
from server.tenancy import Credentials
from storage import Store, Transaction, tenantowners, tenants, webhooks
from storage.errors import Conflict
from storage.tenants import Tenant

LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
"""A tenant's label can be the first label of a host name (Events §1.1)."""
API_KEY = re.compile(r"[A-Za-z0-9_-]{1,255}")
SECRET = re.compile(r"[!-~]{1,255}")
HOUR_US = 3_600_000_000
OVERLAP_HOURS = 24


def _label(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if LABEL.fullmatch(value) is None:
        raise click.BadParameter("expected lower-case letters, digits and hyphens", context, parameter)
    return value


def _api_key(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and API_KEY.fullmatch(value) is None:
        raise click.BadParameter("expected letters, digits, - and _", context, parameter)
    return value


def _url(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.startswith(("https://", "http://")):
        raise click.BadParameter("expected an address of https", context, parameter)
    return value


def _secret(context: click.Context, parameter: click.Parameter, wanted: bool) -> str | None:
    """Read a secret from standard input, so that it stands in no list of processes."""
    if not wanted:
        return None
    given = sys.stdin.readline().rstrip("\r\n")
    if SECRET.fullmatch(given) is None:
        raise click.BadParameter("expected printable characters without spaces", context, parameter)
    return given


label_argument = click.argument("label", callback=_label)
default_label = click.argument("label", callback=_label, required=False, default=tenants.DEFAULT)


@click.group(cls=Group)
def tenant() -> None:
    """Tenants: name spaces with their own keys, feeds and entities."""


@tenant.command()
@label_argument
@click.option("--app-id", type=click.IntRange(1, tenancy.APP_ID_MAX), help="Keep an app id from elsewhere.")
@click.option("--api-key", callback=_api_key, metavar="KEY", help="Keep a Feeds API key from elsewhere.")
@click.option(
    "--api-secret-stdin", "api_secret", is_flag=True, callback=_secret,
    help="Keep its secret, read from standard input: tokens that were made with it stay valid.",
)  # fmt: skip
@pass_run
def add(run: Run, label: str, app_id: int | None, api_key: str | None, api_secret: str | None) -> None:
    """Make a tenant with fresh keys; a running server knows it at once."""
    fresh = Credentials.fresh()
    made = Credentials(
        app_id or fresh.app_id, api_key or fresh.api_key, api_secret or fresh.api_secret, fresh.events_key
    )

    async def make(tx: Transaction) -> None:
        if await tenants.by_label(tx, label) is not None:
            raise Failure(f"a tenant called {label} exists already")
        await tenancy.found(tx, label, made, now=now())

    try:
        run.write(make)
    except Conflict:
        raise Failure("another tenant has that label, app id or key") from None
    if len(made.api_secret.encode()) < SECRET_BYTES_GOOD:
        click.echo(
            f"headwater: a secret of fewer than {SECRET_BYTES_GOOD} bytes can be guessed; rotate it soon",
            err=True,
        )
    _show(run, label, made)


@tenant.command()
@default_label
@pass_run
def show(run: Run, label: str) -> None:
    """Show the keys of a tenant, of the default one when none is named."""

    async def look(store: Store) -> Credentials | None:
        if label == tenants.DEFAULT:
            await tenancy.ensure_default(store)
        return await store.read(tenancy.credentials_of, label, now=now())

    found = run.with_store(look)
    if found is None:
        raise Failure(f"there is no tenant called {label}; make one with: headwater tenant add {label}")
    _show(run, label, found)


@tenant.command("list")
@pass_run
def list_(run: Run) -> None:
    """Show which tenants there are, without their keys."""

    async def rows(tx: Transaction) -> list[dict[str, Any]]:
        owners = await tenantowners.names(tx)
        return [_row(one, owners) for one in await tenants.every(tx)]

    found = run.with_store(lambda store: store.read(rows))
    run.show_table("tenants", found, ("tenant", "app_id", "suspended", "require_expiry", "owners"))


@tenant.command()
@default_label
@click.option(
    "--overlap-hours", type=click.IntRange(0), default=OVERLAP_HOURS, show_default=True,
    help="How long the old secret is still good; 0 ends it at once.",
)  # fmt: skip
@click.option("--new-key", is_flag=True, help="Change the public key as well.")
@pass_run
def rotate(run: Run, label: str, overlap_hours: int, new_key: bool) -> None:
    """Give a tenant a new Feeds API secret."""
    secret, key = tenancy.fresh_secret(), tenancy.fresh_key() if new_key else None

    async def change(tx: Transaction) -> Credentials | None:
        found = await _known(tx, label)
        await tenancy.rotate(tx, found.id, secret, key=key, overlap_us=overlap_hours * HOUR_US, now=now())
        return await tenancy.credentials_of(tx, label, now=now())

    changed = run.write(change)
    assert changed is not None  # noqa: S101 - it was known in the same transaction
    _show(run, label, changed)


@tenant.command()
@default_label
@click.option("--suspend/--resume", default=None, help="Let nobody in with its keys, or let them in again.")
@click.option(
    "--require-expiry/--allow-endless", default=None,
    help="Refuse user tokens of the Feeds API that have no end, or take them.",
)  # fmt: skip
@click.option("--revoke-tokens", is_flag=True, help="Refuse all user tokens issued until now.")
@click.option(
    "--webhook", metavar="URL", callback=_url,
    help="Tell this address what happens in the tenant's feeds; it must answer a GET with the API key.",
)  # fmt: skip
@click.option("--no-webhook", is_flag=True, help="Tell no address any more.")
@click.option("--owner", metavar="NAME", help="Let this member see all that the tenant has, at /explorer.")
@click.option("--no-owner", metavar="NAME", help="Let this member see it no more.")
@pass_run
def change(
    run: Run,
    label: str,
    suspend: bool | None,
    require_expiry: bool | None,
    revoke_tokens: bool,
    webhook: str | None,
    no_webhook: bool,
    owner: str | None,
    no_owner: str | None,
) -> None:
    """Change how a tenant treats those who come with its keys, and who is told; it takes effect at once."""
    if webhook is not None:
        asyncio.run(_prove(run, label, webhook))

    async def apply(tx: Transaction) -> dict[str, Any]:
        found = await _known(tx, label)
        if suspend is not None:
            await tenants.suspend(tx, found.id, now=now() if suspend else None)
        if require_expiry is not None:
            await tenants.require_expiry(tx, found.id, require_expiry)
        if revoke_tokens:
            await tenants.revoke_tokens(tx, found.id, now=now())
        if webhook is not None or no_webhook:
            await webhooks.set_url(tx, found.id, webhook, now=now())
        if owner is not None:
            await tenantowners.add(tx, found.id, (await local_actor(tx, owner)).id)
        if no_owner is not None:
            await tenantowners.remove(tx, found.id, (await local_actor(tx, no_owner)).id)
        owners = await tenantowners.names(tx)
        return _row(await _known(tx, label), owners) | {"webhook": await webhooks.url(tx, found.id)}

    row = run.write(apply)
    run.show(row, "\n".join(f"{name}: {value}" for name, value in row.items()))


async def _prove(run: Run, label: str, url: str) -> None:
    """Make sure that whoever answers at an address is the tenant's application."""
    async with open_house(run.config) as house:
        held = await house.store.read(tenancy.credentials_of, label, now=now())
        if held is None:
            raise Failure(f"there is no tenant called {label}; make one with: headwater tenant add {label}")
        try:
            await prove(house.client, url, held.api_key)
        except FederationError as error:
            raise Failure(f"{error}") from None


async def _known(tx: Transaction, label: str) -> Tenant:
    found = await tenants.by_label(tx, label)
    if found is None:
        raise Failure(f"there is no tenant called {label}; make one with: headwater tenant add {label}")
    return found


def _row(tenant: Tenant, owners: dict[int, list[str]]) -> dict[str, Any]:
    return {
        "tenant": tenant.label,
        "app_id": tenant.id,
        "suspended": tenant.suspended is not None,
        "require_expiry": tenant.tokens_expire,
        "owners": ", ".join(owners.get(tenant.id, ())),
    }


def _show(run: Run, label: str, held: Credentials) -> None:
    document = {
        "tenant": label,
        "feeds": {"app_id": held.app_id, "api_key": held.api_key, "api_secret": held.api_secret},
        "events": {"api_key": held.events_key},
    }
    run.show(
        document,
        f"tenant            {label}\n"
        f"feeds app_id      {held.app_id}\n"
        f"feeds api_key     {held.api_key}\n"
        f"feeds api_secret  {held.api_secret}\n"
        f"events api_key    {held.events_key}",
    )
