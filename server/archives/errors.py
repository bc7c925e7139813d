"""What can be wrong with an archive."""


class BadArchive(Exception):
    """Not an archive we read, or one that was made to do harm (SEC-099)."""
