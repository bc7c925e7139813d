"""How the activities of a feed are grouped (Feeds API §8.4): a format gives each activity the name of its group.

The format is applied once, when an activity enters a feed. What is wrong with it is said when it is configured
(``Malformed``, with the position); applied to an activity, it always has a result.
"""

from streams.aggregation.format import DEFAULT, GROUP_BYTES_MAX, Format
from streams.aggregation.placement import Placement

__all__ = ["DEFAULT", "GROUP_BYTES_MAX", "Format", "Placement"]
