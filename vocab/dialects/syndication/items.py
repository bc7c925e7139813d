"""An entry of a feed as values (Atom §3.4)."""

from dataclasses import dataclass
from datetime import datetime

from vocab.entry import Action, Source
from vocab.media import Medium


@dataclass(frozen=True, slots=True)
class Picture:
    """The address of a picture and how large it is shown, in pixels each way."""

    url: str
    side: int


@dataclass(frozen=True, slots=True)
class Person:
    """An author (Atom §3.5). ``page`` is where people look, ``username`` how scripts know them, maybe empty.

    ``email`` is there only where this reader is to be told.
    """

    name: str
    page: str | None = None
    picture: str | None = None
    username: str = ""
    pictures: tuple[Picture, ...] = ()
    id: str | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """What an entry is about, or what that was done to (Atom §3.6).

    ``type`` is an IRI. ``label`` is what links to it say, without markup; ``page`` where it is looked at.
    """

    id: str = ""
    title: str = ""
    summary: str = ""
    page: str | None = None
    type: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """What kind of event an entry tells of, or a hashtag, which has a label (Atom §3.4.7)."""

    term: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Generator:
    """The application that an entry comes from: its address and its name."""

    url: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry: ``id`` never changes, ``title_html``, ``summary`` and ``content`` are sanitised, instants are UTC.

    ``title`` is plain text. ``summary`` is there when ``content`` is too long to be read at a glance, ``named`` says
    that the thing has a name of its own. ``page`` is the permalink, ``document`` where the activity is told
    exactly. ``warning`` is what stands before a text that is folded away, ``covered`` says that what is attached is
    not for everybody's eyes. ``icon`` shows what kind of thing it is about, with ``icon_label``. ``parent`` is the
    IRI of what it answers, ``parent_page`` where people read that, ``further_parents`` what else it answers;
    ``replies`` is where its answers are, ``replies_total`` how many. ``via`` is what was passed on. ``offset`` is the
    reader's distance from UTC then.
    """

    id: str
    title: str
    content: str
    published: datetime
    updated: datetime
    author: Person
    title_html: str = ""
    summary: str = ""
    further_authors: tuple[Person, ...] = ()
    page: str | None = None
    document: str | None = None
    named: bool = False
    language: str | None = None
    categories: tuple[Category, ...] = ()
    enclosures: tuple[Medium, ...] = ()
    icon: str | None = None
    icon_label: str = ""
    actions: tuple[Action, ...] = ()
    parent: str | None = None
    parent_page: str | None = None
    further_parents: tuple[str, ...] = ()
    replies: str | None = None
    replies_total: int | None = None
    via: str | None = None
    mentioned: tuple[str, ...] = ()
    source: Source | None = None
    generator: Generator = Generator()
    application: str = ""
    verbs: tuple[str, ...] = ()
    things: tuple[Thing, ...] = ()
    target: Thing | None = None
    offset: str = "+0000"
    warning: str = ""
    covered: bool = False

    @property
    def authors(self) -> tuple[Person, ...]:
        """All authors, in order."""
        return (self.author, *self.further_authors)
