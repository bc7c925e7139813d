"""Reading feeds of others, strictly where they are strict and tolerantly where they are not (Atom §10.2, §10.3).

Every format becomes the same ``Reading``: entries as Activity Streams 2.0, under keys by which they are known again.
"""

from vocab.dialects.feedreading.as2 import outbox
from vocab.dialects.feedreading.detecting import data, read
from vocab.dialects.feedreading.errors import Malformed, NoFeed
from vocab.dialects.feedreading.reading import Item, Problems, Reading

__all__ = ["Item", "Malformed", "NoFeed", "Problems", "Reading", "data", "outbox", "read"]
