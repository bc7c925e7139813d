"""GitLab's web hooks (Atom §11): the same stories as GitHub's, told in other words."""

from collections.abc import Callable
from typing import Any, Final

from vocab.dialects.webhooks import report
from vocab.dialects.webhooks.payload import address, dig, members, prose, text
from vocab.dialects.webhooks.report import Person, Report, Thing

APPLICATION: Final = "com.gitlab"
COMMITS_MAX: Final = 20

Data = dict[str, Any]

_ISSUE: Final = {
    "open": (report.POST, "opened"),
    "update": (report.UPDATE, "changed"),
    "close": (f"{report.VERBS}jira/close", "closed"),
    "reopen": (f"{report.VERBS}jira/reopen", "reopened"),
}
_MERGE: Final = {
    "open": (report.POST, "opened"),
    "update": (report.UPDATE, "changed"),
    "close": (f"{report.VERBS}crucible/abandon", "closed"),
    "merge": (f"{report.VERBS}crucible/close", "merged"),
    "reopen": (f"{report.VERBS}crucible/reopen", "reopened"),
    "approved": (f"{report.VERBS}crucible/complete", "approved"),
    "approval": (f"{report.VERBS}crucible/complete", "approved"),
    "unapproved": (f"{report.VERBS}crucible/uncomplete", "no longer approves of"),
    "unapproval": (f"{report.VERBS}crucible/uncomplete", "no longer approves of"),
}
_STATUSES: Final = {"success": (report.PASS, "passed"), "failed": (report.FAIL, "failed")}


def read(event: str, data: Data) -> list[Report]:
    """Return what an event reports, by the name in ``X-Gitlab-Event`` or the kind that the payload names."""
    kind = text(data, "object_kind") or event.removesuffix(" Hook").lower().replace(" ", "_")
    reader = _READERS.get(kind)
    found = None if reader is None else reader(data)
    return [] if found is None else [found]


def _person(data: Data) -> Person:
    return Person(
        text(data, "user.name", "user_name", "user.username", "user_username"),
        text(data, "user.username", "user_username"),
        picture=address(data, "user.avatar_url", "user_avatar"),
    )


def _project(data: Data) -> Thing:
    name = text(data, "project.path_with_namespace", "project.name")
    return Thing(report.REPOSITORY, name, page=address(data, "project.web_url"))


def _keys(data: Data) -> tuple[str, ...]:
    whole = text(data, "project.path_with_namespace")
    return tuple(dict.fromkeys(name for name in (whole.rpartition("/")[2], whole) if name))


def _push(data: Data) -> Report | None:
    commits = members(data, "commits")
    ref = text(data, "ref")
    if not commits or not ref:
        return None
    branch = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    said = text(data, "total_commits_count")
    count = int(said) if said.isdecimal() and int(said) >= len(commits) else len(commits)
    where = _project(data)
    return Report(
        key=f"{where.page or where.name}/{ref}@{text(data, 'after')}", verb=report.PUSH, who=_person(data),
        about=tuple(map(_commit, commits[:COMMITS_MAX])),
        words=f"pushed {count} commit{'' if count == 1 else 's'} to {branch}:", target=where,
        at=text(commits[-1], "timestamp"), page=where.page, category=("push",), keys=_keys(data),
    )  # fmt: skip


def _commit(data: Data) -> Thing:
    message = prose(data, "message", "title")
    return Thing(
        report.CHANGESET, text(data, "id")[:10], text(data, "title") or " ".join(message.split())[:120],
        address(data, "url"), content=message,
    )  # fmt: skip


def _about(data: Data, sign: str, kind: str, deeds: dict[str, tuple[str, str]]) -> Report | None:
    done = deeds.get(text(data, "object_attributes.action"))
    if done is None:
        return None
    thing, at = _issue(data, "object_attributes", sign, kind), text(data, "object_attributes.updated_at")
    return Report(
        key=f"{thing.page or thing.name}#{done[1]}-{at}", verb=done[0], who=_person(data), about=(thing,),
        words=done[1], target=_project(data), at=_iso(at), page=thing.page, category=(done[1],), keys=_keys(data),
        issue_keys=tuple(f"{name}{thing.name}" for name in _keys(data)) if thing.name else (),
    )  # fmt: skip


def _issue(data: Data, path: str, sign: str, kind: str) -> Thing:
    number = text(data, f"{path}.iid")
    opened = text(data, "object_attributes.action") == "open"
    return Thing(
        kind, f"{sign}{number}" if number else "", text(data, f"{path}.title"), address(data, f"{path}.url"),
        content=prose(data, f"{path}.description") if opened else "",
    )  # fmt: skip


def _note(data: Data) -> Report | None:
    page = address(data, "object_attributes.url")
    said = Thing(report.COMMENT, page=page, content=prose(data, "object_attributes.note"))
    target = next(
        (
            _issue(data, path, sign, kind)
            for path, sign, kind in (("merge_request", "!", report.REVIEW), ("issue", "#", report.ISSUE))
            if dig(data, path)
        ),
        Thing(report.CHANGESET, text(data, "commit.id")[:10], page=address(data, "commit.url")),
    )
    at = text(data, "object_attributes.created_at")
    return Report(
        key=page or text(data, "object_attributes.id"), verb=report.POST, who=_person(data), about=(said,),
        words="added", target=target, at=_iso(at), page=page, category=("comment",), keys=_keys(data),
        issue_keys=tuple(f"{name}{target.name}" for name in _keys(data)) if target.name[:1] in ("#", "!") else (),
    )  # fmt: skip


def _pipeline(data: Data) -> Report | None:
    done = _STATUSES.get(text(data, "object_attributes.status"))
    if done is None:
        return None
    where, id = _project(data), text(data, "object_attributes.id")
    page = address(data, "object_attributes.url") or (f"{where.page}/-/pipelines/{id}" if where.page else "")
    run = Thing(report.JOB, f"pipeline {id}", page=page)
    return Report(
        key=f"{page}#{done[1]}", verb=done[0], who=_person(data), about=(run,),
        words=f"ran a job that {done[1]}:", target=where, at=_iso(text(data, "object_attributes.finished_at")),
        page=page, category=(text(data, "object_attributes.status"),), keys=_keys(data),
    )  # fmt: skip


def _release(data: Data) -> Report | None:
    if text(data, "action") not in ("create", ""):
        return None
    page = address(data, "url")
    made = Thing(report.ARTICLE, text(data, "name", "tag"), page=page, content=prose(data, "description"))
    return Report(
        key=page or made.name, verb=report.POST, who=_person(data), about=(made,), words="released",
        target=_project(data), at=_iso(text(data, "released_at", "created_at")), page=page,
        category=("release",), keys=_keys(data),
    )  # fmt: skip


def _iso(moment: str) -> str:
    """Return a date-time as RFC 3339 has it; GitLab writes ``2026-01-01 10:00:00 UTC`` too."""
    return moment.replace(" UTC", "Z").replace(" +0000", "Z").replace(" ", "T")


_READERS: Final[dict[str, Callable[[Data], Report | None]]] = {
    "push": _push,
    "tag_push": _push,
    "issue": lambda data: _about(data, "#", report.ISSUE, _ISSUE),
    "work_item": lambda data: _about(data, "#", report.ISSUE, _ISSUE),
    "merge_request": lambda data: _about(data, "!", report.REVIEW, _MERGE),
    "note": _note,
    "pipeline": _pipeline,
    "release": _release,
}
