"""Custom ranking of feeds (Feeds API §10): a formula gives each activity its score.

What is wrong with a method is said when it is configured (``Malformed``, with the position); what an activity
lacks, when it is scored (``Unrankable``). The instant and chance are handed in, so a score can be told again.
"""

from streams.ranking.method import Method
from streams.ranking.subject import Occasion, Subject

__all__ = ["Method", "Occasion", "Subject"]
