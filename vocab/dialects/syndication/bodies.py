"""What an entry says: its text, how that begins, in which language (Atom §3.4, §3.8, §12.3).

The ``summary`` of a Note warns of what is in it, and never is an abstract.
"""

from html import escape
from typing import Final

from vocab import html, plaintext, polls
from vocab.objects import Object
from vocab.telling import shortened

SHORT: Final = ("Note", "Question", "ChatMessage")
"""Types whose ``summary`` is a warning; that of others tells what they are about."""
POSTS: Final = frozenset({*SHORT, "Article", "Page", "Event", "Image", "Video", "Audio", "Document", "Place"})
"""Types whose ``content`` was said; that of others describes them."""
EXCERPT_CHARS_MAX: Final = 250


def body(thing: Object, *, comment: bool, tongue: str | None = None) -> str:
    """Return what a thing says: a comment as a quotation, what describes something as such, a poll with its options."""
    said = html.with_hosts(html.sanitise(thing.text("content", tongue) or "")).strip()
    said += _poll(thing)
    if said and comment:
        said = f"<blockquote>{said}</blockquote>"
    elif said and thing.types and POSTS.isdisjoint(thing.types):
        said = f'<div class="user-content">{said}</div>'
    told = warning(thing)
    if told:
        return f"{warned(told)}{said}"
    abstract = "" if thing.is_a(*SHORT) else html.plain(thing.text("summary", tongue) or "")
    return f"<p>{escape(abstract, quote=False)}</p>{said}" if abstract and thing.is_a(*POSTS) else said


def excerpt(content: str, thing: Object, page: str | None) -> str:
    """Return how a long text begins, with a link to the rest; nothing when it is short.

    Of what is warned of, the warning is all that is told.
    """
    text = " ".join(html.plain(content).split())
    if len(text) <= EXCERPT_CHARS_MAX:
        return ""
    begun = escape(warning(thing) or shortened(text, EXCERPT_CHARS_MAX), quote=False)
    return begun if page is None else f'{begun} <a href="{escape(page)}">Read more</a>'


def warning(thing: Object) -> str:
    """Return what stands before a text that is folded away; the empty text when nothing is.

    A thing is folded away when it is said to be sensitive, or for want of a word is short and has a summary.
    """
    sensitive = thing.get("sensitive")
    if sensitive is True or (sensitive is None and thing.is_a(*SHORT)):
        return " ".join(html.plain(thing.text("summary") or "").split())
    return ""


def warned(warning: str) -> str:
    """Return how a warning stands before what it warns of; nothing without one."""
    return f"<p><strong>{escape(warning, quote=False)}</strong></p>" if warning else ""


def language(thing: Object, tongue: str | None = None) -> str | None:
    """Return the language of a thing's text, when it says one (AP-013)."""
    texts = thing.get("contentMap")
    if not isinstance(texts, dict):
        return None
    shown = thing.text("content", tongue)
    tags = [tag for tag, text in texts.items() if text == shown and tag != "und"]
    return tags[0] if len(tags) == 1 else None


def hashtags(thing: Object) -> list[str]:
    """Return the hashtags of a thing without their ``#``, each once."""
    names = (tag.text("name") for tag in thing.embedded("tag") if tag.is_a("Hashtag"))
    return list(
        dict.fromkeys(plaintext.name(name).lstrip("#") for name in names if name and name.strip("# "))
    )


def _poll(thing: Object) -> str:
    """Return the options of a poll as a list (Atom §12.3)."""
    names = polls.options(thing) if thing.is_a("Question") else []
    listed = "".join(f"<li>{escape(plaintext.name(name), quote=False)}</li>" for name in names)
    return f"<ul>{listed}</ul>" if listed else ""
