"""Plain text as markup: paragraphs, lines, and links where there are web addresses."""

import re
from html import escape
from typing import Final

from vocab import html
from vocab import iri as iris
from vocab.errors import BadIri

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)'&]")
_PARAGRAPHS: Final = re.compile(r"\n{2,}")


def of_plain(text: str) -> str:
    """Return plain text as it is stored; nothing in it is markup."""
    paragraphs = _PARAGRAPHS.split(text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return html.inert("".join("<p>" + _linked(one).replace("\n", "<br>") + "</p>" for one in paragraphs))


def _linked(text: str) -> str:
    pieces, end = [], 0
    for found in _ADDRESS.finditer(text):
        pieces += [escape(text[end : found.start()], quote=False), _link(found[0])]
        end = found.end()
    return "".join([*pieces, escape(text[end:], quote=False)])


def _link(address: str) -> str:
    """Return a link to what looks like a web address, or its mere text when it is none."""
    text = escape(address)
    try:
        iris.canonical(address)
    except BadIri:
        return text
    return f'<a href="{text}">{text}</a>' if iris.is_http(address) else text
