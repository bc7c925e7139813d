"""A request → who really sent it. A failed check raises; nothing here answers yes or no (SEC-001, SEC-002).

What costs nothing comes first: the form, freshness, digest and host of a signature are checked before
any key is looked for, so that a hopeless request causes no request of ours (SEC-003 to SEC-008).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from federation.authorship import proving_key
from federation.budget import Budget
from federation.errors import (
    ActorMismatch,
    BadSignature,
    Blocked,
    Disbelieved,
    Gone,
    KeyGone,
    KeyUnavailable,
    OutboundError,
    UnknownDeleted,
    Unsigned,
    VerificationError,
)
from federation.keyring import KeyRing, RemoteKey
from federation.ldsignature import signing_key
from federation.signatures import Claim, Incoming, claim
from storage import VerifiedActor
from vocab import Activity, BadIri, Object, VocabError, iri, jsontext

RETRY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Verified:
    """An activity with the actor that was proven to have sent it.

    ``carrier``: someone else, who made the request; then nothing but the activity is the actor's word.
    """

    actor: VerifiedActor
    activity: Activity
    carrier: str | None = None


async def verify_post(
    incoming: Incoming,
    *,
    origins: Collection[str],
    keyring: KeyRing,
    now: int,
    activity: Activity,
    linked_data: bool = False,
) -> Verified:
    """Prove who sent an activity (AP-312, AP-313), or raise a VerificationError.

    ``origins`` are our own public origins. The activity returned is the one that was verified: when it
    was passed on by someone else and carries no proof by its actor, the copy its own origin gave us.
    With ``linked_data`` the older signatures inside documents count as proofs too (AP-505).
    """
    found = claim(incoming, origins=origins, now=now)
    actor = activity.one_id("actor")
    if actor is None:
        raise BadSignature("the activity names no actor")
    hosts = _hosts(found, actor, activity)
    if activity.id is not None and iri.is_http(activity.id) and not iri.same_origin(activity.id, actor):
        raise ActorMismatch(found.key_id, actor, "the activity's id is on another origin than its actor")
    known = await keyring.hosts.knows(actor, hosts)
    if activity.is_a("Delete") and not known:
        raise UnknownDeleted(actor)
    try:
        key = await _confirmed(found, keyring, now)
    except KeyGone:
        if await _deleted_itself(activity, actor, found.key_id, keyring):
            return Verified(VerifiedActor(actor, found.key_id, iri.host(actor)), activity)
        raise
    await _check_owner_host(key, found, keyring)
    await keyring.hosts.heard(iri.host(key.owner))
    if _same(key.owner, actor):
        return Verified(VerifiedActor(actor, key.id, iri.host(actor)), activity)
    proven = await _by_proof(incoming.body, activity, actor, keyring, now, linked_data=linked_data)
    carried = proven or await _at_its_origin(activity, actor, key.owner, keyring)
    return replace(carried, carrier=key.owner)


async def verify_get(
    incoming: Incoming, *, origins: Collection[str], keyring: KeyRing, now: int, strict: bool = False
) -> VerifiedActor | None:
    """Say who signed a request to read, None for nobody known (AP-070, AP-481, AP-483).

    With ``strict`` a signature that does not hold is raised; without, it counts as none. A suspended
    host is Blocked either way (SEC-012).
    """
    try:
        found = claim(incoming, origins=origins, now=now)
        await keyring.hosts.check([_host(found.key_id)])
        key = await _confirmed(found, keyring, now)
        await _check_owner_host(key, found, keyring)
    except (Unsigned, Blocked) as refusal:
        if isinstance(refusal, Unsigned):
            return None
        raise
    except VerificationError:
        if strict:
            raise
        return None
    return VerifiedActor(key.owner, key.id, iri.host(key.owner))


async def _confirmed(found: Claim, keyring: KeyRing, now: int) -> RemoteKey:
    """Return the key that made the signature, fetched anew once if the one we had does not fit (AP-432)."""
    key = await keyring.find(found.key_id, now=now)
    try:
        found.confirm(key.key)
    except BadSignature:
        fresh = await keyring.refetch(key, now=now)
        if fresh is None:
            raise
        found.confirm(fresh.key)
        return fresh
    return key


def _hosts(found: Claim, actor: str, activity: Activity) -> list[str]:
    """List the hosts of everyone and everything an activity involves, each once (SEC-012)."""
    hosts = {_host(found.key_id): None, _host(actor): None}
    for name in (*(() if activity.id is None else (activity.id,)), *activity.ids("object")):
        try:
            hosts[iri.host(name)] = None
        except BadIri:
            continue  # nobody is asked where nobody can be
    return list(hosts)


def _host(name: str) -> str:
    try:
        return iri.host(name)
    except BadIri:
        raise BadSignature("the key or the actor is not on the web") from None


async def _check_owner_host(key: RemoteKey, found: Claim, keyring: KeyRing) -> None:
    """Refuse a key whose owner lives elsewhere (SEC-009), whatever was stored before."""
    if not iri.same_origin(key.owner, found.key_id):
        raise BadSignature("the key and its owner are not on one origin")


async def _deleted_itself(activity: Activity, actor: str, key_id: str, keyring: KeyRing) -> bool:
    """Tell whether an actor that says it is gone is gone by its own origin's word (AP-434)."""
    if not (
        activity.is_a("Delete") and activity.ids("object") == (actor,) and iri.same_origin(key_id, actor)
    ):
        return False
    if _same(iri.without_fragment(key_id), actor):
        return True
    try:
        await keyring.reader.document(actor)
    except Gone:
        return True
    except (OutboundError, Disbelieved):
        return False
    return False


