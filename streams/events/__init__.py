"""The Events API's verbs: what recording, reading, following and voting do here.

Messages are read by ``vocab.dialects.events``; ``recording`` keeps them. Every verb takes ``Events``, the parts it
works with; units of work take the ``Space`` of the tenant they are about.
"""

from streams.events.item import Item, Named, Recorded, Rejected
from streams.events.parts import Events, TenantSettings
from streams.events.reader import Reader
from streams.events.route import Route
from streams.events.space import Space

__all__ = ["Events", "Item", "Named", "Reader", "Recorded", "Rejected", "Route", "Space", "TenantSettings"]
