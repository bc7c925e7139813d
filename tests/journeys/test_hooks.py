"""Applications report by web hooks, and what they report is read here and elsewhere (Atom §11)."""

import hmac
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from town import Person, Server, Town, eventually, never

REPOSITORY = {
    "name": "orchard",
    "full_name": "mirela/orchard",
    "html_url": "https://git.example/mirela/orchard",
}
ISSUE = {"title": "Frost <b>sensor</b> drifts"}


def opened(number: int, by: str = "tavo") -> bytes:
    sender = {"login": by, "html_url": f"https://git.example/{by}"}
    issue = {**ISSUE, "number": number, "html_url": f"https://git.example/o/issues/{number}"}
    return json.dumps(
        {"action": "opened", "repository": REPOSITORY, "sender": sender, "issue": issue}
    ).encode()


class Reporter:
    """An application with a hook of ours."""

    def __init__(self, server: Server, *arguments: str) -> None:
        self.made = server.cli("hook", "add", *arguments)
        self.url = self.made["url"]

    def report(
        self, body: bytes, *, event: str = "issues", delivery: str = "", **headers: str
    ) -> httpx.Response:
        signature = hmac.digest((self.made["secret"] or "").encode(), body, "sha256").hex()
        usual = {"x-github-event": event, "x-hub-signature-256": f"sha256={signature}"}
        named = {"x-github-delivery": delivery} if delivery else {}
        return httpx.post(self.url, content=body, headers={**usual, **named, **headers})


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = Town(tmp_path_factory.mktemp("hooks"))
    yield town
    for server in town.servers:
        server.kill()


@pytest.fixture(scope="module")
def here(town: Town) -> Server:
    return town.server()


@pytest.fixture(scope="module")
def ada(here: Server) -> Person:
    return here.person("ada")


def titled(person: Person, text: str) -> list[dict[str, Any]]:
    return [item for item in person.inbox() if text in (item.get("summary") or "")]


def test_what_is_reported_is_in_the_inbox_of_whose_hook_it_is_once(here: Server, ada: Person) -> None:
    """Answered at once, told afterwards; a delivery that is tried again is told once."""
    reporter = Reporter(here, "github", "--owner", "ada")
    assert reporter.report(opened(7), delivery="d-1").status_code == 202
    (told,) = eventually(lambda: titled(ada, "opened #7"))
    assert told["hw:verb"] == ["http://activitystrea.ms/schema/1.0/post"]
    assert told["hw:provider"] == "issues"
    assert told["hw:author"][0]["preferredUsername"] == "tavo"
    assert told["actor"] == reporter.made["actor"]
    assert reporter.report(opened(7), delivery="d-1").status_code == 202
    assert reporter.report(opened(7), delivery="d-2").status_code == 202
    assert reporter.report(opened(8), delivery="d-3").status_code == 202
    eventually(lambda: titled(ada, "opened #8"))
    assert len(titled(ada, "opened #7")) == 1


def test_nobody_else_reads_what_is_private(here: Server, ada: Person) -> None:
    """Private is the default."""
    reporter = Reporter(here, "github", "--owner", "ada")
    reporter.report(opened(21))
    (told,) = eventually(lambda: titled(ada, "opened #21"))
    assert httpx.get(told["id"], headers={"accept": "application/activity+json"}).status_code in (
        401,
        403,
        404,
    )


def test_whoever_cannot_sign_is_refused(here: Server, ada: Person) -> None:
    """Atom §11: a bad signature is a 401; nothing is told."""
    reporter = Reporter(here, "github", "--owner", "ada")
    for headers in ({"x-hub-signature-256": "sha256=00"}, {"x-hub-signature-256": ""}):
        assert reporter.report(opened(31), **headers).status_code == 401
    strange = {"x-github-event": b"issues", "x-hub-signature-256": b"sha256=\xe9"}
    assert httpx.post(reporter.url, content=opened(31), headers=strange).status_code == 401
    elsewhere = reporter.url.replace("/github/", "/jira/")
    assert httpx.post(elsewhere, content=b"{}").status_code == 404
    assert httpx.post(f"{here.base_url}/hooks/github/{'x' * 32}", content=b"{}").status_code == 404
    never(lambda: titled(ada, "opened #31"))


def test_forges_may_send_forms(here: Server, ada: Person) -> None:
    """Atom §11: what is reported stands in ``payload`` unless a forge is told otherwise; the form is what is signed."""
    reporter = Reporter(here, "github", "--owner", "ada")
    form = {"content-type": "application/x-www-form-urlencoded"}
    body = urlencode({"payload": opened(251).decode()}).encode()
    assert reporter.report(body, **form).status_code == 202
    eventually(lambda: titled(ada, "opened #251"))
    assert reporter.report(body + b"0", **{**form, "x-hub-signature-256": "sha256=00"}).status_code == 401
    for wrong in (b"payload=%ff", b"payload=", b"payload=x", b"other=1", b"payload=%7B%7D" + b"&a=1" * 200):
        assert reporter.report(wrong, **form).status_code == 400


