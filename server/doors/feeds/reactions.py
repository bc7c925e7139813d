"""Reactions (Feeds §7.3)."""

from typing import Any, Final, Literal, cast
from urllib.parse import quote, urlencode

from server.auth.feeds import Denied, policy
from server.doors.feeds import enrichment, named
from server.doors.feeds.call import Call
from server.doors.feeds.door import API, Operations
from server.doors.feeds.errors import MissingUser
from storage.feedreactions import FeedReaction
from streams.feeds import enrichment as enriched
from streams.feeds import erasing, lookups, reactions
from streams.feeds.lookups import Lookup
from vocab.dialects.getstream.feedids import Target
from vocab.dialects.getstream.reactions import changed, posted
from vocab.errors import BadFields

GET_MANY_MAX: Final = 100
PAGE: Final = 10
PAGE_MAX: Final = 100
MIXED_MAX: Final = 25
"""A page of reactions of all kinds has at most so many."""
LOOKUPS: Final = ("activity_id", "reaction_id", "user_id")
AGAIN: Final = enrichment.AGAIN | {"with_activity_data", "filter_user_id"}
BOUNDS: Final = ("lt", "lte", "gt", "gte")


async def add_reaction(call: Call) -> dict[str, Any]:
    """React to an activity, or to another reaction."""
    call.claim(policy.WRITE_REACTION)
    new = posted(await call.json())
    if call.grant.governed and new.user_id not in ("", call.user):
        raise BadFields({"user_id": ["must be the user whose token this is"]})
    user = new.user_id or call.user
    if not user:
        raise MissingUser("user_id is required from servers")
    call.require(policy.WRITE_REACTION, owner=user)
    await named.require_targets(call, new.targets)
    row = await reactions.add(call.house.feeds, call.tenant, new, user, author=user)
    return await _told(call, row) | _extra(new.targets, new.extra)


async def get_reaction(call: Call) -> dict[str, Any]:
    """Show a reaction with the replies to it; one that was deleted `soft` says so."""
    call.require(policy.READ_REACTIONS)
    return await _told(call, await reactions.find(call.house.feeds, call.tenant, call.names["id"]))


async def update_reaction(call: Call) -> dict[str, Any]:
    """Give a reaction other data, or tell other feeds of it."""
    call.claim(policy.WRITE_REACTION)
    wanted = changed(await call.json())
    refusal = await _refusal(call, wanted.targets or ())

    def may(row: FeedReaction) -> None:
        call.require(policy.WRITE_REACTION, owner=row.author)
        if refusal is not None:
            raise refusal

    row = await reactions.change(
        call.house.feeds, call.tenant, call.names["id"], wanted, may, author=call.user
    )
    return await _told(call, row) | _extra(wanted.targets, wanted.extra)


async def _refusal(call: Call, targets: tuple[Target, ...]) -> Denied | None:
    """Return why some feeds may not be told, to be said once it is known that there is something to tell."""
    try:
        await named.require_targets(call, targets)
    except Denied as error:
        return error
    return None


async def delete_reaction(call: Call) -> dict[str, Any]:
    """Delete a reaction with all replies to it; if `soft`, hide it until it is restored."""
    call.claim(policy.DELETE_REACTION)
    verb = reactions.hide if call.query.flag("soft") else erasing.remove

    def may(row: FeedReaction) -> None:
        call.require(policy.DELETE_REACTION, owner=row.author)

    await verb(call.house.feeds, call.tenant, call.names["id"], may, author=call.user)
    return {}


async def restore_reaction(call: Call) -> dict[str, Any]:
    """Show a reaction again that was deleted `soft`."""
    call.claim(policy.WRITE_REACTION)

    def may(row: FeedReaction) -> None:
        call.require(policy.WRITE_REACTION, owner=row.author)

    await reactions.restore(call.house.feeds, call.tenant, call.names["id"], may, author=call.user)
    return {}


