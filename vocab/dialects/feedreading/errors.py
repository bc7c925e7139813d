"""What can be wrong with a feed as a whole."""

from vocab.errors import ParseError


class NoFeed(ParseError):
    """What was read is no feed of a kind that is known here."""


class Malformed(ParseError):
    """It looks like a feed, but is no well-formed XML: a more lenient reader may get something out of it."""
