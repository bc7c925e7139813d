"""Feeds of applications: what adding, following, changing and removing does there (Feeds API).

A feed is a stream; what is in it are placements, in the order of the activities' ids. Ids, targets and foreign ids are
those of ``vocab.dialects.getstream``. Every verb takes ``Feeds``, the parts it works with, and the tenant it is about.
"""

from streams.feeds.bundles import Unbundled
from streams.feeds.changing import MissingActivity
from streams.feeds.group import Group
from streams.feeds.groups import Groups, UnknownGroup
from streams.feeds.moments import Moments
from streams.feeds.ranked import UnknownRanking
from streams.feeds.space import Feeds, Limits, Space

__all__ = [
    "Feeds",
    "Group",
    "Groups",
    "Limits",
    "MissingActivity",
    "Moments",
    "Space",
    "Unbundled",
    "UnknownGroup",
    "UnknownRanking",
]
