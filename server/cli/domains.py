"""``headwater domain``: the operator's word on other servers (AP-640)."""

from pathlib import Path

import click

from server import blocklists
from server.cli.run import Failure, Group, Run, now, pass_run
from storage import Store, policies
from storage.policies import Policy
from streams import moderation
from vocab import iri


def _host(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Bring a host into the form that is compared (SEC-040)."""
    try:
        return value if value == policies.EVERYONE else blocklists.canonical(value)
    except ValueError:
        raise click.BadParameter("expected a host name such as example.org", context, parameter) from None


host_argument = click.argument("host", callback=_host)


@click.group(cls=Group)
def domain() -> None:
    """Other servers: which are not welcome, or which alone are."""


@domain.command()
@host_argument
@click.option("--silence", is_flag=True, help="Only keep it out of public listings.")
@click.option("--reason", default="", help="Why; for yourself.")
@pass_run
def block(run: Run, host: str, silence: bool, reason: str) -> None:
    """Have no traffic with a server and its subdomains, in either direction; all follows between us end.

    The host `*` means every server that was not allowed.
    """
    severity = policies.SILENCE if silence else policies.SUSPEND
    _treat(run, host, severity, reason)


@domain.command()
@host_argument
@click.option("--reason", default="", help="Why; for yourself.")
@pass_run
def allow(run: Run, host: str, reason: str) -> None:
    """Welcome a server and its subdomains, whatever was said of the names above it or of `*`."""
    _treat(run, host, policies.ALLOW, reason)


def _treat(run: Run, host: str, severity: str, reason: str) -> None:
    async def say(store: Store) -> None:
        await store.write(moderation.treat, host, severity, reason=reason, now=now())
        if severity == policies.SUSPEND and host != policies.EVERYONE:
            await moderation.clear(store, host)

    run.with_store(say)
    run.show({"host": host, "severity": severity, "reason": reason}, f"{host}: {severity}")


@domain.command()
@host_argument
@pass_run
def unblock(run: Run, host: str) -> None:
    """Treat a server like any other again."""
    if not run.write(policies.remove, host):
        raise Failure(f"{host} is not blocked")
    run.show({"host": host, "severity": None}, f"{host}: welcome")


@domain.command("list")
@pass_run
def list_(run: Run) -> None:
    """Show what was said of servers."""
    found = run.with_store(lambda store: store.read(policies.every))
    rows = [{"host": one.host, "severity": one.severity, "reason": one.reason} for one in found]
    run.show_table("domains", rows, ("host", "severity", "reason"))


@domain.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@pass_run
def import_(run: Run, file: Path, dry_run: bool) -> None:
    """Take a list of servers to block: Mastodon's CSV, or one host a line. What was said already stays."""
    told, skipped = blocklists.parse(file.read_text(encoding="utf-8-sig", errors="replace"), now=now())
    own = iri.host(run.config.server.base_url)

    async def take(store: Store) -> tuple[list[Policy], int]:
        known = {one.host for one in await store.read(policies.every)}
        fresh = [one for one in told if one.host not in known and one.host != own]
        if not dry_run:
            await store.write(moderation.treat_all, fresh, now=now())
            for one in fresh:
                if one.severity == policies.SUSPEND:
                    await moderation.clear(store, one.host)
        return fresh, len(told) - len(fresh)

    fresh, kept = run.with_store(take)
    document = {
        "added": [{"host": one.host, "severity": one.severity, "reason": one.reason} for one in fresh],
        "kept": kept,
        "skipped": [{"line": one.line, "value": one.value, "reason": one.reason} for one in skipped],
    }
    lines = [f"line {one.line}: {one.value}: {one.reason}" for one in skipped]
    verb = "would be added" if dry_run else "added"
    run.show(document, "\n".join([*lines, f"{len(fresh)} {verb}, {kept} stay as they were"]))


@domain.command()
@pass_run
def export(run: Run) -> None:
    """Print the blocked and silenced servers as Mastodon's CSV."""
    text = blocklists.write(run.with_store(lambda store: store.read(policies.every)))
    run.show({"csv": text}, text.rstrip("\n"))
