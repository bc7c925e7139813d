"""The text of a page: which characters its bytes stand for (HTML §13.2.3)."""

import codecs
import re
from typing import Final

SNIFFED_BYTES: Final = 1024
"""A page that names its encoding itself does so this early."""
USUAL: Final = "utf-8"

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMED: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_PARAMETER: Final = re.compile(r";\s*charset\s*=\s*\"?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_PLAIN: Final = re.compile(
    r"ascii|utf-8|utf-16-[lb]e|iso8859-\d+|cp125\d|cp866|cp874|koi8-[ru]|mac-roman|mac-cyrillic|tis-620"
    r"|shift_jis|cp932|euc_jp|iso2022_jp|euc_kr|cp949|big5|big5hkscs|gb2312|gbk|gb18030"
)
"""The encodings of the web; Python knows others, which compute."""
_LARGER: Final = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "shift_jis": "cp932"}
"""What pages mean that name one of these, as browsers have it."""


def text(body: bytes, content_type: str) -> str:
    """Return the text of a page. What is no character of its encoding becomes U+FFFD."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    said = _PARAMETER.search(content_type)
    named = _NAMED.search(body[:SNIFFED_BYTES])
    told = _codec(said[1]) if said else None
    return body.decode(told or _codec(named[1].decode("ascii") if named else "") or USUAL, "replace")


def _codec(label: str) -> str | None:
    """Return the encoding of a label; None for what is none of the web's."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    return _LARGER.get(name, name) if _PLAIN.fullmatch(name) else None
