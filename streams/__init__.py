"""What an activity does here: side effects, recipients, streams, who may see what.

Four verbs for every door: ``publish`` what one of ours says, ``receive`` what a verified server says,
``read`` a stream, ``watch`` it. No third-party library is imported in this package.
"""

from streams import actors, departures, errors, ids, policy, read
from streams.ports import Elsewhere, Ports, system_clock
from streams.publish import Once, publish
from streams.receive import receive
from streams.watch import watch

__all__ = [
    "Elsewhere",
    "Once",
    "Ports",
    "actors",
    "departures",
    "errors",
    "ids",
    "policy",
    "publish",
    "read",
    "receive",
    "system_clock",
    "watch",
]
