"""Outside activities: what programs elsewhere post to be shown in the stream, JSON Activity Streams 1.0 (Atom §6).

``read`` takes a body apart and names everything that is wrong with it; ``spelled`` writes what was kept as it is
answered; ``as2`` says what that is as an entry.
"""

from vocab.dialects.thirdparty import as2
from vocab.dialects.thirdparty.activity import Generator, OutsideActivity, Person, Picture, Thing
from vocab.dialects.thirdparty.reading import read
from vocab.dialects.thirdparty.spelling import spelled

MEDIA_TYPE = "application/vnd.atl.streams.thirdparty+json"

__all__ = [
    "MEDIA_TYPE",
    "Generator",
    "OutsideActivity",
    "Person",
    "Picture",
    "Thing",
    "as2",
    "read",
    "spelled",
]
