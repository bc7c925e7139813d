"""Reading the members of an outside activity, noting everything that is wrong under its JSON path (Atom §6.1, §6.3).

Null and the empty text are absent. Lengths are counted before markup is made harmless.
"""

import re
from typing import Any, Final

from vocab import iri as iris
from vocab import plaintext
from vocab.errors import BadIri

NAME_CHARS_MAX: Final = 255
CONTENT_CHARS_MAX: Final = 5_000
PIXELS_MAX: Final = 100_000

_SIMPLE: Final = re.compile(r'[^/:<>"\\\x00-\x1f\x7f-\x9f\ud800-\udfff]+')
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_RUNNING: Final = frozenset({"javascript", "data", "vbscript"})
"""Schemes of what would run where it is followed."""


class Problems:
    """What is wrong with an activity: ``object: summary has 300 characters, at most 255``."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def note(self, path: tuple[str, ...], what: str) -> None:
        """Note what is wrong with a member."""
        first, *rest = path
        self.found.append(f"{first}: {' '.join([*('.'.join(rest),), what]) if rest else what}")


class Fields:
    """The members of one object at a path; anything else than an object has none, and is noted."""

    def __init__(self, value: Any, problems: Problems, *path: str) -> None:
        self.members: dict[str, Any] = value if isinstance(value, dict) else {}
        self.problems = problems
        self._path = path

    def get(self, *names: str) -> Any:
        """Return the first of some members that is there; null, empty texts and empty lists are absent."""
        found = (self.members.get(name) for name in names)
        return next((value for value in found if value is not None and value not in ("", [])), None)

    def refuse(self, name: str, what: str) -> None:
        """Note what is wrong with a member."""
        self.problems.note((*self._path, name), what)

    def fields(self, name: str, value: Any) -> "Fields | None":
        """Return the members of an object that is a member; None when there is none, or not an object."""
        if value is None:
            return None
        if not isinstance(value, dict):
            self.refuse(name, "must be an object")
            return None
        return Fields(value, self.problems, *self._path, name)

    def text(self, *names: str, chars_max: int = NAME_CHARS_MAX, required: bool = False) -> str:
        """Return text as it was sent; the empty text when it is absent or wrong. Further names are aliases."""
        value, name = self.get(*names), names[0]
        if value is None:
            if required:
                self.refuse(name, "is required")
            return ""
        if not isinstance(value, str):
            self.refuse(name, "must be text")
            return ""
        if len(value) > chars_max:
            self.refuse(name, f"has {len(value)} characters, at most {chars_max}")
            return ""
        return value

    def line(self, *names: str, required: bool = False) -> str:
        """Return a name: plain text in one line, without what would break its display."""
        return " ".join(plaintext.name(self.text(*names, required=required)).split())

    def address(self, *names: str, required: bool = False) -> str:
        """Return an absolute http(s) URI."""
        found = self.text(*names, required=required)
        if found and not iris.is_http(found):
            self.refuse(names[0], "must be an absolute http or https URI")
            return ""
        return found

    def uri(self, name: str) -> str:
        """Return an absolute URI of any scheme but those of programs."""
        found = self.text(name)
        if found and not is_absolute(found):
            self.refuse(name, "must be an absolute URI")
            return ""
        return found

    def name_or_uri(self, name: str) -> str:
        """Return an absolute URI or a simple name."""
        found = self.text(name).strip()
        if found and not is_simple(found) and not is_absolute(found):
            self.refuse(name, "must be an absolute URI or a simple name")
            return ""
        return found

    def name_or_address(self, *names: str) -> str:
        """Return an absolute http(s) URI or a simple name."""
        found = self.text(*names).strip()
        if found and not is_simple(found) and not iris.is_http(found):
            self.refuse(names[0], "must be an absolute http or https URI or a simple name")
            return ""
        return found

    def pixels(self, name: str) -> int | None:
        """Return a size, digits as text will do; None when it is absent or wrong."""
        value = self.get(name)
        if value is None:
            return None
        text = value.strip() if isinstance(value, str) else str(value) if type(value) is int else ""
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= PIXELS_MAX):
            self.refuse(name, f"must be a whole number from 0 to {PIXELS_MAX}")
            return None
        return int(text)


def is_simple(text: str) -> bool:
    """Tell whether text is a simple name: it is no address of any kind, whatever it is put into."""
    return _SIMPLE.fullmatch(text) is not None


def is_absolute(text: str) -> bool:
    """Tell whether text is an absolute URI that nothing runs which follows it."""
    scheme = _SCHEME.match(text)
    if scheme is None or scheme[1].lower() in _RUNNING:
        return False
    try:
        iris.canonical(text)
    except BadIri:
        return False
    return True
