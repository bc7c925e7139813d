"""``headwater domain``: the operator's word on other servers (AP-640)."""

import click

from server.cli.run import Failure, Group, Run, now, pass_run
from storage import Store, policies
from streams import departures
from vocab import BadIri, iri


def _host(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Bring a host into the form that is compared (SEC-040)."""
    try:
        if not set(value) & set("/?#@"):
            return iri.host(f"https://{value}")
        raise BadIri(value, "more than a host")
    except BadIri:
        raise click.BadParameter("expected a host name such as example.org", context, parameter) from None


host_argument = click.argument("host", callback=_host)


@click.group(cls=Group)
def domain() -> None:
    """Other servers that are not welcome."""


@domain.command()
@host_argument
@click.option("--silence", is_flag=True, help="Only keep it out of public listings.")
@click.option("--reason", default="", help="Why; for yourself.")
@pass_run
def block(run: Run, host: str, silence: bool, reason: str) -> None:
    """Have no traffic with a server and its subdomains, in either direction; all follows between us end."""
    severity = "silence" if silence else "suspend"

    async def say(store: Store) -> None:
        await store.write(policies.put, host, severity, reason=reason, now=now())
        parted = not silence
        while parted:
            parted = await store.write(departures.part_from_host, host) > 0

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
    """Show the servers that are blocked or silenced."""
    found = run.with_store(lambda store: store.read(policies.every))
    rows = [{"host": one.host, "severity": one.severity, "reason": one.reason} for one in found]
    run.show_table("domains", rows, ("host", "severity", "reason"))
