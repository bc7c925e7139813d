"""GitHub's web hooks (Atom §11). Gitea and Forgejo speak nearly the same.

Events that are not in the table are not reported, nor are actions that are nobody's news (labels, assignments).
"""

from collections.abc import Callable
from typing import Any, Final

from vocab.dialects.webhooks import report
from vocab.dialects.webhooks.payload import address, dig, members, prose, text
from vocab.dialects.webhooks.report import Person, Report, Thing

APPLICATION: Final = "com.github"
COMMITS_MAX: Final = 20
"""So many commits of a push are listed; GitHub itself sends no more than a few thousand."""

Data = dict[str, Any]

_ISSUE: Final = {
    "opened": (report.POST, "opened"),
    "edited": (report.UPDATE, "changed"),
    "closed": (f"{report.VERBS}jira/close", "closed"),
    "reopened": (f"{report.VERBS}jira/reopen", "reopened"),
    "deleted": (report.DELETE, "deleted"),
}
_REVIEW: Final = {
    "opened": (report.POST, "opened"),
    "edited": (report.UPDATE, "changed"),
    "closed": (f"{report.VERBS}crucible/abandon", "closed"),
    "merged": (f"{report.VERBS}crucible/close", "merged"),
    "reopened": (f"{report.VERBS}crucible/reopen", "reopened"),
    "ready_for_review": (f"{report.VERBS}crucible/start", "asked for a review of"),
}
_STATES: Final = {
    "approved": (f"{report.VERBS}crucible/complete", "approved"),
    "changes_requested": (f"{report.VERBS}crucible/uncomplete", "asked for changes of"),
    "commented": (f"{report.VERBS}crucible/summarize", "reviewed"),
}
_CONCLUSIONS: Final = {
    "success": (report.PASS, "passed"),
    "failure": (report.FAIL, "failed"),
    "timed_out": (report.FAIL, "timed out"),
}


def read(event: str, data: Data) -> list[Report]:
    """Return what an event of GitHub reports, by the name in ``X-GitHub-Event``."""
    reader = _READERS.get(event)
    found = None if reader is None else reader(data)
    return [] if found is None else [found]


def person(data: Data, path: str = "sender") -> Person:
    """Return somebody with an account there."""
    return Person(
        text(data, f"{path}.full_name", f"{path}.name", f"{path}.login", f"{path}.username"),
        text(data, f"{path}.login", f"{path}.username"),
        address(data, f"{path}.html_url", f"{path}.url") if dig(data, f"{path}.html_url") else "",
        address(data, f"{path}.avatar_url"),
    )


def repository(data: Data) -> Thing:
    """Return the repository that it happened in."""
    return Thing(
        report.REPOSITORY,
        text(data, "repository.full_name", "repository.name"),
        page=address(data, "repository.html_url"),
    )


def keys(data: Data) -> tuple[str, ...]:
    """Return what the repository goes by in filters: its name, and with its owner's."""
    names = (text(data, "repository.name"), text(data, "repository.full_name"))
    return tuple(dict.fromkeys(name for name in names if name))


def push(data: Data) -> Report | None:
    """Read a push: one report that lists its commits; a branch that was only made or deleted is no news."""
    commits = [_commit(one) for one in members(data, "commits")]
    ref, after = text(data, "ref"), text(data, "after")
    if not commits or not ref:
        return None
    branch = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    count = f"{len(commits)} commit{'' if len(commits) == 1 else 's'}"
    where = repository(data)
    return Report(
        key=f"{where.page or where.name}/{ref}@{after}", verb=report.PUSH, who=person(data),
        about=tuple(commits[:COMMITS_MAX]), words=f"pushed {count} to {branch}:", target=where,
        at=text(data, "head_commit.timestamp"), page=address(data, "compare", "compare_url"),
        category=("push",), keys=keys(data),
    )  # fmt: skip


def _commit(data: Data) -> Thing:
    id, message = text(data, "id"), prose(data, "message", "title")
    first = message.strip().splitlines()[0] if message.strip() else ""
    return Thing(report.CHANGESET, id[:10], " ".join(first.split()), address(data, "url"), content=message)


def issue(data: Data) -> Report | None:
    """Read what became of an issue."""
    done = _ISSUE.get(text(data, "action"))
    return None if done is None else _about_issue(data, "issue", report.ISSUE, *done)


def pull_request(data: Data) -> Report | None:
    """Read what became of a pull request, which is a review here."""
    action = text(data, "action")
    merged = action == "closed" and dig(data, "pull_request.merged") is True
    done = _REVIEW.get("merged" if merged else action)
    return None if done is None else _about_issue(data, "pull_request", report.REVIEW, *done)


