"""What a post quotes, in any of the spellings that are in use (AP-735, AP-730, IQ-718)."""

from html import escape
from typing import Any, Final

from vocab.mediatype import is_activity
from vocab.objects import Link, Object

SPELLINGS: Final = ("quote", "_misskey_quote", "quoteUri", "quoteUrl")
"""Members that name what is quoted; the first that is there counts."""


MEDIA_TYPE: Final = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
RELATION: Final = "https://misskey-hub.net/ns#_misskey_quote"


def quoted(thing: Object) -> str | None:
    """Return the IRI of what a post quotes: from the first member that says it, else from a tag (FEP-e232)."""
    for term in SPELLINGS:
        found = thing.ids(term)
        if found:
            return found[0]
    links = (Link(tag.data) for tag in thing.embedded("tag") if tag.is_a("Link"))
    return next((link.href for link in links if link.href and _leads_to_object(link)), None)


def _leads_to_object(link: Link) -> bool:
    media_type = link.get("mediaType")
    return isinstance(media_type, str) and is_activity(media_type)


def spelled(thing: Object, iri: str) -> Object:
    """Return a post with what it quotes in every spelling, and as a link at the end of its text (FEP-044f)."""
    links = [tag for tag in thing.values("tag") if not (isinstance(tag, dict) and tag.get("href") == iri)]
    link = {"type": "Link", "mediaType": MEDIA_TYPE, "href": iri, "rel": RELATION, "name": f"RE: {iri}"}
    texts = {"content": thing.get("content"), "contentMap": thing.get("contentMap")}
    if isinstance(texts["content"], str):
        texts["content"] = _with_link(texts["content"], iri)
    if isinstance(texts["contentMap"], dict):
        texts["contentMap"] = {tag: _with_link(text, iri) for tag, text in texts["contentMap"].items()}
    return thing.with_(**dict.fromkeys(SPELLINGS, iri), tag=[*links, link], **texts)


def dropped(thing: Object) -> dict[str, Any]:
    """Return the members that make a quote a mere link again; None removes one."""
    iri = quoted(thing)
    left = [tag for tag in thing.values("tag") if not (isinstance(tag, dict) and tag.get("href") == iri)]
    return {**dict.fromkeys((*SPELLINGS, "quoteAuthorization")), "tag": left or None}


def _with_link(text: Any, iri: str) -> Any:
    """Add the link that shows where nothing is known of quotes; a text that has it already stays."""
    address = escape(iri)
    if not isinstance(text, str) or iri in text or address in text:
        return text
    inline = f'<span class="quote-inline"><br>RE: <a href="{address}">{address}</a></span>'
    return f"{text[: -len('</p>')]}{inline}</p>" if text.endswith("</p>") else f"{text}{inline}"
