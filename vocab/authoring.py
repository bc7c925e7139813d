"""What we write is fit for other servers to show: safe markup, described pictures, articles with a preview.

AP-026: markup leaves in ``content`` and ``summary`` alone, and only such as others keep. IQ-704: readers look for
alternative text in ``summary`` or in ``name``. IQ-701: who shows notes alone shows an article's ``preview``.
"""

from html import escape
from typing import Any, Final

from vocab import html
from vocab.mediatype import split
from vocab.objects import Object
from vocab.telling import shortened

EXCERPT_CHARS_MAX: Final = 500
"""So much of an article's text is in its preview."""

_MARKUP: Final = ("content", "summary")
_SHOWN: Final = frozenset({"Audio", "Document", "Image", "Video"})


def completed(thing: Object) -> Object:
    """Return an object of ours, new or edited, as it leaves; what needs no change is returned as it is."""
    changes = _safe(thing) | _described(thing)
    if thing.is_a("Article") and thing.get("preview") is None:
        changes["preview"] = preview(thing)
    return thing.with_(**changes) if changes else thing


def preview(article: Object) -> dict[str, Any]:
    """Return a Note that tells of an article: its name and its summary, or how its text begins (FEP-b2b8)."""
    name = article.text("name")
    excerpt = html.plain(article.text("summary") or article.text("content") or "")
    paragraphs = [f"<strong>{escape(name)}</strong>"] if name else []
    if excerpt:
        paragraphs.append(escape(shortened(" ".join(excerpt.split()), EXCERPT_CHARS_MAX)))
    content = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    about = ("attributedTo", "published", "url")
    kept: dict[str, Any] = {term: article.data[term] for term in about if term in article.data}
    return {"type": "Note", **kept, "content": content}


def _safe(thing: Object) -> dict[str, Any]:
    """Return the texts that hold markup nobody should be sent, without it; by language too."""
    if split(thing.get("mediaType") or "text/html")[0] != "text/html":
        return {}
    changes: dict[str, Any] = {}
    for term in _MARKUP:
        text, by_language = thing.get(term), thing.get(term + "Map")
        if isinstance(text, str) and (safe := html.inert(text)) != text:
            changes[term] = safe
        if isinstance(by_language, dict):
            safely = {
                tag: html.inert(one) if isinstance(one, str) else one for tag, one in by_language.items()
            }
            if safely != by_language:
                changes[term + "Map"] = safely
    return changes


def _described(thing: Object) -> dict[str, Any]:
    """Return the attachments with their alternative text in both places, if one is missing anywhere."""
    attached = thing.values("attachment")
    described = [_both(value) if isinstance(value, dict) else value for value in attached]
    return {} if described == attached else {"attachment": described}


def _both(attachment: dict[str, Any]) -> dict[str, Any]:
    if _SHOWN.isdisjoint(Object(attachment).types):
        return attachment
    name, summary = attachment.get("name"), attachment.get("summary")
    if isinstance(name, str) and summary is None:
        return {**attachment, "summary": name}
    if isinstance(summary, str) and name is None:
        return {**attachment, "name": summary}
    return attachment