async def _by_proof(
    body: bytes, activity: Activity, actor: str, keyring: KeyRing, now: int, *, linked_data: bool
) -> Verified | None:
    """Believe what someone else passed on by the actor's own proof inside (AP-313, AP-502).

    Without an id it could be passed on again and again (SEC-030).
    """
    if activity.id is None or not {"proof", "signature"} & activity.data.keys():
        return None
    document = jsontext.loads(body)
    if not isinstance(document, dict):
        return None
    key_id = await proving_key(document, actor, keyring=keyring, now=now)
    if key_id is None and linked_data:
        key_id = await signing_key(document, actor, keyring=keyring, now=now)
    return None if key_id is None else Verified(VerifiedActor(actor, key_id, iri.host(actor)), activity)


async def _at_its_origin(activity: Activity, actor: str, carrier: str, keyring: KeyRing) -> Verified:
    """Believe what someone else passed on only as its own origin tells it (AP-313, SEC-017)."""
    if activity.id is None or not iri.same_origin(activity.id, actor):
        raise ActorMismatch(carrier, actor, "the signature is not the actor's")
    try:
        document = await keyring.reader.document(activity.id, budget=Budget())
    except OutboundError as error:
        if error.temporary:
            raise KeyUnavailable(activity.id, RETRY_SECONDS) from error
        raise ActorMismatch(carrier, actor, "the activity is not to be had at its origin") from error
    except Disbelieved as error:
        raise ActorMismatch(carrier, actor, "the activity's origin does not vouch for it") from error
    if document.id != activity.id or not _is_by(document, actor):
        raise ActorMismatch(carrier, actor, "the activity's origin tells it differently")
    return Verified(VerifiedActor(actor, activity.id, iri.host(actor)), Activity(document.data))


def _is_by(document: Object, actor: str) -> bool:
    try:
        named = document.one_id("actor")
    except VocabError:
        return False
    return document.is_activity and named is not None and _same(named, actor)


def _same(one: str, two: str) -> bool:
    try:
        return iri.canonical(one) == iri.canonical(two)
    except BadIri:
        return False
