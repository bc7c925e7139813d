"""What in markup could run, or lead where nobody should be led: authors learn what would be taken out (Atom §17.1)."""

from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

ELEMENTS: Final = frozenset(
    ("script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "form", "input", "button",
     "select", "textarea", "link", "meta", "base", "svg", "math", "template", "noscript")
)  # fmt: skip
ADDRESSES: Final = frozenset(("href", "src", "action", "formaction", "cite", "poster", "data", "background"))
SCHEMES: Final = frozenset(("", "http", "https", "mailto"))


def of(markup: str) -> list[str]:
    """Return what is dangerous about some markup, in words; nothing when it may be shown as it is."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ELEMENTS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"{name}=")
            if name in ADDRESSES and _scheme(value or "") not in SCHEMES:
                self.found.append(f"{name}={_scheme(value or '')}:")


def _scheme(address: str) -> str:
    """Return the scheme that a browser would see: it passes over spaces and controls."""
    plain = "".join(sign for sign in address if sign > " ")
    try:
        return urlsplit(plain).scheme
    except ValueError:
        return "?"
