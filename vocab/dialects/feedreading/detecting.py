"""Which kind of feed it is: by what it contains, not by what it is called (Atom §10.2)."""

from typing import Any

from vocab import jsontext, xmltree
from vocab.dialects.feedreading import as1, as2, atom, charsets, jsonfeed, rss
from vocab.dialects.feedreading.errors import Malformed, NoFeed
from vocab.dialects.feedreading.names import ATOMS
from vocab.dialects.feedreading.reading import Reading
from vocab.errors import JsonError, XmlError
from vocab.xmltree import local, namespace

RSS = frozenset({"rss", "RDF", "rdf", "channel"})


def read(body: bytes, *, found_at: str, content_type: str = "") -> Reading:
    """Read a feed that was found at an address.

    Raises NoFeed for what is none or must not be read (a document type, beyond a limit), Malformed for a feed that is
    no well-formed XML. Strict: what is recovered from such a feed is for another reader.
    """
    if len(body) > xmltree.BYTES_MAX:
        raise NoFeed(f"it has {len(body)} bytes, at most {xmltree.BYTES_MAX} are read")
    text, _ = charsets.text(body, content_type)
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start in ("{", "["):
        return _json(text, found_at)
    if start != "<":
        raise NoFeed("it is neither XML nor JSON")
    return _xml(text, found_at)


def data(body: bytes, content_type: str = "") -> Any:
    """Return JSON of others, or None for what is none."""
    text, _ = charsets.text(body, content_type)
    try:
        return jsontext.plain(text.lstrip("\ufeff"))
    except JsonError:
        return None


def _json(text: str, found_at: str) -> Reading:
    try:
        found = jsontext.plain(text.lstrip("\ufeff"))
    except JsonError as error:
        raise NoFeed(str(error)) from None
    if isinstance(found, dict) and str(found.get("version", "")).startswith(jsonfeed.VERSION):
        return jsonfeed.read(found, found_at)
    if as1.recognises(found):
        return as1.read(found, found_at)
    if isinstance(found, dict) and ("@context" in found or "type" in found):
        return as2.read(found, found_at)
    raise NoFeed("it is JSON, but no feed of a kind that is known here")


def _xml(text: str, found_at: str) -> Reading:
    if xmltree.declares(text[:65_536]):
        raise NoFeed("it declares a document type; such documents are not read")
    clean = xmltree.without_forbidden(text.lstrip("\ufeff"))
    try:
        root = xmltree.parse(clean)
    except XmlError as error:
        if xmltree.declares(text) or "at most" in error.reason or "than" in error.reason:
            raise NoFeed(error.reason) from None
        raise Malformed(error.reason) from None
    if local(root) in ("feed", "entry") and namespace(root) in ATOMS:
        return atom.read(root, found_at)
    if local(root) in RSS:
        return rss.read(root, found_at)
    raise NoFeed(f"it is XML, but <{local(root)[:40]}> is no feed")
