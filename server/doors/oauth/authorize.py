"""The authorisation endpoint (AP-536…AP-538, RFC 6749 §4.1.1): a member is asked, and says yes or no.

Until client and address are known to belong together nobody is sent anywhere; from then on the client is
told of every error, always with ``iss`` (RFC 9207).
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server import parameters
from server.auth import clients, granting, pkce, redirects, scopes, sessions
from server.auth.clients import Client
from server.auth.sessions import Visit
from server.doors.account import forms
from server.doors.account.signin import SIGN_OUT
from server.errors import ProblemError
from server.house import House, house

PARAMETERS = (
    "response_type", "response_mode", "client_id", "redirect_uri", "scope", "state", "code_challenge",
    "code_challenge_method",
)  # fmt: skip
"""What we read of a request; others are ignored (RFC 6749 §3.1)."""
STATE_CHARS_MAX = 2_048
DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and where the answer goes; these two are known to belong together."""

    client: Client
    redirect_uri: str
    parameters: dict[str, str]

    @property
    def address(self) -> str:
        """Where the same question is asked again."""
        return f"/oauth/authorize?{urlencode(self.parameters)}"

    @property
    def purpose(self) -> str:
        """What the consent form is for: this request with all its parameters and no other (SEC-090)."""
        return f"authorize {urlencode(sorted(self.parameters.items()))}"


class Declined(Exception):
    """A request of a known client cannot be put before a member; ``error`` is a code of RFC 6749 §4.1.2.1."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


async def get_authorize(request: Request) -> Response:
    """Answer with the page that asks a member for consent."""
    parts = house(request)
    caller = await _caller(request, parameters.in_query(request))
    visit = await sessions.visit(request)
    try:
        scope = _scope(caller, visit)
    except Declined as refusal:
        return _back(parts, caller, error=refusal.error, error_description=refusal.description)
    if visit.actor is None:
        return forms.to_sign_in(request, caller.address)
    held = scopes.meaning(scope)
    return forms.page(
        request, visit, "authorize.html", form_source=redirects.form_source(caller.redirect_uri),
        client=caller.client, target=redirects.shown(caller.redirect_uri), acct=visit.actor.acct,
        may=[text for name, text in scopes.SCOPES.items() if name in held], parameters=caller.parameters,
        token=visit.form_token(caller.purpose), sign_out=visit.form_token(SIGN_OUT), here=caller.address,
    )  # fmt: skip


async def post_authorize(request: Request) -> Response:
    """Take a member's answer to the page and send them back to the client with it."""
    parts = house(request)
    forms.check_origin(request)
    visit = await sessions.visit(request)
    fields = await parameters.in_form(request)
    token, decision = fields.pop(forms.TOKEN_FIELD, ""), fields.pop(DECISION, "")
    caller = await _caller(request, fields)
    if visit.actor is None:
        return forms.to_sign_in(request, caller.address)
    forms.check_token(visit, token, caller.purpose)
    try:
        scope = _scope(caller, visit)
    except Declined as refusal:
        return _back(parts, caller, error=refusal.error, error_description=refusal.description)
    if decision != "allow":
        return _back(parts, caller, error="access_denied", error_description="the member said no")
    code = await parts.store.write(
        granting.consent, visit.actor.id, caller.client, scope, redirect_uri=fields.get("redirect_uri"),
        challenge=fields["code_challenge"], now=parts.ports.clock(),
    )  # fmt: skip
    return _back(parts, caller, code=code)


async def _caller(request: Request, given: dict[str, str]) -> Caller:
    """Return who asks; a 400 that stays here when that is not certain (SEC-088)."""
    client_id = given.get("client_id")
    if not client_id:
        raise ProblemError(400, "is missing", field="client_id")
    parts = house(request)
    if not client_id.startswith(clients.prefix(parts.base_url)):
        parts.rates.take(request, "look a client up")
    client = await clients.find(parts, client_id)
    if client is None:
        raise ProblemError(400, "no such application is known, here or at that address", field="client_id")
    redirect_uri = client.redirect_uri(given.get("redirect_uri"))
    if redirect_uri is None:
        raise ProblemError(400, "is not an address of that application", field="redirect_uri")
    return Caller(client, redirect_uri, {name: given[name] for name in PARAMETERS if name in given})


def _scope(caller: Caller, visit: Visit) -> str:
    """Check what is asked for and return the scope this member can grant; Declined says what is wrong."""
    given = caller.parameters
    if given.get("response_type") != "code":
        raise Declined("unsupported_response_type", "response_type must be code")
    if given.get("response_mode", "query") != "query":
        raise Declined("invalid_request", "response_mode must be query")
    if given.get("code_challenge_method") != pkce.METHOD:
        raise Declined("invalid_request", "code_challenge_method must be S256")
    if not pkce.CHALLENGE.fullmatch(given.get("code_challenge", "")):
        raise Declined("invalid_request", "code_challenge must be 43 characters of base64url")
    if len(given.get("state", "")) > STATE_CHARS_MAX:
        raise Declined("invalid_request", "state is too long")
    asked, limit = given.get("scope") or caller.client.scope or scopes.READ, caller.client.scope
    scope = scopes.granted(asked, limit, admin=visit.admin or visit.actor is None)
    if not scope:
        raise Declined("invalid_scope", f"known scopes: {' '.join(scopes.SUPPORTED)}")
    return scope


def _back(parts: House, caller: Caller, **answer: str) -> Response:
    """Send the browser to the client with an answer (RFC 6749 §4.1.2, RFC 9700 §4.12)."""
    state = caller.parameters.get("state", "")
    told = {**answer, **({"state": state[:STATE_CHARS_MAX]} if state else {}), "iss": parts.base_url}
    headers = {**forms.PRIVATE, "Referrer-Policy": "no-referrer"}
    return RedirectResponse(redirects.with_answer(caller.redirect_uri, told), 303, headers)
