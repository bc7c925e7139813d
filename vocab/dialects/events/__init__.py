"""The Events API's messages as pure functions: its JSON ↔ values ↔ Activity Streams 2.0.

Each file has one noun of the dialect; ``messages`` is what reading gives. Sections (§) are those of the wire
specification that the door of this dialect keeps.
"""

from vocab.dialects.events import aspects
from vocab.dialects.events.messages import (
    Bump,
    Comment,
    DataPoint,
    Entity,
    Event,
    Known,
    Link,
    Moment,
    Point,
    Reading,
    Role,
    Rule,
)
from vocab.dialects.events.problems import Problem, Problems
from vocab.dialects.events.references import BadReference, Ref

__all__ = [
    "BadReference",
    "Bump",
    "Comment",
    "DataPoint",
    "Entity",
    "Event",
    "Known",
    "Link",
    "Moment",
    "Point",
    "Problem",
    "Problems",
    "Reading",
    "Ref",
    "Role",
    "Rule",
    "aspects",
]
