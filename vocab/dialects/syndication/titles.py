"""Titles: who did what to what, for people and for scripts that know the class names in it (Atom §3.8)."""

from collections.abc import Sequence
from html import escape
from typing import Final

from vocab import html, telling
from vocab.dialects.as1 import verbs
from vocab.dialects.syndication.items import Person, Thing

AUTHOR: Final = "activity-item-user activity-item-author"
"""The classes by which scripts know who did it."""
RESOLVED: Final = frozenset({"resolve", "close"})
"""Keys of verbs after which a thing is shown as done."""

DEEDS: Final[dict[str, str]] = {
    "post": "posted", "share": "shared", "like": "liked", "follow": "followed", "favorite": "favoured",
    "transition": "changed the state of", "link": "linked", "remoteissuelink": "linked", "open": "opened",
    "close": "closed", "reopen": "reopened", "resolve": "resolved", "start": "started", "stop": "stopped",
    "vote": "voted for", "push": "pushed", "pass": "passed", "fail": "failed", "abandon": "abandoned",
    "complete": "completed", "uncomplete": "took back the completion of", "summarize": "summarised",
    "unlike": "no longer likes", "stop-following": "no longer follows", "author": "wrote", "submit": "submitted",
    "attach": "attached", "insert": "inserted", "append": "appended", "tag": "tagged", "archive": "archived",
    "retract": "retracted", "approve": "approved", "confirm": "confirmed", "deny": "denied", "watch": "watched",
    "experience": "experienced", "checkin": "checked in at", "at": "was at", "request": "asked for",
    "make-friend": "made friends with", "request-friend": "asked to be friends with", "repost": "shared",
    "flag": "reported", "flag-as-inappropriate": "reported", "block": "blocked", "create": "created",
    "question": "asked", "rsvp-yes": "will come to", "rsvp-no": "will not come to", "rsvp-maybe": "may come to",
}  # fmt: skip
"""What each key of a verb says that somebody did."""
INTO: Final[dict[str, str]] = {
    "Add": "to",
    "Remove": "from",
    "Announce": "with",
    "Offer": "to",
    "Invite": "to",
}


def title(
    people: Sequence[Person], chain: Sequence[str], things: Sequence[Thing], target: Thing | None, *, comment: bool
) -> str:  # fmt: skip
    """Return one line of markup that stands alone when its tags are stripped."""
    who = " and ".join(filter(None, (", ".join(map(_author, people[:-1])), _author(people[-1]))))
    done = verbs.key(chain[-1]) if chain else "post"
    type = verbs.as2(chain)
    if comment and type == "Create":
        said = _link(things[0])
        return (
            f"{who} commented on {_link(target)}" if target and target.label else f"{who} commented: {said}"
        )
    resolved = done in RESOLVED and type == "Update"
    about = ", ".join(_link(one, resolved=resolved) for one in things)
    where = f" {INTO.get(type, 'in')} {_link(target)}" if target and target.label else ""
    return f"{who} {_deed(done, type)} {about or 'something'}{where}"


def written(markup: str) -> str:
    """Return a title that somebody wrote, as it may be shown (Atom §17.1)."""
    return " ".join(html.with_hosts(html.inline(markup)).split())


def _deed(key: str, type: str) -> str:
    return escape(DEEDS.get(key) or telling.deed(type, key), quote=False)


def _author(one: Person) -> str:
    name = escape(one.name, quote=False)
    if one.page is None:
        return f'<span class="{AUTHOR}">{name}</span>'
    return f'<a class="{AUTHOR}" href="{escape(one.page)}">{name}</a>'


def _link(thing: Thing, *, resolved: bool = False) -> str:
    label = escape(thing.label, quote=False)
    shown = label if thing.page is None else f'<a href="{escape(thing.page)}">{label}</a>'
    return f'<span class="resolved-link">{shown}</span>' if resolved else shown
