"""The Atom door: the stream of everything that happened, filtered, to be read and acted on (Atom §2)."""

from server.doors.atom.routes import routes

__all__ = ["routes"]