def _about_issue(data: Data, path: str, kind: str, verb: str, words: str) -> Report:
    about, at = _issue(data, path, kind), text(data, f"{path}.updated_at", f"{path}.created_at")
    return Report(
        key=f"{about.page or about.name}#{words}-{at}", verb=verb, who=person(data), about=(about,), words=words,
        target=repository(data), at=at, page=about.page, category=(words,), keys=keys(data),
        issue_keys=_issue_keys(data, path),
    )  # fmt: skip


def _issue(data: Data, path: str, kind: str) -> Thing:
    number = text(data, f"{path}.number")
    return Thing(
        kind, f"#{number}" if number else "", text(data, f"{path}.title"), address(data, f"{path}.html_url"),
        content=prose(data, f"{path}.body") if text(data, "action") == "opened" else "",
    )  # fmt: skip


def _issue_keys(data: Data, path: str) -> tuple[str, ...]:
    number = text(data, f"{path}.number")
    return tuple(f"{name}#{number}" for name in keys(data)) if number else ()


def comment(data: Data) -> Report | None:
    """Read a comment on an issue, a pull request or a commit."""
    if text(data, "action") not in ("created", ""):
        return None
    page = address(data, "comment.html_url")
    said = Thing(report.COMMENT, page=page, content=prose(data, "comment.body"))
    path = "pull_request" if dig(data, "pull_request") else "issue"
    target = _issue(data, path, report.ISSUE if path == "issue" else report.REVIEW)
    if not target.name:
        target = Thing(report.CHANGESET, text(data, "comment.commit_id")[:10], page=page.partition("#")[0])
    return Report(
        key=page or text(data, "comment.id"), verb=report.POST, who=person(data), about=(said,), words="added",
        target=target, at=text(data, "comment.created_at"), page=page, category=("comment",), keys=keys(data),
        issue_keys=_issue_keys(data, path),
    )  # fmt: skip


def review(data: Data) -> Report | None:
    """Read a review of a pull request."""
    done = _STATES.get(text(data, "review.state").lower())
    if done is None or text(data, "action") not in ("submitted", "reviewed", ""):
        return None
    page, target = address(data, "review.html_url"), _issue(data, "pull_request", report.REVIEW)
    return Report(
        key=page or f"{target.page}#{text(data, 'review.id')}", verb=done[0], who=person(data), about=(target,),
        words=done[1], target=repository(data), at=text(data, "review.submitted_at"), page=page or target.page,
        category=(text(data, "review.state").lower(),), keys=keys(data),
        issue_keys=_issue_keys(data, "pull_request"),
    )  # fmt: skip


def release(data: Data) -> Report | None:
    """Read a release that was published."""
    if text(data, "action") not in ("published", "released"):
        return None
    page = address(data, "release.html_url")
    made = Thing(
        report.ARTICLE, text(data, "release.name", "release.tag_name"), page=page,
        content=prose(data, "release.body"),
    )  # fmt: skip
    return Report(
        key=page or made.name, verb=report.POST, who=person(data), about=(made,), words="released",
        target=repository(data), at=text(data, "release.published_at"), page=page, category=("release",),
        keys=keys(data),
    )  # fmt: skip


def workflow_run(data: Data) -> Report | None:
    """Read a workflow that has run to its end."""
    done = _CONCLUSIONS.get(text(data, "workflow_run.conclusion"))
    if done is None or text(data, "action") != "completed":
        return None
    page = address(data, "workflow_run.html_url")
    number = text(data, "workflow_run.run_number")
    run = Thing(report.JOB, f"{text(data, 'workflow_run.name')} {number}".strip(), page=page)
    return Report(
        key=f"{page}#{text(data, 'workflow_run.run_attempt')}", verb=done[0], who=person(data), about=(run,),
        words=f"ran a job that {done[1]}:", target=repository(data), at=text(data, "workflow_run.updated_at"),
        page=page, category=(text(data, "workflow_run.conclusion"),), keys=keys(data),
    )  # fmt: skip


def star(data: Data) -> Report | None:
    """Read that somebody likes a repository."""
    if text(data, "action") not in ("created", "started"):
        return None
    where, who, at = repository(data), person(data), text(data, "starred_at")
    key = f"{where.page}#star-{who.username}-{at}"
    return Report(key, report.LIKE, who, (where,), at=at, keys=keys(data))


_READERS: Final[dict[str, Callable[[Data], Report | None]]] = {
    "push": push,
    "issues": issue,
    "issue_comment": comment,
    "commit_comment": comment,
    "pull_request": pull_request,
    "pull_request_review": review,
    "pull_request_review_comment": comment,
    "release": release,
    "workflow_run": workflow_run,
    "star": star,
}
