"""Namespaces of feeds, in all the spellings that occur (Atom §3.2, §10.2), and how elements are found."""

from typing import Final
from xml.etree.ElementTree import Element

from vocab.xmltree import local, namespace

ATOM10: Final = "http://www.w3.org/2005/Atom"
ATOM03: Final = "http://purl.org/atom/ns#"
ATOMS: Final = frozenset({ATOM10, ATOM03})
ACTIVITY: Final = "http://activitystrea.ms/spec/1.0/"
ATLASSIAN: Final = "http://streams.atlassian.com/syndication/general/1.0"
USR: Final = "http://streams.atlassian.com/syndication/username/1.0"
ATOM_MEDIA: Final = "http://purl.org/syndication/atommedia"
THREAD: Final = "http://purl.org/syndication/thread/1.0"
AT: Final = "http://purl.org/atompub/tombstones/1.0"
POCO: Final = "http://portablecontacts.net/spec/1.0"
DC: Final = "http://purl.org/dc/elements/1.1/"
CONTENT: Final = "http://purl.org/rss/1.0/modules/content/"
MEDIA: Final = "http://search.yahoo.com/mrss/"
SLASH: Final = "http://purl.org/rss/1.0/modules/slash/"
SY: Final = "http://purl.org/rss/1.0/modules/syndication/"
ITUNES: Final = "http://www.itunes.com/dtds/podcast-1.0.dtd"
FEEDBURNER: Final = "http://rssnamespace.org/feedburner/ext/1.0"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS_SPACES: Final = frozenset(
    {
        "",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://my.netscape.com/publish/formats/rss-0.91.dtd",
        "http://backend.userland.com/rss",
        "http://backend.userland.com/rss2",
        "http://backend.userland.com/RSS2",
        "http://blogs.law.harvard.edu/tech/rss",
    }
)
"""Where RSS keeps elements of its own: mostly nowhere."""
LINKS: Final = "http://streams.atlassian.com/syndication/"
"""What relations of links of streams begin with."""

_SPELLINGS: Final = {
    MEDIA: frozenset({MEDIA, "http://search.yahoo.com/mrss", "http://video.search.yahoo.com/mrss"})
}


def children(element: Element, space: str, *names: str) -> list[Element]:
    """Return the children with one of some names in a namespace, in their order."""
    spaces = _SPELLINGS.get(space) or (space,)
    return [one for one in element if local(one) in names and namespace(one) in spaces]


def own(element: Element, *names: str) -> list[Element]:
    """Return the children with one of some names in a namespace of Atom."""
    return [one for one in element if namespace(one) in ATOMS and local(one) in names]


def first(element: Element, *names: str) -> Element | None:
    """Return the first child of Atom by one of some names, the first name first."""
    return next((one for name in names for one in own(element, name)), None)


def value(element: Element, space: str, *names: str) -> str:
    """Return the text of the first such child, empty when there is none."""
    return next(("".join(one.itertext()).strip() for one in children(element, space, *names)), "")
