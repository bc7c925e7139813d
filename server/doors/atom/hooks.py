"""``POST /hooks/{provider}/{secret}``: where other applications report what happened there (Atom §11).

Whoever does not know the secret finds nothing. What is accepted is committed before the answer, and told afterwards.
"""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from server.errors import ProblemError
from server.house import house
from storage import hooks
from storage.hooks import Hook
from streams import hooks as telling
from streams.hooks import Delivery
from vocab import JsonError
from vocab.dialects import webhooks

BYTES_MAX: Final = 1024 * 1024
ACCEPTED: Final = 202
_EVENTS: Final = ("x-github-event", "x-gitea-event", "x-forgejo-event", "x-gitlab-event", "x-event-key")
_DELIVERIES: Final = (
    "x-github-delivery", "x-gitea-delivery", "x-forgejo-delivery", "x-gitlab-event-uuid", "x-gitlab-webhook-uuid",
    "x-atlassian-webhook-identifier", "idempotency-key",
)  # fmt: skip
"""Where applications name an event, and the delivery of it: one that is tried again has the same name."""
NAME_CHARS_MAX: Final = 255
FORM: Final = "application/x-www-form-urlencoded"
FIELD: Final = "payload"
FIELDS_MAX: Final = 100


async def post_hook(request: Request) -> Response:
    """Take a delivery. A 404 where there is no such hook, a 401 for a wrong signature, a 400 for what is no JSON."""
    parts = house(request)
    dialect, secret = request.path_params["provider"], request.path_params["secret"]
    hook = await parts.store.peek(hooks.by_secret, dialect, secret)
    if hook is None:
        raise ProblemError(404, "there is no such hook")
    body = await request.body()
    if len(body) > BYTES_MAX:
        raise ProblemError(413, f"the body is longer than {BYTES_MAX} bytes", type="media-too-large")
    if not _is_signed(hook, request.headers, body):
        raise ProblemError(401, "the signature is missing or wrong")
    delivery = _delivery(request, dialect, body)
    await parts.store.write(telling.take, hook, delivery, now=parts.ports.clock())
    return Response(status_code=ACCEPTED)


def _delivery(request: Request, dialect: str, body: bytes) -> Delivery:
    try:
        text = _said(request, body.decode())
        webhooks.check(dialect, text)
    except UnicodeDecodeError:
        raise ProblemError(400, "must be UTF-8", field="body") from None
    except JsonError as error:
        raise ProblemError(400, str(error), field="body") from None
    event = _first(request.headers, _EVENTS)
    id = _first(request.headers, _DELIVERIES) or sha256(event.encode() + b"\n" + body).hexdigest()
    return Delivery(event, id, text)


def _said(request: Request, text: str) -> str:
    """Return what is reported: the body, or the field of a form that forges put it in unless they are told not to."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM or not text.startswith(f"{FIELD}="):
        return text
    try:
        fields = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MAX)
    except UnicodeDecodeError:
        raise
    except ValueError:
        raise ProblemError(400, f"has more than {FIELDS_MAX} fields", field="body") from None
    return next(value for name, value in fields if name == FIELD)


def _first(headers: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((headers[name][:NAME_CHARS_MAX] for name in names if headers.get(name)), "")


def _is_signed(hook: Hook, headers: Mapping[str, str], body: bytes) -> bool:
    """Tell whether a delivery carries what its hook asks for; compared in constant time."""
    if hook.signing is None:
        return True
    if hook.dialect == "gitlab":
        return _equal(headers.get("x-gitlab-token", ""), hook.signing)
    digest = hmac.digest(hook.signing.encode(), body, "sha256").hex()
    shown = headers.get("x-hub-signature-256") or headers.get("x-hub-signature")
    if shown is None:
        shown = headers.get("x-gitea-signature") or headers.get("x-forgejo-signature") or ""
    return _equal(shown.removeprefix("sha256=").lower(), digest)


def _equal(shown: str, wanted: str) -> bool:
    return hmac.compare_digest(shown.encode(), wanted.encode())
