"""Providers as plug-ins: found by entry points, made by factories, kept apart from each other (Atom §8.4)."""

from server.providers.registry import Entry, Providers, open_providers

__all__ = ["Entry", "Providers", "open_providers"]
