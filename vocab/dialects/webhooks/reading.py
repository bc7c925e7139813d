"""From the body of a delivery to what it reports, whichever dialect it is in (Atom §11)."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from vocab import jsontext
from vocab.dialects.webhooks import generic, gitea, github, gitlab, jenkins, jira, receive
from vocab.dialects.webhooks.report import Report
from vocab.errors import JsonError

JSON: Final = "json"
GIT: Final = "git"

_READERS: Final[dict[str, Callable[[str, dict[str, Any]], list[Report]]]] = {
    "github": github.read,
    "gitea": gitea.read,
    "gitlab": gitlab.read,
    "jira": jira.read,
    "jenkins": jenkins.read,
}
_APPLICATIONS: Final = {
    "github": github.APPLICATION,
    "gitea": gitea.APPLICATION,
    "gitlab": gitlab.APPLICATION,
    "jira": jira.APPLICATION,
    "jenkins": jenkins.APPLICATION,
    JSON: generic.APPLICATION,
    GIT: receive.APPLICATION,
}
DIALECTS: Final = tuple(_APPLICATIONS)
SIGNED: Final = frozenset({"github", "gitea", "gitlab"})
"""Dialects whose applications prove who they are; the others are known by the address alone."""


def application(dialect: str) -> str:
    """Return what kind of application speaks a dialect."""
    return _APPLICATIONS[dialect]


def check(dialect: str, body: str) -> None:
    """Raise JsonError for a body in which no delivery of a dialect can be."""
    if dialect != GIT:
        _payload(body)


def read(dialect: str, event: str, body: str, settings: Mapping[str, Any], *, delivery: str) -> list[Report]:
    """Return what a delivery reports; ``settings`` have ``mapping`` for generic JSON, ``repository`` for git."""
    if dialect == GIT:
        return receive.read(body, repository=str(settings.get("repository", "")))
    payload = _payload(body)
    if dialect == JSON:
        return generic.read(payload, settings.get("mapping", {}), delivery=delivery)
    return _READERS[dialect](event, payload)


def _payload(body: str) -> dict[str, Any]:
    """Return the object in a body, which may be a form with the field ``payload`` (GitHub offers both)."""
    text = parse_qs(body).get("payload", [""])[0] if body.startswith("payload=") else body
    data = jsontext.loads(text)
    if not isinstance(data, dict):
        raise JsonError("must be a JSON object")
    return data
