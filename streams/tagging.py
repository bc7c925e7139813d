"""Mentions and hashtags that a text has but its ``tag`` does not (AP-293). Pure.

Servers notify people and list posts by ``tag``, not by what the text says; clients often write the text alone.
"""

import re
from collections.abc import Collection, Iterable
from typing import Any

from storage.actors import ActorRow
from streams import ids
from vocab import Object, html, stored
from vocab.plaintext import folded

HASHTAGS_MAX = 50
"""So many hashtags of one post are tagged and listed; further ones are mere text."""
NAME_CHARS_MAX = 100

_MARKS = "\u0300-\u036f\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u200c\u200d\u00b7"
_HASHTAG = re.compile(rf"(?<![\w/&#])[#\uff03]([\w{_MARKS}]+)")
_MENTION = re.compile(
    r"(?<![\w/@.])@([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)(?:@([\w.-]*\w(?::\d+)?))?"
)
_LINK = re.compile(r"""href=["']([^"']+)["']""")
_CODE = re.compile(r"<(pre|code)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)


def hashtag(name: str) -> str:
    """Return the form in which hashtags are compared: without ``#``, NFKC, case folded; '' for what is none."""
    plain = folded(name.strip().lstrip("#\uff03"))
    return plain if len(plain) <= NAME_CHARS_MAX and not re.search(r"[\s/?#%]", plain) else ""


def hashtags(thing: Object) -> tuple[str, ...]:
    """Return the hashtags a document is tagged with, folded, each once, a bounded number of them."""
    names = (tag.text("name") or "" for tag in thing.embedded("tag") if tag.is_a("Hashtag"))
    return tuple(dict.fromkeys(name for given in names if (name := hashtag(given))))[:HASHTAGS_MAX]


def mentioned(thing: Object) -> frozenset[str]:
    """Return the actors a document is tagged with: ``href`` decides, not the name."""
    return frozenset(
        iri for tag in thing.embedded("tag") if tag.is_a("Mention") for iri in (tag.get("href"),)
    )


def completed(thing: Object, named: Collection[ActorRow], base_url: str) -> Object:
    """Return a document with a ``Hashtag`` for each hashtag of its text, a ``Mention`` for each named one in it.

    ``named`` are the recipients the author named openly: nobody is mentioned who was not addressed, and
    nobody addressed who was not mentioned. A group is always mentioned: many take that as the wish to post
    there. The text stays as it is.
    """
    added = [*(_mentions(thing, named, base_url) if named else ()), *_hashtags(thing, base_url)]
    return thing.with_(tag=[*thing.values("tag"), *added]) if added else thing


def _texts(thing: Object) -> list[str]:
    languages = thing.get("contentMap")
    every = [*thing.values("content"), *(languages.values() if isinstance(languages, dict) else ())]
    return [text for text in every if isinstance(text, str)]


def _hashtags(thing: Object, base_url: str) -> list[dict[str, Any]]:
    known = set(hashtags(thing))
    added: dict[str, dict[str, Any]] = {}
    for text in _texts(thing):
        if "#" not in text and "\uff03" not in text:
            continue
        for written in _HASHTAG.findall(html.plain(_CODE.sub(" ", text))):
            name = hashtag(written)
            if name and name not in known and any(map(str.isalpha, name)):
                added.setdefault(
                    name, {"type": "Hashtag", "href": ids.tag(base_url, name), "name": f"#{written}"}
                )
    return list(added.values())[: max(0, HASHTAGS_MAX - len(known))]


def _mentions(thing: Object, named: Iterable[ActorRow], base_url: str) -> list[dict[str, Any]]:
    tagged, links, names = mentioned(thing), set[str](), set[tuple[str, str]]()
    for text in _texts(thing):
        links |= set(_LINK.findall(text))
        names |= {
            (name.lower(), host.lower()) for name, host in _MENTION.findall(html.plain(_CODE.sub(" ", text)))
        }
    return [
        {"type": "Mention", "href": actor.iri, "name": f"@{actor.acct}"}
        for actor in named
        if actor.iri not in tagged
        and (actor.type == "Group" or _addresses(actor, base_url) & links or _handles(actor) & names)
    ]


def _addresses(actor: ActorRow, base_url: str) -> set[str]:
    pages = [f"{base_url}/@{actor.name}"] if actor.local else stored(actor.document, actor.context).ids("url")
    return {actor.iri, *pages}


def _handles(actor: ActorRow) -> set[tuple[str, str]]:
    name = actor.name.lower()
    return {(name, actor.host), (name, "")}
