"""Reports as moderators read them, at the terminal and over HTTP."""

from datetime import UTC, datetime
from typing import Any

from storage.reports import Report


def described(report: Report) -> dict[str, Any]:
    """Return what moderators see of a report. Of a reporter elsewhere that is the host alone."""
    return {
        "id": report.id,
        "created": _written(report.created),
        "from": report.reporter or report.host,
        "subject": report.subject,
        "objects": list(report.objects),
        "content": report.content,
        "forwarded": _written(report.forwarded),
        "resolved": _written(report.resolved),
        "resolver": report.resolver,
        "note": report.note,
    }


def _written(instant: int | None) -> str | None:
    """Return an instant of so many microseconds as people and programs read it."""
    return None if instant is None else datetime.fromtimestamp(instant // 1_000_000, UTC).isoformat()
