"""Lists of hosts as servers exchange them: Mastodon's CSV, with or without its header, or one host a line.

Pure. Columns are found by their names, in any order; ``#`` before a name or a line is what Mastodon writes.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from storage import policies
from storage.policies import Policy
from vocab import BadIri, iri

COLUMNS = ("domain", "severity", "reject_media", "reject_reports", "public_comment", "obfuscate")
SEVERITIES = {
    "": policies.SUSPEND, "suspend": policies.SUSPEND, "block": policies.SUSPEND,
    "silence": policies.SILENCE, "limit": policies.SILENCE,
}  # fmt: skip
REASON_CHARS_MAX = 500


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that says nothing we can follow, and why. Lines count from 1."""

    line: int
    value: str
    reason: str


def parse(text: str, *, now: int) -> tuple[list[Policy], list[Skipped]]:
    """Read a list: what it says, each host once, and the lines that were left out."""
    found: dict[str, Policy] = {}
    skipped: list[Skipped] = []
    columns: list[str] = ["domain", "severity"]
    for number, row in _rows(text.lstrip("\ufeff").replace("\0", "").splitlines()):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        names = [cell.lstrip("#").strip().lower() for cell in cells]
        if "domain" in names:
            columns = names
        elif not cells[0].startswith("#"):
            told = _read(dict(zip(columns, cells, strict=False)), now)
            if isinstance(told, Policy):
                found.setdefault(told.host, told)
            else:
                skipped.append(Skipped(number, cells[0], told))
    return list(found.values()), skipped


def _rows(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with their numbers; a row that the reader cannot take is empty."""
    reader = csv.reader(lines)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            row = []
        yield reader.line_num, row


def _read(row: dict[str, str], now: int) -> Policy | str:
    """Return what one row says, or why it says nothing."""
    severity = SEVERITIES.get(row.get("severity", "").lower())
    if severity is None:
        return f"the severity {row['severity']!r} means nothing here"
    try:
        host = canonical(row.get("domain", ""))
    except ValueError as error:
        return str(error)
    return Policy(host, severity, row.get("public_comment", "")[:REASON_CHARS_MAX], now)


def canonical(name: str) -> str:
    """Return a host in the form that is compared (SEC-040); raises ValueError for anything else."""
    name = name.removeprefix("*.").strip().rstrip(".")
    if "*" in name:
        raise ValueError("the name is obfuscated")
    if not name or set(name) & set("/?#@ "):
        raise ValueError("not a host name")
    try:
        return iri.host(f"https://{name}")
    except BadIri:
        raise ValueError("not a host name") from None


def write(said: Iterable[Policy]) -> str:
    """Return what was said of hosts as Mastodon's CSV; what only we understand is left out."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow([f"#{name}" for name in COLUMNS])
    for one in said:
        if one.severity != policies.ALLOW and one.host != policies.EVERYONE:
            suspended = str(one.severity == policies.SUSPEND).upper()
            lines.writerow([one.host, one.severity, suspended, suspended, one.reason, "FALSE"])
    return text.getvalue()
