"""Feeds of others: what comes of reading one, for the actor of ours that it is read for (Atom §10).

An actor of ours, the subscription's own, tells what the feed brings. Reading it over the network is not done here.
"""

from streams.pulling import hubs, schedule, taking
from streams.pulling.schedule import Answer, after_answer, after_failure
from streams.pulling.subscribing import Options, subscribe, unsubscribe
from streams.pulling.taking import Taken, take

__all__ = [
    "Answer",
    "Options",
    "Taken",
    "after_answer",
    "after_failure",
    "hubs",
    "schedule",
    "subscribe",
    "take",
    "taking",
    "unsubscribe",
]
