"""What an activity does here: side effects, recipients, streams, who may see what.

Four verbs for every door: ``publish`` what one of ours says, ``receive`` what a verified server says,
``read`` a stream, ``watch`` it. No third-party library is imported in this package.
"""

from streams import actors, changes, contexts, departures, errors, ids, policy, posts, read, tags
from streams.ports import Elsewhere, Manners, Ports, system_clock
from streams.publish import Once, publish
from streams.receive import receive
from streams.watch import follow, watch

__all__ = [
    "Elsewhere",
    "Manners",
    "Once",
    "Ports",
    "actors",
    "changes",
    "contexts",
    "departures",
    "errors",
    "follow",
    "ids",
    "policy",
    "posts",
    "publish",
    "read",
    "receive",
    "system_clock",
    "tags",
    "watch",
]
