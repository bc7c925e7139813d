"""The name spaces of a feed, with the prefixes that clients look for (Atom §3.1, §3.2)."""

from typing import Final
from xml.etree.ElementTree import register_namespace

ATOM: Final = "http://www.w3.org/2005/Atom"
ACTIVITY: Final = "http://activitystrea.ms/spec/1.0/"
APPLICATIONS: Final = "http://streams.atlassian.com/syndication/general/1.0"
USERS: Final = "http://streams.atlassian.com/syndication/username/1.0"
MEDIA: Final = "http://purl.org/syndication/atommedia"
THREAD: Final = "http://purl.org/syndication/thread/1.0"
TOMBSTONES: Final = "http://purl.org/atompub/tombstones/1.0"
CONTENT: Final = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE: Final = "http://purl.org/dc/elements/1.1/"

RELATIONS: Final = "http://streams.atlassian.com/syndication/"
"""What the relations of links of the vendor begin with (Atom §3.7)."""
LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
ACTIVITY_JSON: Final = "application/activity+json"

_PREFIXES: Final = {
    "activity": ACTIVITY,
    "atlassian": APPLICATIONS,
    "usr": USERS,
    "media": MEDIA,
    "thr": THREAD,
    "at": TOMBSTONES,
    "content": CONTENT,
    "dc": DUBLIN_CORE,
}

register_namespace("", ATOM)
for _prefix, _uri in _PREFIXES.items():
    register_namespace(_prefix, _uri)
