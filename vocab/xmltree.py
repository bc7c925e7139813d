"""XML as a tree that keeps order and namespaces, read within limits (Atom §17.4).

A document that declares a document type is refused whole: without one there are no entities to expand and nothing
outside to fetch. Depth, nodes and bytes have limits that no honest feed comes near.
"""

import re
from typing import Any, Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from vocab.errors import XmlError

BYTES_MAX: Final = 10 * 1024 * 1024
DEPTH_MAX: Final = 100
NODES_MAX: Final = 400_000
"""Elements and attributes together."""
TEXT_CHARS_AT_ONCE: Final = 64 * 1024
XML: Final = "{http://www.w3.org/XML/1998/namespace}"

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
_DECLARES = re.compile(r"<!(?:DOCTYPE|ENTITY)\b", re.IGNORECASE)
_SECTION = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def parse(text: str) -> Element:
    """Read a document and return its root; names of elements and attributes are ``{namespace}local``.

    Raises XmlError for what is not well formed, declares a type, or breaks a limit.
    """
    size = len(text.encode(errors="replace"))
    if size > BYTES_MAX:
        raise XmlError(f"has {size} bytes, at most {BYTES_MAX}")
    return _Reading().read(_DECLARATION.sub("", text, count=1))


def declares(text: str) -> bool:
    """Tell whether text declares a document type or entities, outside of comments and character data."""
    return _DECLARES.search(_SECTION.sub("", text)) is not None


def without_forbidden(text: str) -> str:
    """Return text without the characters that XML forbids."""
    return _FORBIDDEN.sub("", text)


class _Reading:
    """One run of expat over a text."""

    def __init__(self) -> None:
        self._builder = TreeBuilder()
        self._depth = 0
        self._nodes = 0
        self._parser = expat.ParserCreate("utf-8", "}")
        self._parser.buffer_text = True
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._builder.data
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.ExternalEntityRefHandler = self._refuse

    def read(self, text: str) -> Element:
        try:
            self._parser.Parse(text.lstrip().encode(errors="replace"), True)
        except expat.ExpatError as error:
            raise XmlError(str(error)) from None
        return self._builder.close()

    def _start(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        self._nodes += 1 + len(attributes) // 2
        if self._depth > DEPTH_MAX:
            raise XmlError(f"is deeper than {DEPTH_MAX} elements")
        if self._nodes > NODES_MAX:
            raise XmlError(f"has more than {NODES_MAX} elements and attributes")
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        self._builder.start(_named(name), {_named(key): value for key, value in pairs})

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._builder.end(_named(name))

    def _refuse(self, *_: Any) -> int:
        raise XmlError("declares a document type; such documents are not read")


def _named(name: str) -> str:
    return "{" + name if "}" in name else name


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def namespace(element: Element) -> str:
    """Return an element's namespace, empty when it has none."""
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""
