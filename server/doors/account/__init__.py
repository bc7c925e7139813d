"""Pages for members: signing in, what their programs may do, their password. They work without JavaScript."""

from server.doors.account.routes import routes

__all__ = ["routes"]
