"""What the author of a post has said about being answered and liked (``interactionPolicy``, GoToSocial)."""

from dataclasses import dataclass
from typing import Any

from storage.actors import ActorRow
from storage.standings import Thing
from vocab import PUBLIC, Object, stored


@dataclass(frozen=True, slots=True)
class Manners:
    """Whether somebody may reply and like, as far as the author is concerned; whoever says nothing lets them."""

    reply: bool = True
    like: bool = True


EASY = Manners()


def manners(thing: Thing, actor: ActorRow, *, follows: bool) -> Manners:
    """Read what a thing's author says about an actor, who ``follows`` the author or does not."""
    said = stored(thing.document, thing.context)
    policy = said.get("interactionPolicy")
    open_to_comments = said.get("commentsEnabled") is not False
    if not isinstance(policy, dict):
        return Manners(reply=open_to_comments)
    named = {PUBLIC, actor.iri, *([thing.owner_followers] if follows else [])}
    mentioned = actor.iri in said.ids("to") or any(
        actor.iri == tag.get("href") for tag in said.embedded("tag")
    )
    return Manners(
        reply=open_to_comments and (mentioned or _lets(policy.get("canReply"), named)),
        like=_lets(policy.get("canLike"), named),
    )


def _lets(rule: Any, named: set[str]) -> bool:
    """Tell whether a rule names somebody; who would have to be asked may ask by doing it. An empty one names nobody."""
    if not isinstance(rule, dict):
        return True
    said = Object(rule)
    terms = ("automaticApproval", "always", "manualApproval", "approvalRequired")
    return any(iri in named for term in terms for iri in said.ids(term))
