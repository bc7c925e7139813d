"""Pages for people, and feeds for their readers: rendered here, readable without JavaScript.

Markup of others is sanitised when it comes in and once more on its way out (SEC-069, SEC-070). Pages show
what everyone may read; of anything else only the one thing that was asked for, to whom it is addressed.
"""

from server.pages.answers import answer, error
from server.pages.rendering import render
from server.pages.routes import routes

__all__ = ["answer", "error", "render", "routes"]
