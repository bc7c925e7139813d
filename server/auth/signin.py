"""Is this the member's password? Guessing becomes slow, per account and per network (SEC-094)."""

from dataclasses import dataclass

from server.auth import passwords, sessions
from server.errors import ProblemError
from server.house import House
from storage import Transaction, actors, attempts, members
from storage.actors import ActorRow, State
from streams.actors import NAME

ACCOUNT_FREE, NETWORK_FREE = 5, 50
"""Failures before the next try has to wait."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Who might be signing in, and the hash of their password; nobody when the name means nobody."""

    wait_us: int = 0
    actor: ActorRow | None = None
    password: str | None = None


def handle(text: str) -> str:
    """Return the name in what people type: ``ada``, ``@ada``, ``ada@host`` or ``@ada@host``."""
    name = text.strip().removeprefix("@").partition("@")[0]
    return name.lower() if NAME.fullmatch(name) else ""


async def check(parts: House, name: str, password: str, network: str) -> ActorRow | None:
    """Return the member who has this name and password, None when nobody has both.

    Raises a 429 when there were too many failures; the password is not looked at then.
    """
    keys = {f"account {handle(name)}": ACCOUNT_FREE, f"network {network}": NETWORK_FREE}
    found = await parts.store.write(_begin, handle(name), keys, parts.ports.clock())
    if found.wait_us:
        raise _too_many(found.wait_us)
    known = found.password if len(password) <= passwords.CHARS_MAX else None
    if not await passwords.matches_aside(password[: passwords.CHARS_MAX], known):
        return None
    await parts.store.write(_forgive, *keys)
    return found.actor


async def enter(parts: House, actor: ActorRow) -> str:
    """Begin a session and return its cookie."""
    return await parts.store.write(sessions.begin, actor.id, now=parts.ports.clock())


async def _begin(tx: Transaction, name: str, keys: dict[str, int], now: int) -> _Candidate:
    for key, free in keys.items():
        wait = await attempts.begin(tx, key, free=free, now=now)
        if wait:
            return _Candidate(wait_us=wait)
    actor = await actors.by_handle(tx, name)
    member = None if actor is None else await members.find(tx, actor.id)
    if actor is None or member is None or actor.state >= State.SUSPENDED:
        return _Candidate()
    return _Candidate(actor=actor, password=member.password)


async def _forgive(tx: Transaction, account: str, network: str) -> None:
    await attempts.forget(tx, account)
    await attempts.forgive(tx, network)


def _too_many(wait_us: int) -> ProblemError:
    return ProblemError(
        429, "too many failed attempts to sign in", type="rate-limit-exceeded",
        headers={"Retry-After": str(-(-wait_us // 1_000_000))},
    )  # fmt: skip
