"""Where everything is and what is understood (AP-531, AP-532; RFC 8414, RFC 9207, RFC 9728)."""

from starlette.requests import Request
from starlette.responses import Response

from server.auth import pkce, scopes
from server.doors.oauth.answers import KEPT, json
from server.house import house

AUTH_METHODS = ("none", "client_secret_basic", "client_secret_post")
GRANT_TYPES = ("authorization_code", "refresh_token")
RESPONSE_TYPES = ("code",)


async def get_authorization_server(request: Request) -> Response:
    """Answer what this authorisation server offers (RFC 8414 §2)."""
    base_url = house(request).base_url
    return json(
        {
            "issuer": base_url,
            "authorization_endpoint": f"{base_url}/oauth/authorize",
            "token_endpoint": f"{base_url}/oauth/token",
            "registration_endpoint": f"{base_url}/oauth/register",
            "revocation_endpoint": f"{base_url}/oauth/revoke",
            "introspection_endpoint": f"{base_url}/oauth/introspect",
            "userinfo_endpoint": f"{base_url}/oauth/userinfo",
            "scopes_supported": scopes.SUPPORTED,
            "response_types_supported": RESPONSE_TYPES,
            "response_modes_supported": ["query"],
            "grant_types_supported": GRANT_TYPES,
            "code_challenge_methods_supported": [pkce.METHOD],
            "token_endpoint_auth_methods_supported": AUTH_METHODS,
            "revocation_endpoint_auth_methods_supported": AUTH_METHODS,
            "introspection_endpoint_auth_methods_supported": AUTH_METHODS[1:],
            "client_id_metadata_document_supported": True,
            "authorization_response_iss_parameter_supported": True,
            "service_documentation": "https://w3id.org/fep/d8c2",
        },
        headers=KEPT,
    )


async def get_protected_resource(request: Request) -> Response:
    """Answer who gives out tokens for what is here (RFC 9728 §2)."""
    base_url = house(request).base_url
    return json(
        {
            "resource": base_url,
            "authorization_servers": [base_url],
            "scopes_supported": scopes.SUPPORTED,
            "bearer_methods_supported": ["header"],
        },
        headers=KEPT,
    )
