"""A report: somebody did something to something, at another application (Atom §3.8, §11)."""

from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

from vocab import instants, markup
from vocab.dialects.as1 import types, verbs
from vocab.iri import is_http

STANDARD: Final = "http://activitystrea.ms/schema/1.0/"
VERBS: Final = "http://streams.atlassian.com/syndication/verbs/"
TYPES: Final = "http://streams.atlassian.com/syndication/types/"

POST: Final = f"{STANDARD}post"
UPDATE: Final = f"{STANDARD}update"
LIKE: Final = f"{STANDARD}like"
DELETE: Final = f"{STANDARD}delete"
PUSH: Final = f"{VERBS}fisheye/push"
PASS: Final = f"{VERBS}bamboo/pass"
FAIL: Final = f"{VERBS}bamboo/fail"

ARTICLE: Final = f"{STANDARD}article"
COMMENT: Final = f"{STANDARD}comment"
ISSUE: Final = f"{TYPES}issue"
REVIEW: Final = f"{TYPES}review"
CHANGESET: Final = f"{TYPES}changeset"
REPOSITORY: Final = f"{TYPES}repository"
JOB: Final = f"{TYPES}job"

AUTHOR: Final = "activity-item-user activity-item-author"
"""The classes by which scripts know who did it."""
_DEEDS: Final = {POST: "added", UPDATE: "changed", LIKE: "liked", DELETE: "deleted", PUSH: "pushed"}


@dataclass(frozen=True, slots=True)
class Person:
    """Who did it there. They are nobody here, whatever they are called (Atom §10.3)."""

    name: str
    username: str = ""
    page: str = ""
    picture: str = ""

    def node(self) -> dict[str, Any]:
        """Return the person in AS2; an address of mail is never part of it."""
        picture = {"type": "Image", "url": self.picture} if self.picture else None
        return _given(
            type="Person", name=self.name or self.username or "Someone", preferredUsername=self.username,
            url=self.page, icon=picture,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thing:
    """What it was done to: ``kind`` is the IRI of its type, ``name`` its key, ``title`` its headline."""

    kind: str
    name: str = ""
    title: str = ""
    page: str = ""
    id: str = ""
    content: str = ""

    @property
    def label(self) -> str:
        """What it is called in a sentence."""
        return " - ".join(part for part in (self.name, self.title) if part) or f"a {types.key(self.kind)}"

    def node(self) -> dict[str, Any]:
        """Return the thing in AS2; ``content`` is plain text, whose lines become paragraphs."""
        return _given(
            id=self.id or self.page, type=types.as2(self.kind), name=self.name or self.title,
            summary=escape(self.title, quote=False) if self.name else "", url=self.page,
            content=markup.of_plain(self.content) if self.content else "",
        ) | {"hw:objectType": self.kind}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """One thing that happened.

    ``key`` tells it from all others of its application; ``words`` are what was done, the middle of a sentence.
    """

    key: str
    verb: str
    who: Person
    about: tuple[Thing, ...]
    words: str = ""
    target: Thing | None = None
    at: str = ""
    page: str = ""
    category: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    issue_keys: tuple[str, ...] = ()
    application: str = ""
    generator: dict[str, Any] = field(default_factory=dict)

    def entry(self, *, provider: str, application: str, at: int) -> dict[str, Any]:
        """Return the entry (Atom §8.4). ``at`` is when it was heard of, in microseconds, if it does not say when."""
        told = instants.parse(self.at)
        chain = verbs.chain(self.verb)
        things = [thing.node() for thing in self.about]
        return _given(
            id=self.key, type=verbs.as2(chain), actor=self.who.node(),
            object=things[0] if len(things) == 1 else things,
            target=None if self.target is None else self.target.node(),
            published=instants.spell(at if told is None else instants.microseconds(told)),
            url=self.page or (self.about[0].page if self.about else ""),
            generator=self.generator,
            verb=list(chain), provider=provider, application=self.application or application,
            titleHtml=self._title(), category=list(self.category), key=list(self.keys),
            issueKey=list(self.issue_keys),
        )  # fmt: skip

    def _title(self) -> str:
        """Tell it: who did what to what, each a link where there is a page (Atom §3.8)."""
        who = _link(self.who.page, self.who.name or self.who.username or "Someone", AUTHOR)
        words = escape(self.words or _DEEDS.get(self.verb, verbs.key(self.verb)))
        what = ", ".join(_link(thing.page, thing.label) for thing in self.about[:3])
        more = f" and {len(self.about) - 3} more" if len(self.about) > 3 else ""
        where = f" in {_link(self.target.page, self.target.label)}" if self.target else ""
        return f"{who} {words} {what}{more}{where}".rstrip()


def _link(page: str, label: str, classes: str = "") -> str:
    shown = escape(label, quote=False)
    known = f'class="{classes}" ' if classes else ""
    return f'<a {known}href="{escape(page)}">{shown}</a>' if is_http(page) else shown


def _given(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}
