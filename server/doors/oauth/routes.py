"""Where programs find the OAuth door's resources."""

from starlette.routing import BaseRoute, Route

from server.doors.account.forms import told
from server.doors.oauth import authorize, metadata, register, token, tokens
from server.doors.oauth.answers import answering


def routes() -> list[BaseRoute]:
    """Return the routes."""
    return [
        Route("/.well-known/oauth-authorization-server", metadata.get_authorization_server),
        Route("/.well-known/oauth-protected-resource", metadata.get_protected_resource),
        Route("/oauth/authorize", told(authorize.get_authorize)),
        Route("/oauth/authorize", told(authorize.post_authorize), methods=["POST"]),
        Route("/oauth/token", answering(token.post_token), methods=["POST"]),
        Route("/oauth/register", answering(register.post_register), methods=["POST"]),
        Route("/oauth/revoke", answering(tokens.post_revoke), methods=["POST"]),
        Route("/oauth/introspect", answering(tokens.post_introspect), methods=["POST"]),
        Route("/oauth/userinfo", tokens.get_userinfo),
        Route("/oauth/clients/{id}", register.get_client),
    ]
