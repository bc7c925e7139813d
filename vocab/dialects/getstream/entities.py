"""References meet: ``User:1`` and ``SU:1`` in a feed are ``{base}/entities/User/1`` at the other doors."""

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Final
from urllib.parse import quote, unquote

from vocab import iri as iris
from vocab.dialects.getstream.references import MARKS, Reference
from vocab.errors import BadIri

USER: Final = "User"
OBJECT: Final = "Object"
"""The type of an entity that is called by a bare name anywhere but as the actor."""
SEGMENT_CHARS_MAX: Final = 512
"""Longer names have a digest in the place of their spelling, so that an IRI stays below its limit."""

_TYPES: Final = {"user": USER, "activity": "Activity", "reaction": "Reaction"}
_KINDS: Final = {type: kind for kind, type in _TYPES.items()}
_TYPED: Final = re.compile(r"([A-Za-z][\w.-]*):(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entities:
    """The entities of one name space; ``root`` is what their IRIs begin with, without a slash at its end.

    ``accounts`` is what the IRIs of those users begin with who have an account here, empty where nobody has one.
    """

    root: str
    accounts: str = ""

    def iri(self, text: str, untyped: str = OBJECT) -> str:
        """Return the IRI of what a text names; ``untyped`` is the type of bare names. Web addresses stay.

        But nobody who acts here is given the name of someone of ours who is not in this name space.
        """
        if _is_address(text) and (untyped != USER or self.has(text) or not iris.same_origin(text, self.root)):
            return text
        reference = Reference.parse(text)
        if reference is not None:
            type, name = reference.collection or _TYPES[reference.kind], reference.id
        else:
            typed = _TYPED.fullmatch(text)
            type, name = (typed[1], typed[2]) if typed else (untyped, text)
        return self.named(type, name)

    def named(self, type: str, name: str) -> str:
        """Return the IRI of the entity of a type that goes by a name."""
        return f"{self.root}/{_segment(type)}/{_segment(name)}"

    def text(self, iri: str) -> str:
        """Return what names an IRI in a feed: a user's reference, ``Type:id``, or the address of what is not ours."""
        iri = self._entity(iri)
        type, _, name = iri.removeprefix(self.root + "/").partition("/")
        if not iri.startswith(self.root + "/") or not type or not name:
            return iri
        kind = _KINDS.get(type)
        return f"{MARKS[kind] if kind else unquote(type)}:{unquote(name)}"

    def called(self, iri: str, told: object, untyped: str = OBJECT) -> str:
        """Return the text by which a document says that an IRI is called, if it does name that IRI."""
        return (
            told if isinstance(told, str) and self.iri(told, untyped) == self._entity(iri) else self.text(iri)
        )

    def has(self, iri: str) -> bool:
        """Tell whether an IRI is that of an entity or account of this name space."""
        return iri.startswith(f"{self.root}/") or (
            self.accounts != "" and iri.startswith(f"{self.accounts}/")
        )

    def account(self, iri: str) -> str | None:
        """Return the IRI of the account that an entity would have, None for what is no user."""
        prefix = f"{self.root}/{USER}/"
        return f"{self.accounts}/{iri[len(prefix) :]}" if self.accounts and iri.startswith(prefix) else None

    def _entity(self, iri: str) -> str:
        """Return the IRI of the entity that an account is."""
        prefix = f"{self.accounts}/"
        if not self.accounts or not iri.startswith(prefix) or "/" in iri[len(prefix) :]:
            return iri
        return f"{self.root}/{USER}/{iri[len(prefix) :]}"


def _is_address(text: str) -> bool:
    try:
        iris.canonical(text)
    except BadIri:
        return False
    return iris.is_http(text)


@lru_cache(8_192)
def _segment(name: str) -> str:
    """Spell a name as one segment of a path; what cannot be one (``..``) or is too long, as its digest."""
    spelled = quote(name, safe="")
    if len(spelled) <= SEGMENT_CHARS_MAX and spelled not in (".", ".."):
        return spelled
    return f"sha256-{sha256(name.encode()).hexdigest()}"
