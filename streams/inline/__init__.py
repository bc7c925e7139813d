"""Acting on what a stream shows, where it is shown: comment, watch, vote, and what providers add (Atom §7).

``offered`` says which of it a reader may do now; the verbs do it, or say by their errors why not.
"""

from streams.inline import named
from streams.inline.commenting import checked, comment
from streams.inline.offered import offered
from streams.inline.parts import Parts
from streams.inline.voting import unvote, vote
from streams.inline.watching import unwatch, watch

__all__ = ["Parts", "checked", "comment", "named", "offered", "unvote", "unwatch", "vote", "watch"]
