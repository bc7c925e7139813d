"""What a feed says of itself and of each entry, before it is spelt as Atom, RSS or JSON Feed (Atom §3, §14).

All dialects read from here, so that they cannot disagree. Whether someone may read an activity is decided before it
comes here (SEC-076).
"""

from vocab.dialects.syndication.bodies import hashtags, language, warned, warning
from vocab.dialects.syndication.headers import Authorisation, Deletion, Header, Troubles
from vocab.dialects.syndication.items import Category, Generator, Item, Person, Picture, Thing
from vocab.dialects.syndication.people import person, reachable
from vocab.dialects.syndication.reading import brief, item_of

__all__ = [
    "Authorisation",
    "Category",
    "Deletion",
    "Generator",
    "Header",
    "Item",
    "Person",
    "Picture",
    "Thing",
    "Troubles",
    "brief",
    "hashtags",
    "item_of",
    "language",
    "person",
    "reachable",
    "warned",
    "warning",
]
