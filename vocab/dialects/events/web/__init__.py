"""What pages report of their visitors: the script's messages and the pixel's query as event messages (Events §21)."""

from vocab.dialects.events.web.messages import Report, Seen, converted, read
from vocab.dialects.events.web.pixel import read as pixel

__all__ = ["Report", "Seen", "converted", "pixel", "read"]
