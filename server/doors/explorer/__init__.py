"""The explorer: what is in the feeds of tenants, for those who run the server or own a tenant.

It shows and changes nothing: every page is asked for by GET, and none needs a script.
"""

from server.doors.explorer.routes import routes

__all__ = ["routes"]
