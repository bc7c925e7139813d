"""Figures, each beside its limit or a peer in the same run."""
