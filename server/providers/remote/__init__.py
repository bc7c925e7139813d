"""Linked applications: their providers are part of our stream as ``{provider}@{link}`` (Atom §9)."""

from server.providers.remote.linked import Linked
from server.providers.remote.links import Links, provider

__all__ = ["Linked", "Links", "provider"]
