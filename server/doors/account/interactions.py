"""What a member does about someone or something whose own page sent them home to do it (AP-123).

Other servers find this page by the ``subscribe`` template of WebFinger.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from federation import FederationError, webfinger
from server.auth import sessions
from server.doors.account import forms
from server.errors import ProblemError
from server.house import House, house
from server.pages import portraits
from server.pages.portraits import Portrait
from server.proxy import is_handle
from storage import actors
from storage.actors import ActorRow
from streams import actors as making
from streams import ids, policy, publish, read
from streams.errors import StreamsError
from vocab import PUBLIC, Audience, Object, VocabError, from_json, html, iri, media, plaintext, stored

INTERACT = "interact"
URI_CHARS_MAX = 2_048
TEXT_CHARS_MAX = 280
ACTS = {"follow": "Follow", "like": "Like", "share": "Announce"}
"""What the buttons say → what is published."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a member was sent about: an actor, or what somebody made."""

    iri: str
    who: Portrait | None
    text: str
    page: str
    is_actor: bool
    public: bool

    @property
    def acts(self) -> list[str]:
        """What can be done about it."""
        if self.is_actor:
            return ["follow"]
        return ["like", "share"] if self.public else ["like"]


async def get_interaction(request: Request) -> Response:
    """Answer with what an address or handle means, and what can be done about it."""
    name = _asked(request.query_params.get("uri", ""))
    visit = await sessions.visit(request)
    if visit.actor is None:
        return forms.to_sign_in(request, f"/authorize_interaction?uri={quote(name, safe='')}")
    subject = await _subject(request, name, visit.actor)
    return forms.page(
        request, visit, "interaction.html", acct=visit.actor.acct, subject=subject, name=name,
        done=request.query_params.get("done", ""), token=visit.form_token(INTERACT),
    )  # fmt: skip


async def post_interaction(request: Request) -> Response:
    """Do in a member's name what they chose."""
    parts = house(request)
    visit = await sessions.visit(request)
    fields = await forms.submitted(request, visit, INTERACT)
    name, act = _asked(fields.get("uri", "")), fields.get("act", "")
    here = f"/authorize_interaction?uri={quote(name, safe='')}"
    if visit.actor is None:
        return forms.to_sign_in(request, here)
    parts.rates.take(request, "publish", by=visit.actor.iri)
    subject = await _subject(request, name, visit.actor)
    if act not in subject.acts:
        raise ProblemError(400, "cannot be done here", field="act")
    try:
        await publish(parts.ports, visit.actor, _activity(act, subject, visit.actor))
    except (StreamsError, VocabError) as refusal:
        raise ProblemError(400, str(refusal)) from None
    return forms.redirect(parts, f"{here}&done={act}")


def _asked(name: str) -> str:
    """Return the address or handle that is asked about, without what some servers put before it."""
    name = name.strip()
    if not 0 < len(name) <= URI_CHARS_MAX or not (is_handle(name) or iri.is_http(name)):
        raise ProblemError(400, "must be an address or a handle", field="uri")
    return name


def _activity(act: str, subject: Subject, actor: ActorRow) -> Object:
    members: dict[str, Any] = {"type": ACTS[act], "object": subject.iri}
    if act == "share":
        members |= {"to": PUBLIC, "cc": actor.followers}
    return from_json(members)


async def _subject(request: Request, name: str, reader: ActorRow) -> Subject:
    """Find what a name means, here or elsewhere, as the member may see it. Raises ProblemError.

    A site that sends a member here with an address of its own does not learn by that who they are.
    """
    parts = house(request)
    own = webfinger.local_name(name, parts.base_url)
    try:
        if own is not None:
            return await _described(parts, Object({}), (await parts.store.read(making.named, own)).iri)
        if ids.is_ours(parts.base_url, name):
            return await _ours(parts, name, reader)
        parts.rates.take(request, "read elsewhere", by=reader.iri)
        sent = request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
        found = await parts.proxy.find(name, reader, unnamed=sent)
        if found.is_actor:
            await parts.ports.elsewhere.actor(found.id or name)
    except (StreamsError, FederationError, VocabError) as error:
        raise ProblemError(404, "There is nothing to be found there at the moment.") from error
    return await _described(parts, found, found.id or name)


async def _ours(parts: House, address: str, reader: ActorRow) -> Subject:
    page = f"{parts.base_url}/@"
    if address.startswith(page):
        actor = await parts.store.read(making.named, address.removeprefix(page))
        return await _described(parts, Object({}), actor.iri)
    if await parts.store.read(actors.find, address) is not None:
        return await _described(parts, Object({}), address)
    text = await parts.store.read(read.document, address, policy.viewer(reader))
    return await _described(parts, stored(text.document, text.context), address)


async def _described(parts: House, thing: Object, address: str) -> Subject:
    actor = await parts.store.read(actors.find, address)
    if actor is not None:
        who = portraits.of_actor(actor, parts.base_url)
        return Subject(actor.iri, who, "", who.page, is_actor=True, public=True)
    author = await parts.store.read(actors.find, (*thing.ids("attributedTo"), "")[0])
    said = thing.text("name") or thing.text("summary") or html.plain(thing.text("content") or "")
    return Subject(
        address,
        None if author is None else portraits.of_actor(author, parts.base_url),
        plaintext.name(said)[:TEXT_CHARS_MAX],
        portraits.followed(media.page(thing) or address),
        is_actor=False,
        public=Audience.of(thing).public,
    )
