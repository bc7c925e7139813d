"""``headwater feeds``: the feed groups of the Feeds API that a tenant has beside those of the configuration."""

import json
from typing import Any

import click
from pydantic import ValidationError

from server import tenancy
from server.cli.run import Failure, Late, Run, now, pass_run
from server.config.models import FeedGroup
from server.tenancy import Credentials
from storage import Transaction, feedgroups, tenants
from streams.feeds.group import DEFAULTS
from vocab.dialects.getstream import FeedId

USUAL, CONFIGURED, OWN = "usual", "configuration", "tenant"
"""Where a group comes from: every tenant has it, the configuration names it, or the tenant has its own."""


def _slug(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if FeedId.of(value, "1") is None:
        raise click.BadParameter("expected letters, digits, _ and -", context, parameter)
    return value


slug_argument = click.argument("slug", callback=_slug)
tenant_option = click.option(
    "--tenant",
    "label",
    default=tenants.DEFAULT,
    metavar="LABEL",
    help="Which tenant; the default one if not given.",
)
_SETTINGS = (
    click.option("--aggregation", metavar="FORMAT", help="The format that names what belongs together."),
    click.option("--ranking", metavar="FORMULA", help="The formula of the ranking method `default`."),
    click.option(
        "--method", "methods", nargs=2, multiple=True, metavar="NAME JSON",
        help="A ranking method with `score`, `defaults` and `functions`; an empty JSON takes it away.",
    ),
    click.option("--public/--private", default=None, help="Let its feeds be followed from other servers, or not."),
    click.option("--template", metavar="FORMAT", help="The sentence that tells an activity to other servers."),
    click.option("--realtime/--no-realtime", default=None, help="Tell clients at once what is new, or not."),
    click.option("--client-read", type=click.Choice(["any", "own", "none"]), help="Which feeds users may read."),
    click.option("--client-target", type=click.Choice(["any", "own"]), help="Where users may send activities."),
    click.option("--max-age-seconds", type=click.IntRange(0), help="Show nothing older; 0 shows all."),
    click.option("--webhook", metavar="URL", help="Address that is told what is new; empty: none."),
)  # fmt: skip


def settings_options(command: Any) -> Any:
    """Give a command an option for each setting that may change."""
    for option in reversed(_SETTINGS):
        command = option(command)
    return command


@click.group(cls=Late, late={"engagements": "engagements.engagements", "verdicts": "verdicts.verdicts"})
def feeds() -> None:
    """Manage the feeds of applications."""


@feeds.group("group")
def group() -> None:
    """Kinds of feeds. A running server knows a new one at once, and a change within a second."""


@group.command()
@slug_argument
@tenant_option
@click.option(
    "--type", type=click.Choice(["flat", "aggregated", "notification"]), default="flat", show_default=True,
    help="What its feeds are; this cannot be changed later.",
)  # fmt: skip
@settings_options
@pass_run
def add(run: Run, /, slug: str, label: str, type: str, **given: Any) -> None:
    """Make a feed group."""

    async def make(tx: Transaction, base: dict[str, Any] | None) -> dict[str, Any]:
        tenant = await tenant_of(tx, label)
        if base is not None or slug in await feedgroups.of(tx, tenant):
            raise Failure(f"there is a feed group {slug} already; change it with: feeds group change {slug}")
        return await _put(tx, tenant, slug, _changed({"type": type}, given))

    _show(run, label, slug, run.write(make, _base(run, slug)))


@group.command()
@slug_argument
@tenant_option
@settings_options
@pass_run
def change(run: Run, /, slug: str, label: str, **given: Any) -> None:
    """Change a feed group; one of the configuration becomes the tenant's own."""

    async def apply(tx: Transaction, base: dict[str, Any] | None) -> dict[str, Any]:
        tenant = await tenant_of(tx, label)
        settings = (await feedgroups.of(tx, tenant)).get(slug, base)
        if settings is None:
            raise Failure(f"there is no feed group {slug}; make one with: feeds group add {slug}")
        return await _put(tx, tenant, slug, _changed(settings, given))

    _show(run, label, slug, run.write(apply, _base(run, slug)))


@group.command()
@slug_argument
@tenant_option
@pass_run
def show(run: Run, slug: str, label: str) -> None:
    """Show the settings of a feed group."""
    settings = _own(run, label).get(slug, _base(run, slug))
    if settings is None:
        raise Failure(f"there is no feed group {slug}")
    _show(run, label, slug, settings)


@group.command("list")
@tenant_option
@pass_run
def list_(run: Run, label: str) -> None:
    """Show which feed groups a tenant has, and where they come from."""
    own = _own(run, label)
    rows = []
    for slug in sorted({*DEFAULTS, *run.config.feeds, *own}):
        settings = own.get(slug) or _base(run, slug) or {}
        origin = OWN if slug in own else CONFIGURED if slug in run.config.feeds else USUAL
        rows.append(
            {
                "group": slug,
                "type": settings.get("type", "flat"),
                "public": bool(settings.get("public")),
                "from": origin,
            }
        )
    run.show_table("groups", rows, ("group", "type", "public", "from"))


@group.command()
@slug_argument
@tenant_option
@pass_run
def remove(run: Run, slug: str, label: str) -> None:
    """Take away a tenant's own feed group, or its changes to another one; what is in its feeds stays."""

    async def take(tx: Transaction) -> bool:
        return await feedgroups.remove(tx, await tenant_of(tx, label), slug)

    if not run.write(take):
        raise Failure(f"the tenant {label} has no feed group {slug} of its own")
    run.show({"tenant": label, "group": slug, "removed": True}, f"{slug}: removed")


def _own(run: Run, label: str) -> dict[str, dict[str, Any]]:
    async def look(tx: Transaction) -> dict[str, dict[str, Any]]:
        return await feedgroups.of(tx, await tenant_of(tx, label))

    return run.write(look)


def _base(run: Run, slug: str) -> dict[str, Any] | None:
    """Return the settings of a group that every tenant has; None when there is none."""
    configured = run.config.feeds.get(slug)
    if slug not in DEFAULTS and configured is None:
        return None
    told = {} if configured is None else configured.model_dump(exclude_unset=True, mode="json")
    return {**DEFAULTS.get(slug, {}), **told}


def _changed(settings: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Lay what was given on the command line over settings."""
    methods = dict(settings.get("rankings") or {})
    for name, text in given.pop("methods"):
        if text:
            methods[name] = _method(name, text)
        else:
            methods.pop(name, None)
    told = {name: value for name, value in given.items() if value is not None}
    if told.get("max_age_seconds") == 0:
        told["max_age_seconds"] = None
    return {**settings, **told, **({"rankings": methods} if methods or "rankings" in settings else {})}


def _method(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Failure(f"--method {name}: not JSON: {error}") from None


async def _put(tx: Transaction, tenant: int, slug: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Keep settings that are understood. Raises Failure for others, naming each that is not."""
    try:
        kept = FeedGroup.model_validate(settings).model_dump(exclude_unset=True, mode="json")
    except ValidationError as error:
        lines = (
            f"{'.'.join(map(str, one['loc']))}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors(include_url=False)
        )
        raise Failure("\n".join(lines)) from None
    await feedgroups.put(tx, tenant, slug, kept, now=now())
    return kept


async def tenant_of(tx: Transaction, label: str) -> int:
    """Return the number of a tenant; the default one is made if no server has done so yet."""
    found = await tenants.by_label(tx, label)
    if found is None and label == tenants.DEFAULT:
        await tenancy.found(tx, label, Credentials.fresh(), now=now())
        found = await tenants.by_label(tx, label)
    if found is None:
        raise Failure(f"there is no tenant called {label}; make one with: headwater tenant add {label}")
    return found.id


def _show(run: Run, label: str, slug: str, settings: dict[str, Any]) -> None:
    whole = FeedGroup.model_validate(settings).model_dump(mode="json")
    told = "\n".join(f"{name}: {value}" for name, value in whole.items() if value not in ("", None, {}))
    run.show({"tenant": label, "group": slug, **whole}, f"{slug}\n{told}")
