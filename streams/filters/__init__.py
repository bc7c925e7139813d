"""The one filter language: of routes, of lists and subscriptions at the Events door, of Atom (Events §1.6).

A filter is read once into a tree, which is then asked of a message here (``Filter.matches``) or told to the database
(``storage.eventfilters``); both give the same answer. No text of a client reaches the database but as a value.
"""

from streams.filters.filter import Filter, parse
from streams.filters.grammar import may_be_asked
from streams.filters.words import InvalidFilter

__all__ = ["Filter", "InvalidFilter", "may_be_asked", "parse"]