async def get_reactions(call: Call) -> dict[str, Any]:
    """Show those reactions in `ids` that there are."""
    call.require(policy.READ_REACTIONS)
    ids = call.query.required_items("ids")
    if len(ids) > GET_MANY_MAX:
        raise BadFields({"ids": [f"must have at most {GET_MANY_MAX} items"]})
    hidden = call.query.flag("include_deleted")
    rows = await reactions.some(call.house.feeds, call.tenant, ids, hidden=hidden)
    return {"reactions": await _all_told(call, rows)}


async def list_reactions(call: Call) -> dict[str, Any]:
    """List the reactions to an activity or to a reaction, or those of a user; of one kind, or of all."""
    call.require(policy.READ_REACTIONS)
    lookup = _lookup(call)
    rows, more = await lookups.page(call.house.feeds, call.tenant, lookup)
    told: dict[str, Any] = {
        "results": await _all_told(call, rows),
        "next": _next(call, lookup, rows[-1].name) if more else "",
    }
    if call.query.flag("with_activity_data") and lookup.by == "activity_id":
        told["activity"] = await enrichment.activity(call, lookup.value)
    return told


def _lookup(call: Call) -> Lookup:
    """Return which reactions a call wants. Raises BadFields."""
    by, query = call.names["lookup"], call.query
    if by not in LOOKUPS:
        raise BadFields({"lookup": [f"must be one of {', '.join(LOOKUPS)}"]})
    kind = call.names.get("kind", "") or query.text("kind")
    bounds = {how: value for how in BOUNDS if (value := query.text(f"id_{how}"))}
    limit = query.number("limit", PAGE, least=1, most=PAGE_MAX if kind else MIXED_MAX)
    by = cast('Literal["activity_id", "reaction_id", "user_id"]', by)
    return Lookup(by, call.names["value"], kind, _narrowed(call), bounds, limit)


def _narrowed(call: Call) -> str:
    """Return the user whose reactions alone are wanted.

    With ``withOwnChildren`` the ``user_id`` says whose replies are their own, as in the addresses of
    ``latest_reactions_extra``, where it must not narrow what they continue.
    """
    if named := call.query.text("filter_user_id"):
        return named
    return "" if "with_own_children" in call.query else call.query.text("user_id")


def _next(call: Call, lookup: Lookup, last: str) -> str:
    """Return where the next page is, without credentials."""
    asked = [("id_gt" if lookup.oldest_first else "id_lt", last), ("limit", str(lookup.limit))]
    asked += call.query.again(AGAIN | {"id_lt", "id_lte"} if lookup.oldest_first else AGAIN)
    path = "/".join(quote(part, safe="") for part in (lookup.by, lookup.value, lookup.kind) if part)
    return f"{API}reaction/{path}/?{urlencode(asked)}"


async def _told(call: Call, row: FeedReaction) -> dict[str, Any]:
    return (await _all_told(call, [row]))[0]


async def _all_told(call: Call, rows: list[FeedReaction]) -> list[dict[str, Any]]:
    """Return reactions as they are answered, with the replies that are the caller's own if that is asked for."""
    space = await call.house.feeds.space(call.tenant)
    return await enriched.responses(call.house.feeds, space, rows, enrichment.replies(call))


def _extra(targets: tuple[Target, ...] | None, extra: dict[str, Any]) -> dict[str, Any]:
    """Return what was told to feeds beside the reaction, in the answer to whoever said it."""
    return {"target_feeds_extra_data": extra} if targets and extra else {}


REACTION: Final = f"{API}reaction/{{id}}/"
LIST: Final = f"{API}reaction/{{lookup}}/{{value}}/"
OPERATIONS: Operations = (
    (f"{API}reaction/", {"POST": add_reaction}),
    (f"{API}reaction/get_many/", {"GET": get_reactions}),
    (REACTION, {"GET": get_reaction, "PUT": update_reaction, "DELETE": delete_reaction}),
    (f"{REACTION}restore/", {"PUT": restore_reaction}),
    (LIST, {"GET": list_reactions}),
    (f"{LIST}{{kind}}/", {"GET": list_reactions}),
)
