"""Atom 1.0 with the extensions of streams, and Atom 0.3 (RFC 4287; Atom §3, §10.2)."""

from typing import Final
from xml.etree.ElementTree import Element

from vocab import html
from vocab.dialects.feedreading import composing, moments, texts
from vocab.dialects.feedreading.atomentry import Around, authors, entry
from vocab.dialects.feedreading.names import AT, ATLASSIAN, ATOM03, children, first, own
from vocab.dialects.feedreading.reading import Problems, Reading
from vocab.xmltree import local, namespace

ENTRIES_MAX: Final = 5_000
FEED_TYPES: Final = frozenset({"application/atom+xml", "application/rss+xml", "application/feed+json"})


def read(root: Element, found_at: str) -> Reading:
    """Read a feed, or a document that is a single entry."""
    version = "atom03" if namespace(root) == ATOM03 else "atom10"
    base = texts.based(root, found_at)
    if local(root) == "entry":
        item = entry(root, base, Around(feed=found_at, authors=()))
        return Reading(version, here=found_at, items=(item,))
    links = own(root, "link")
    here = _link(links, "self", base)
    id = composing.line(texts.plain(first(root, "id"))) or here or found_at
    around = Around(feed=id, authors=tuple(authors(root, base)))
    found = own(root, "entry")
    items = [entry(one, base, around) for one in found[:ENTRIES_MAX]]
    warnings = [f"only the first {ENTRIES_MAX} entries were read"] if len(found) > ENTRIES_MAX else []
    return Reading(
        version,
        id=id,
        title=html.plain(texts.title(first(root, "title"), base)),
        subtitle=html.plain(texts.title(first(root, "subtitle", "tagline"), base)),
        here=here,
        home=_link([one for one in links if not _is_feed(one)], "alternate", base),
        icon=composing.address(texts.plain(first(root, "logo", "icon")), base),
        next=_link(links, "next", base),
        hubs=tuple(
            hub
            for one in links
            if one.get("rel") == "hub" and (hub := composing.address(one.get("href"), base))
        ),
        updated=moments.read(texts.plain(first(root, "updated", "modified"))),
        items=composing.newest_first(items),
        deleted=tuple(
            (ref.strip(), moments.read(one.get("when")))
            for one in children(root, AT, "deleted-entry")[:ENTRIES_MAX]
            if (ref := one.get("ref") or "").strip()
        ),
        problems=_problems(root),
        warnings=tuple(warnings),
    )


def _link(links: list[Element], rel: str, base: str) -> str:
    for one in links:
        if (one.get("rel") or "alternate") == rel:
            return composing.address(one.get("href"), texts.based(one, base))
    return ""


def _is_feed(link: Element) -> bool:
    """Tell whether a link says that a feed is at its end, as those do that name themselves without a relation."""
    return (link.get("type") or "").partition(";")[0].strip().lower() in FEED_TYPES


def _problems(root: Element) -> Problems:
    """Read what a stream says of its sources (Atom §3.3)."""

    def named(kind: str) -> tuple[str, ...]:
        lists = children(root, ATLASSIAN, kind)
        found = [source for one in lists for source in children(one, ATLASSIAN, "activity-source")]
        return tuple(name for one in found[:100] if (name := composing.line(texts.plain(one))))

    consents = []
    for one in children(root, ATLASSIAN, "authorisation-message")[:100]:
        said = {local(child): composing.line(texts.plain(child)) for child in one}
        consents.append(
            {
                "id": said.get("application-id", ""),
                "name": said.get("application-name", ""),
                "uri": composing.address(said.get("application-uri")),
                "authorise": composing.address(said.get("authorisation-uri")),
            }
        )
    return Problems(
        named("timed-out-source-list"),
        named("throttled-source-list"),
        named("banned-source-list"),
        tuple(consents),
    )
