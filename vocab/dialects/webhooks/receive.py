"""What git hands a ``post-receive`` hook: a line for each reference that moved, ``old new ref`` (Atom §11)."""

import re
from typing import Final

from vocab.dialects.webhooks import report
from vocab.dialects.webhooks.report import Person, Report, Thing

APPLICATION: Final = "git"
LINES_MAX: Final = 100

_LINE: Final = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) (refs/\S{1,250})")


def read(text: str, *, repository: str = "") -> list[Report]:
    """Return what was pushed, a report for each branch and tag; lines that say something else are passed over."""
    return [
        _report(found, repository)
        for line in text.splitlines()[:LINES_MAX]
        if (found := _LINE.fullmatch(line.strip()))
    ]


def _report(found: re.Match[str], repository: str) -> Report:
    old, new, ref = found.groups()
    name = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    where = Thing(report.REPOSITORY, repository) if repository else None
    words = "deleted" if not new.strip("0") else "made" if not old.strip("0") else "pushed"
    about = Thing(report.CHANGESET, name if words != "pushed" else f"{new[:10]} to {name}")
    verb = report.DELETE if words == "deleted" else report.PUSH
    return Report(
        key=f"git:{repository}:{ref}@{new if new.strip('0') else old}-{words}", verb=verb, who=Person("Somebody"),
        about=(about,), words=words, target=where, category=("push",), keys=(repository,) if repository else (),
    )  # fmt: skip
