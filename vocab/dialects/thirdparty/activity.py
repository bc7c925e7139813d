"""What an outside activity says, once it has been read and its markup made harmless (Atom §6.1).

Absent texts are empty. Nothing here is believed: who posts it may say of whom they like that they did it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """An icon or a portrait; its sizes are in pixels, None when they are not said."""

    url: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Generator:
    """The application that an activity comes from: an http(s) address that names it, and what it is called."""

    id: str
    name: str

    @property
    def key(self) -> str:
        """What ``provider_name`` means it by (Atom §4.5)."""
        return f"{self.id}@{self.name}"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is said to have done it. ``id`` is a name on this server, a name elsewhere, or a URI."""

    id: str = ""
    name: str = ""
    url: str = ""
    image: Picture | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """What it was done to or on. ``id`` is a URI or a simple name, ``url`` an address or the key of something here."""

    id: str = ""
    url: str = ""
    type: str = ""
    name: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class OutsideActivity:
    """One activity. ``published`` is in microseconds, None when it is not said; ``title`` is inline markup.

    ``to`` and ``cc`` are IRIs of those whom its poster wants to be told, on other servers too (Atom §6.2).
    """

    generator: Generator
    id: str = ""
    url: str = ""
    title: str = ""
    content: str = ""
    published: int | None = None
    verb: str = ""
    actor: Person | None = None
    object: Thing | None = None
    target: Thing | None = None
    icon: Picture | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()

    @property
    def named(self) -> str:
        """What it calls itself: its id, or else its address."""
        return self.id or self.url