def test_gitea_signs_by_a_name_of_its_own(here: Server, ada: Person) -> None:
    """Atom §11: X-Gitea-Signature, and Forgejo's; nothing before the digest."""
    made = here.cli("hook", "add", "gitea", "--owner", "ada")
    for number, name in ((261, "gitea"), (262, "forgejo")):
        body = opened(number)
        headers = {f"x-{name}-event": "issues", f"x-{name}-signature": "00"}
        assert httpx.post(made["url"], content=body, headers=headers).status_code == 401
        headers[f"x-{name}-signature"] = hmac.digest(made["secret"].encode(), body, "sha256").hex()
        assert httpx.post(made["url"], content=body, headers=headers).status_code == 202
        eventually(lambda number=number: titled(ada, f"opened #{number}"))


def test_gitlab_shows_a_token(here: Server, ada: Person) -> None:
    """Atom §11: X-Gitlab-Token is equal to the secret, or else it is not GitLab."""
    made = here.cli("hook", "add", "gitlab", "--owner", "ada")
    body = {
        "object_kind": "issue", "user": {"name": "Tavo"}, "project": {"path_with_namespace": "o"},
        "object_attributes": {"action": "open", "iid": 41, "title": "Frost"},
    }  # fmt: skip
    assert httpx.post(made["url"], json=body).status_code == 401
    answer = httpx.post(made["url"], json=body, headers={"x-gitlab-token": made["secret"]})
    assert answer.status_code == 202
    eventually(lambda: titled(ada, "opened #41"))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'"x"'])
def test_what_is_no_json_object_is_refused(here: Server, ada: Person, body: bytes) -> None:
    reporter = Reporter(here, "github", "--owner", "ada")
    answer = reporter.report(body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["field"] == "body"


def test_an_event_that_is_nobodys_news_is_accepted(here: Server, ada: Person) -> None:
    reporter = Reporter(here, "github", "--owner", "ada")
    assert reporter.report(b'{"zen": "Keep it simple."}', event="ping").status_code == 202


def test_a_person_who_is_known_is_shown_as_who_they_are_here(here: Server, ada: Person) -> None:
    """Atom §10.3: only because the owner of the hook has said so."""
    reporter = Reporter(here, "github", "--owner", "ada", "--person", "octo=ada")
    reporter.report(opened(51, by="octo"))
    (told,) = eventually(lambda: titled(ada, "opened #51"))
    assert told["hw:author"] == [ada.id]
    assert told["actor"] == reporter.made["actor"]


def test_a_public_hook_is_followed_from_elsewhere(town: Town, here: Server, ada: Person) -> None:
    """What leaves is a Note that any server understands, and nothing in it runs."""
    bob = town.server().person("bob")
    made = here.cli("hook", "add", "json", "--owner", "ada", "--public", "--mapping", str(_mapping(here)))
    bob.post({"type": "Follow", "object": made["actor"], "to": made["actor"]})
    eventually(lambda: made["actor"] in bob.items("following"))
    body = {"run": {"url": "https://ci.example/512", "name": "<script>512</script>"}, "outcome": "fail"}
    assert httpx.post(made["url"], json=body).status_code == 202
    (create,) = eventually(lambda: bob.inbox("Create"))
    assert "finished" in create["object"]["content"]
    assert "<script" not in create["object"]["content"]


def _mapping(server: Server) -> Any:
    path = server.directory / "mapping.json"
    path.write_text(
        json.dumps({"actor.name": "Orchard CI", "verb": "{outcome}", "words": "finished",
                    "object.name": "{run.name}", "object.url": "{run.url}"})
    )  # fmt: skip
    return path


def test_what_git_hands_a_hook_is_told(here: Server, ada: Person) -> None:
    made = here.cli("hook", "add", "git", "--owner", "ada", "--repository", "cellar")
    line = f"{'1' * 40} {'2' * 40} refs/heads/main\n"
    assert httpx.post(made["url"], content=line).status_code == 202
    eventually(lambda: titled(ada, "pushed 2222222222 to main in cellar"))


def test_hooks_are_listed_without_their_secrets_and_removed(here: Server, ada: Person) -> None:
    reporter = Reporter(here, "github", "--owner", "ada")
    listed = here.cli("hook", "list")["hooks"]
    assert reporter.made["id"] in [one["id"] for one in listed]
    assert reporter.made["secret"] not in json.dumps(listed)
    here.cli("hook", "remove", reporter.made["id"])
    assert reporter.report(opened(61)).status_code == 404
