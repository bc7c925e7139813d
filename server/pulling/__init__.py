"""Feeds of others: read over the network, from time to time, for actors of ours (Atom §10, §16)."""

from server.pulling.polling import Outcome, Poller

__all__ = ["Outcome", "Poller"]
