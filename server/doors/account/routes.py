"""Where members find their pages."""

from starlette.routing import BaseRoute, Route

from server.doors.account import account, feedtokens, interactions, links, providers, signin
from server.doors.account.forms import told


def routes() -> list[BaseRoute]:
    """Return the routes of signing in and of the member's own page."""
    return [
        Route("/login", told(signin.get_login)),
        Route("/login", told(signin.post_login), methods=["POST"]),
        Route("/logout", told(signin.post_logout), methods=["POST"]),
        Route("/account", told(account.get_account)),
        Route("/account/applications", told(account.post_revoke), methods=["POST"]),
        Route("/account/feeds", told(feedtokens.post_make), methods=["POST"]),
        Route("/account/feeds/end", told(feedtokens.post_end), methods=["POST"]),
        Route("/account/links", told(links.get_links)),
        Route("/account/links", told(links.post_links), methods=["POST"]),
        Route("/account/providers", told(providers.get_providers)),
        Route("/account/providers", told(providers.post_providers), methods=["POST"]),
        Route("/authorize_interaction", told(interactions.get_interaction)),
        Route("/authorize_interaction", told(interactions.post_interaction), methods=["POST"]),
        Route("/account/password", told(account.post_password), methods=["POST"]),
    ]
