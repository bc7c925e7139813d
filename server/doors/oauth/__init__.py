"""OAuth 2 for programs that act in a member's name: RFC 6749 as RFC 9700 wants it, FEP-d8c2."""

from server.doors.oauth.routes import routes

__all__ = ["routes"]
