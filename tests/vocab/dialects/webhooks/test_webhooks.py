"""What applications report by web hooks (Atom §11). The payloads are written from the facts of each application."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import html
from vocab.dialects.as1 import types, verbs
from vocab.dialects.webhooks import generic, gitea, github, gitlab, jenkins, jira, receive
from vocab.dialects.webhooks.report import Report
from vocab.entry import Entry
from vocab.errors import BadFields

NOW = 1_795_176_000_000_000
REPOSITORY = {
    "name": "orchard",
    "full_name": "mirela/orchard",
    "html_url": "https://git.example/mirela/orchard",
}
SENDER = {
    "login": "tavo",
    "html_url": "https://git.example/tavo",
    "avatar_url": "https://git.example/tavo.png",
}
ISSUE = {
    "number": 7, "title": "Frost sensor drifts", "html_url": "https://git.example/mirela/orchard/issues/7",
    "body": "Two degrees\n\noff.", "updated_at": "2026-11-20T10:00:00Z",
}  # fmt: skip
PULL = {**ISSUE, "number": 8, "title": "Mend it", "html_url": "https://git.example/mirela/orchard/pull/8"}
COMMIT = {"id": "a" * 40, "message": "Mend the sensor\n\nIt drifted.", "url": "https://git.example/c/a"}
HUB: dict[str, Any] = {"repository": REPOSITORY, "sender": SENDER}

PROJECT = {"path_with_namespace": "mirela/orchard", "web_url": "https://lab.example/mirela/orchard"}
LAB: dict[str, Any] = {"user": {"name": "Tavo", "username": "tavo"}, "project": PROJECT}
LAB_ISSUE = {
    "iid": 7,
    "title": "Frost",
    "url": "https://lab.example/i/7",
    "updated_at": "2026-11-20 10:00:00 UTC",
}

JIRA_ISSUE = {
    "key": "ORCHARD-7", "self": "https://jira.example/rest/api/2/issue/10007",
    "fields": {"summary": "Frost sensor drifts", "project": {"key": "ORCHARD"}},
}  # fmt: skip
JIRA: dict[str, Any] = {
    "timestamp": 1763632800000, "issue": JIRA_ISSUE, "user": {"displayName": "Tavo", "name": "tavo"},
}  # fmt: skip


def moved(before: str, after: str, category: str = "") -> dict[str, Any]:
    fields = {**JIRA_ISSUE["fields"], "status": {"statusCategory": {"key": category}}}  # type: ignore[dict-item]
    items = [{"field": "status", "fromString": before, "toString": after}]
    return {
        **JIRA, "webhookEvent": "jira:issue_updated", "changelog": {"id": "1", "items": items},
        "issue": {**JIRA_ISSUE, "fields": fields},
    }  # fmt: skip


TOLD = [
    (
        github,
        "push",
        {**HUB, "ref": "refs/heads/main", "after": "b" * 40, "commits": [COMMIT]},
        "push",
        "changeset",
        "tavo pushed 1 commit to main: aaaaaaaaaa - Mend the sensor in mirela/orchard",
    ),
    (
        github,
        "issues",
        {**HUB, "action": "opened", "issue": ISSUE},
        "post",
        "issue",
        "tavo opened #7 - Frost sensor drifts in mirela/orchard",
    ),
    (
        github,
        "issues",
        {**HUB, "action": "closed", "issue": ISSUE},
        "close",
        "issue",
        "tavo closed #7 - Frost sensor drifts in mirela/orchard",
    ),
    (
        github,
        "issues",
        {**HUB, "action": "reopened", "issue": ISSUE},
        "reopen",
        "issue",
        "tavo reopened #7 - Frost sensor drifts in mirela/orchard",
    ),
    (
        github,
        "issue_comment",
        {
            **HUB,
            "action": "created",
            "issue": ISSUE,
            "comment": {"body": "Seen.", "html_url": "https://git.example/c1"},
        },
        "post",
        "comment",
        "tavo added a comment in #7 - Frost sensor drifts",
    ),
    (
        github,
        "pull_request",
        {**HUB, "action": "opened", "pull_request": PULL},
        "post",
        "review",
        "tavo opened #8 - Mend it in mirela/orchard",
    ),
    (
        github,
        "pull_request",
        {**HUB, "action": "closed", "pull_request": {**PULL, "merged": True}},
        "close",
        "review",
        "tavo merged #8 - Mend it in mirela/orchard",
    ),
    (
        github,
        "pull_request",
        {**HUB, "action": "closed", "pull_request": PULL},
        "abandon",
        "review",
        "tavo closed #8 - Mend it in mirela/orchard",
    ),
    (
        github,
        "pull_request_review",
        {**HUB, "action": "submitted", "pull_request": PULL, "review": {"state": "approved"}},
        "complete",
        "review",
        "tavo approved #8 - Mend it in mirela/orchard",
    ),
    (
        github,
        "release",
        {**HUB, "action": "published", "release": {"tag_name": "v1", "html_url": "https://git.example/r/v1"}},
        "post",
        "article",
        "tavo released v1 in mirela/orchard",
    ),
    (
        github,
        "workflow_run",
        {
            **HUB,
            "action": "completed",
            "workflow_run": {
                "name": "CI",
                "run_number": 512,
                "conclusion": "failure",
                "html_url": "https://git.example/run/512",
            },
        },
        "fail",
        "job",
        "tavo ran a job that failed: CI 512 in mirela/orchard",
    ),
    (github, "star", {**HUB, "action": "created"}, "like", "repository", "tavo liked mirela/orchard"),
    (
        gitea,
        "pull_request_approved",
        {**HUB, "pull_request": PULL, "review": {"content": "Fine"}},
        "complete",
        "review",
        "tavo approved #8 - Mend it in mirela/orchard",
    ),
    (
        gitea,
        "issues",
        {**HUB, "action": "opened", "issue": ISSUE},
        "post",
        "issue",
        "tavo opened #7 - Frost sensor drifts in mirela/orchard",
    ),
    (
        gitlab,
        "Push Hook",
        {
            "object_kind": "push",
            "ref": "refs/heads/main",
            "after": "b" * 40,
            "user_name": "Tavo",
            "project": PROJECT,
            "total_commits_count": 3,
            "commits": [{**COMMIT, "title": "Mend the sensor", "timestamp": "2026-11-20T10:00:00+01:00"}],
        },
        "push",
        "changeset",
        "Tavo pushed 3 commits to main: aaaaaaaaaa - Mend the sensor in mirela/orchard",
    ),
    (
        gitlab,
        "Issue Hook",
        {**LAB, "object_kind": "issue", "object_attributes": {**LAB_ISSUE, "action": "close"}},
        "close",
        "issue",
        "Tavo closed #7 - Frost in mirela/orchard",
    ),
    (
        gitlab,
        "Merge Request Hook",
        {**LAB, "object_kind": "merge_request", "object_attributes": {**LAB_ISSUE, "action": "merge"}},
        "close",
        "review",
        "Tavo merged !7 - Frost in mirela/orchard",
    ),
    (
        gitlab,
        "Note Hook",
        {
            **LAB,
            "object_kind": "note",
            "issue": LAB_ISSUE,
            "object_attributes": {"note": "Seen.", "url": "https://lab.example/n/1"},
        },
        "post",
        "comment",
        "Tavo added a comment in #7 - Frost",
    ),
    (
        gitlab,
        "Pipeline Hook",
        {**LAB, "object_kind": "pipeline", "object_attributes": {"id": 9, "status": "success"}},
        "pass",
        "job",
        "Tavo ran a job that passed: pipeline 9 in mirela/orchard",
    ),
    (
        jira,
        "",
        {**JIRA, "webhookEvent": "jira:issue_created"},
        "post",
        "issue",
        "Tavo created ORCHARD-7 - Frost sensor drifts",
    ),
    (
        jira,
        "",
        {**JIRA, "webhookEvent": "jira:issue_deleted"},
        "delete",
        "issue",
        "Tavo deleted ORCHARD-7 - Frost sensor drifts",
    ),
    (
        jira,
        "",
        {**JIRA, "webhookEvent": "comment_created", "comment": {"id": "3", "body": "Seen."}},
        "post",
        "comment",
        "Tavo added a comment in ORCHARD-7 - Frost sensor drifts",
    ),
    (
        jira,
        "",
        {**JIRA, "webhookEvent": "worklog_created"},
        "update",
        "issue",
        "Tavo logged work on ORCHARD-7 - Frost sensor drifts",
    ),
    (
        jira,
        "",
        moved("Open", "Resolved"),
        "resolve",
        "issue",
        "Tavo resolved ORCHARD-7 - Frost sensor drifts",
    ),
    (jira, "", moved("Open", "Closed"), "close", "issue", "Tavo closed ORCHARD-7 - Frost sensor drifts"),
    (
        jira,
        "",
        moved("Closed", "Reopened"),
        "reopen",
        "issue",
        "Tavo reopened ORCHARD-7 - Frost sensor drifts",
    ),
    (
        jira,
        "",
        moved("Open", "In Progress"),
        "start",
        "issue",
        "Tavo started progress on ORCHARD-7 - Frost sensor drifts",
    ),
    (
        jira,
        "",
        moved("In Progress", "To Do"),
        "stop",
        "issue",
        "Tavo stopped progress on ORCHARD-7 - Frost sensor drifts",
    ),
    (
        jira,
        "",
        moved("Open", "Shipped", "done"),
        "resolve",
        "issue",
        "Tavo resolved ORCHARD-7 - Frost sensor drifts",
    ),
    (
        jira,
        "",
        moved("Open", "In review", "indeterminate"),
        "transition",
        "issue",
        "Tavo changed the status of ORCHARD-7 - Frost sensor drifts",
    ),
    (
        jenkins,
        "",
        {
            "name": "orchard",
            "build": {
                "number": 512,
                "phase": "COMPLETED",
                "status": "FAILURE",
                "full_url": "https://ci.example/512",
            },
        },
        "fail",
        "job",
        "Jenkins ran a job that failed: orchard #512",
    ),
]


@pytest.mark.parametrize(("dialect", "event", "payload", "verb", "kind", "title"), TOLD)
def test_an_event_is_told(
    dialect: Any, event: str, payload: dict[str, Any], verb: str, kind: str, title: str
) -> None:
    """Atom §11: the table of events and the activities they are."""
    (found,) = dialect.read(event, payload)
    entry = told(found)
    assert verbs.key(entry.verb[-1]) == verb
    (first, *_) = entry.activity.embedded("object")
    assert types.key(first.get("hw:objectType")) == kind
    assert html.plain(entry.title_html) == title
    again = dialect.read(event, payload)
    assert [one.key for one in again] == [found.key]


def told(found: Report) -> Entry:
    return Entry.of(found.entry(provider="git", application="example", at=NOW))


@pytest.mark.parametrize(
    ("dialect", "event", "payload"),
    [
        (github, "ping", {"zen": "Keep it simple."}),
        (github, "issues", {**HUB, "action": "labeled", "issue": ISSUE}),
        (github, "push", {**HUB, "ref": "refs/heads/gone", "deleted": True, "commits": []}),
        (github, "workflow_run", {**HUB, "action": "requested", "workflow_run": {}}),
        (gitlab, "Job Hook", {"object_kind": "build"}),
        (jira, "", {"webhookEvent": "board_created"}),
        (jenkins, "", {"name": "orchard", "build": {"phase": "STARTED"}}),
    ],
)
def test_what_is_nobodys_news_is_passed_over(dialect: Any, event: str, payload: dict[str, Any]) -> None:
    """Atom §11: events that are not known are ignored, never refused."""
    assert dialect.read(event, payload) == []


def test_keys_by_which_filters_find_it() -> None:
    """Atom §4.4."""
    (issue,) = github.read("issues", {**HUB, "action": "opened", "issue": ISSUE})
    assert (issue.keys, issue.issue_keys) == (
        ("orchard", "mirela/orchard"),
        ("orchard#7", "mirela/orchard#7"),
    )
    (ticket,) = jira.read("", {**JIRA, "webhookEvent": "jira:issue_created"})
    assert (ticket.keys, ticket.issue_keys) == (("ORCHARD",), ("ORCHARD-7",))


def test_a_title_begins_with_its_actor_as_scripts_know_it() -> None:
    """Atom §3.8: the classes by which scripts find who did it."""
    (found,) = github.read("issues", {**HUB, "action": "opened", "issue": ISSUE})
    assert found.entry(provider="issues", application="example", at=NOW)["titleHtml"].startswith(
        '<a class="activity-item-user activity-item-author" href='
    )


def test_a_status_by_its_new_name_is_a_category() -> None:
    """Atom §3.4: the name of a status may have spaces."""
    (found,) = jira.read("", moved("Open", "In review", "indeterminate"))
    assert found.category == ("In review",)


def test_markup_in_a_payload_is_text() -> None:
    (found,) = github.read(
        "issues", {**HUB, "action": "opened", "issue": {**ISSUE, "title": "<script>alert(1)</script>"}}
    )
    entry = told(found)
    assert "<script" not in entry.title_html
    assert "<script" not in str(entry.activity.data)


def test_addresses_that_run_something_are_left_out() -> None:
    (found,) = github.read(
        "issues", {**HUB, "action": "opened", "issue": {**ISSUE, "html_url": "javascript:alert(1)"}}
    )
    assert "javascript" not in str(told(found).as_dict())


def test_what_git_hands_a_hook() -> None:
    """Atom §11: git post-receive."""
    zero, one, two = "0" * 40, "1" * 40, "2" * 40
    text = f"{one} {two} refs/heads/main\n{zero} {one} refs/tags/v1\n{one} {zero} refs/heads/old\nnonsense\n"
    found = receive.read(text, repository="orchard")
    assert [html.plain(told(one).title_html) for one in found] == [
        "Somebody pushed 2222222222 to main in orchard", "Somebody made v1 in orchard",
        "Somebody deleted old in orchard",
    ]  # fmt: skip
    assert len({one.key for one in found}) == 3


MAPPING = {
    "id": "{run.url}",
    "verb": "{outcome}",
    "words": "finished",
    "actor.name": "Orchard CI",
    "object.type": "http://streams.atlassian.com/syndication/types/job",
    "object.name": "run {run.number}",
    "object.url": "{run.url}",
    "issueKey": "{ticket}",
    "when": {"kind": ["run"]},
}


def test_any_json_by_a_mapping() -> None:
    """Atom §11: field paths → activity."""
    payload = {
        "kind": "run",
        "outcome": "fail",
        "run": {"url": "https://ci.example/512", "number": 512},
        "ticket": "ORCHARD-7",
    }
    (found,) = generic.read(payload, generic.check(MAPPING), delivery="1")
    entry = told(found)
    assert html.plain(entry.title_html) == "Orchard CI finished run 512"
    assert verbs.key(entry.verb[-1]) == "fail"
    assert (entry.id, entry.issue_keys) == ("https://ci.example/512", ("ORCHARD-7",))
    assert generic.read({**payload, "kind": "heartbeat"}, MAPPING, delivery="2") == []
    assert generic.read({"kind": "run"}, {"object.name": "{nothing.there}"}, delivery="3") == []


@pytest.mark.parametrize(
    ("mapping", "field"),
    [
        ([], "mapping"),
        ({"object.name": "x", "objekt": "{a}"}, "objekt"),
        ({"object.name": 3}, "object.name"),
        ({"verb": "post"}, "object"),
        ({"object.name": "x", "when": "always"}, "when"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_where(mapping: Any, field: str) -> None:
    with pytest.raises(BadFields) as error:
        generic.check(mapping)
    assert field in error.value.fields  # type: ignore[operator]


NAMES = ["id", "url", "html_url", "action", "state", "title", "body", "message", "items", "run", "\u0000"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = [
    "action", "issue", "pull_request", "comment", "review", "release", "workflow_run", "commits", "ref", "build",
    "repository", "sender", "user", "project", "object_attributes", "object_kind", "changelog", "webhookEvent",
]  # fmt: skip


@given(
    st.sampled_from([github, gitea, gitlab, jira, jenkins]),
    st.sampled_from([*github._READERS, "Issue Hook", "pull_request_approved", "jira:issue_updated"]),
    st.dictionaries(
        st.sampled_from(MEMBERS), JSON | st.sampled_from(["opened", "closed", "created", "push"])
    ),
)
def test_no_payload_is_an_error(dialect: Any, event: str, payload: dict[str, Any]) -> None:
    """Whatever an application sends, each report can be shown."""
    for found in dialect.read(event, payload):
        assert found.entry(provider="git", application="example", at=NOW)["titleHtml"]


@given(JSON)
def test_no_payload_is_an_error_for_a_mapping(value: Any) -> None:
    payload = value if isinstance(value, dict) else {"kind": value}
    for found in generic.read(payload, {"object.name": "{kind}{run.0}", "published": "{at}"}, delivery="1"):
        assert told(found).id == "urn:delivery:1"
