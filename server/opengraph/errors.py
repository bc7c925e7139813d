"""Why there is nothing to say of an address."""


class NoPreview(Exception):
    """What is at an address says nothing of itself, is no page, or cannot be read; the text may be told."""
