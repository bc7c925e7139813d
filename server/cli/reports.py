"""``headwater report``: what people report (AP-264, AP-378)."""

import click

from server.cli.run import Failure, Group, Run, now, pass_run
from server.reports import described
from storage import Transaction, reports
from storage.entries import NEWEST
from storage.reports import Report
from streams import moderation

id_argument = click.argument("id", type=int)


@click.group(cls=Group)
def report() -> None:
    """Look through what people report."""


@report.command("list")
@click.option("--resolved", is_flag=True, help="Those that have been dealt with.")
@pass_run
def list_(run: Run, resolved: bool) -> None:
    """Show reports, newest first."""
    found = run.with_store(lambda store: store.read(reports.page, resolved=resolved, before=NEWEST))
    columns = ("id", "created", "subject", "from", "content")
    run.show_table("reports", [described(one) for one in found], columns)


@report.command()
@id_argument
@pass_run
def show(run: Run, id: int) -> None:
    """Show one report."""
    found = described(_found(run.with_store(lambda store: store.read(reports.find, id)), id))
    run.show(found, "\n".join(f"{name}: {value}" for name, value in found.items() if value))


@report.command()
@id_argument
@click.option("--note", default="", help="What was done; for moderators.")
@pass_run
def resolve(run: Run, id: int, note: str) -> None:
    """Note that a report has been dealt with."""
    if not run.write(reports.resolve, id, resolver=None, note=note, now=now()):
        raise Failure(f"no report {id} is waiting")
    run.show({"id": id, "resolved": True}, f"report {id} is resolved")


@report.command()
@id_argument
@pass_run
def forward(run: Run, id: int) -> None:
    """Tell the server of the one reported, in this server's name and without the reporter's."""

    async def tell(tx: Transaction) -> str:
        found = _found(await reports.find(tx, id), id)
        if not await moderation.pass_on(tx, found.id, base_url=run.config.server.base_url, now=now()):
            raise Failure("it has been told, or the one reported lives here")
        return found.subject

    subject = run.write(tell)
    run.show({"id": id, "forwarded": subject}, f"report {id} goes to the server of {subject}")


def _found(found: Report | None, id: int) -> Report:
    if found is None:
        raise Failure(f"there is no report {id}")
    return found
