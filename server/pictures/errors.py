"""What can go wrong with the making of a picture."""


class Undecodable(Exception):
    """A file that begins like a picture and is none, or would take more memory or time than any should."""
