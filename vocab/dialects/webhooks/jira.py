"""Jira's web hooks (Atom §11). What became of an issue is known by its change log and by where its status lies."""

from typing import Any, Final

from vocab import instants
from vocab.dialects.webhooks import report
from vocab.dialects.webhooks.payload import address, dig, members, prose, text
from vocab.dialects.webhooks.report import Person, Report, Thing

APPLICATION: Final = "com.atlassian.jira"

Data = dict[str, Any]

_JIRA: Final = f"{report.VERBS}jira/"
_RESOLVED: Final = "resolved"
_NAMED: Final = {
    "resolved": ("resolve", "resolved"),
    "closed": ("close", "closed"),
    "reopened": ("reopen", "reopened"),
    "in progress": ("start", "started progress on"),
}
_IDLE: Final = frozenset({"open", "to do", "backlog", "new", "reopened", "selected for development"})
"""Where work goes back to that is stopped."""
_BUSY: Final = "in progress"


def read(event: str, data: Data) -> list[Report]:
    """Return what an event reports, by ``webhookEvent`` of the payload; ``event`` is used where it has none.

    A comment that came with a change of status is told with it.
    """
    name = text(data, "webhookEvent") or event
    if name in ("comment_created", "jira:issue_commented") or _only_comments(name, data):
        return _comment(data)
    if name in ("worklog_created", "jira:worklog_updated", "issue_worklog_updated") and dig(data, "issue"):
        return [_about(data, report.UPDATE, "logged work on", "worklog")]
    made = {"jira:issue_created": (report.POST, "created"), "jira:issue_deleted": (report.DELETE, "deleted")}
    if name in made:
        verb, words = made[name]
        return [_about(data, verb, words, words)]
    return [_changed(data)] if name == "jira:issue_updated" else []


def _only_comments(name: str, data: Data) -> bool:
    """Tell whether an update of an issue is nothing but a comment."""
    said = text(data, "issue_event_type_name") == "issue_commented"
    return (
        name == "jira:issue_updated" and bool(dig(data, "comment")) and (said or not dig(data, "changelog"))
    )


def _changed(data: Data) -> Report:
    moved = next((one for one in members(data, "changelog.items") if one.get("field") == "status"), None)
    if moved is None:
        return _about(data, report.UPDATE, "changed", "updated")
    before, after = text(moved, "fromString").lower(), text(moved, "toString")
    verb, words = _transition(before, after.lower(), text(data, "issue.fields.status.statusCategory.key"))
    return _about(data, f"{_JIRA}{verb}", words, after)


def _transition(before: str, after: str, category: str) -> tuple[str, str]:
    """Return the verb for a change of status and its words (Atom §11): by its name, else by what it means."""
    if after in _NAMED:
        return _NAMED[after]
    if before == _BUSY and after in _IDLE:
        return "stop", "stopped progress on"
    return ("resolve", _RESOLVED) if category == "done" else ("transition", "changed the status of")


def _about(data: Data, verb: str, words: str, category: str) -> Report:
    issue = _issue(data)
    at = text(data, "timestamp")
    said = prose(data, "comment.body")
    if said:
        issue = Thing(issue.kind, issue.name, issue.title, issue.page, issue.id, said)
    return Report(
        key=f"{issue.page or issue.id or issue.name}#{text(data, 'webhookEvent')}-{text(data, 'changelog.id') or at}",
        verb=verb, who=_person(data, "user"), about=(issue,), words=words, at=_moment(at), page=issue.page,
        category=(category,), keys=_keys(data), issue_keys=(issue.name,) if issue.name else (),
    )  # fmt: skip


def _comment(data: Data) -> list[Report]:
    issue, id = _issue(data), text(data, "comment.id")
    if not dig(data, "comment"):
        return []
    page = f"{issue.page}?focusedCommentId={id}" if issue.page and id else issue.page
    said = Thing(
        report.COMMENT, page=page, id=address(data, "comment.self"), content=prose(data, "comment.body")
    )
    who = _person(data, "comment.author") if dig(data, "comment.author") else _person(data, "user")
    made = Report(
        key=said.id or page or id, verb=report.POST, who=who, about=(said,), words="added", target=issue,
        at=text(data, "comment.created") or _moment(text(data, "timestamp")), page=page,
        category=("comment",), keys=_keys(data), issue_keys=(issue.name,) if issue.name else (),
    )  # fmt: skip
    return [made]


def _issue(data: Data) -> Thing:
    """Return the issue, whose page lies at the same server as its own address."""
    key, own = text(data, "issue.key"), address(data, "issue.self")
    base = own.partition("/rest/")[0] if "/rest/" in own else ""
    page = f"{base}/browse/{key}" if base and key else ""
    return Thing(report.ISSUE, key, text(data, "issue.fields.summary"), page, page or own)


def _person(data: Data, path: str) -> Person:
    return Person(
        text(data, f"{path}.displayName", f"{path}.name"), text(data, f"{path}.name", f"{path}.accountId"),
        picture=address(data, f"{path}.avatarUrls.48x48"),
    )  # fmt: skip


def _keys(data: Data) -> tuple[str, ...]:
    project = text(data, "issue.fields.project.key") or text(data, "issue.key").rpartition("-")[0]
    return (project,) if project else ()


def _moment(milliseconds: str) -> str:
    """Return milliseconds since 1970 as a date-time."""
    from_epoch = int(milliseconds) * 1000 if milliseconds.isdecimal() and len(milliseconds) < 15 else None
    return "" if from_epoch is None else instants.spell(from_epoch)
