"""What Jenkins and its kin report of a run (Atom §11): the payload of its notification plug-in."""

from typing import Any, Final

from vocab.dialects.webhooks import report
from vocab.dialects.webhooks.payload import address, text
from vocab.dialects.webhooks.report import Person, Report, Thing

APPLICATION: Final = "io.jenkins"

_ENDED: Final = frozenset({"COMPLETED", "FINALIZED", ""})
_STATUSES: Final = {
    "SUCCESS": (report.PASS, "passed"),
    "FAILURE": (report.FAIL, "failed"),
    "UNSTABLE": (report.FAIL, "is unstable"),
}


def read(event: str, data: dict[str, Any]) -> list[Report]:
    """Return what a run has come to; those that still run or were stopped are no news.

    Of the two phases with which each run ends the first is told; the other has the same key.
    """
    done = _STATUSES.get(text(data, "build.status").upper())
    if done is None or text(data, "build.phase").upper() not in _ENDED:
        return []
    name, number = text(data, "display_name", "name"), text(data, "build.number")
    page = address(data, "build.full_url", "build.url")
    run = Thing(report.JOB, f"{name} #{number}" if number else name, page=page)
    key = f"{page or run.name}#{done[1].replace(' ', '-')}"
    return [
        Report(
            key=key,
            verb=done[0],
            who=Person("Jenkins"),
            about=(run,),
            words=f"ran a job that {done[1]}:",
            page=page,
            category=(text(data, "build.status").lower(),),
            keys=(name,) if name else (),
        )
    ]
