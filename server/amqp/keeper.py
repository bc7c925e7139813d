"""Keeping what came through a broker, many messages in one transaction (Events §22).

Nothing here knows how a broker is spoken to: a message is a letter, and what becomes of it is what is wrong with it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from server import metrics
from storage import Transaction, eventreceipts
from storage.errors import Broken, Busy, Full, StorageError, Unreachable
from storage.tenants import Tenant
from streams.analytics import Received, Way
from streams.events import Events, Rejected, Space, recording, submitting
from streams.events.arriving import Arriving
from streams.events.submitting import COMMENT, EVENT, NOUNS, Sender
from streams.instants import SECOND_US
from vocab import jsontext
from vocab.dialects.events import Problems, Ref, moments
from vocab.dialects.events.nouns import addressed
from vocab.dialects.events.problems import INVALID
from vocab.errors import VocabError

CONTENT_TYPES: Final = frozenset(("", "application/json", "text/json", "text/plain"))
BY: Final = "queue"
"""How messages come here, for the count of them (Events §19.4)."""
UNREAD: Final = "message"
"""The kind of what is no message at all."""
LATER: Final = (Broken, Busy, Full, Unreachable)
"""What says nothing about a message: it is kept when this is over."""
OCCURRED: Final = "occurred_at"
HAPPENING: Final = frozenset((EVENT.name, COMMENT.name))
"""The kinds of messages whose ids follow from when they happened."""
UNKEPT: Final = "could not be kept; the server's log says why"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it came: its routing key, what it is said to be, and its bytes.

    ``id`` and ``sent`` are what its sender says of it, if anything; ``again`` says that it may have come before.
    """

    key: str
    body: bytes
    content_type: str = ""
    id: str = ""
    sent: int | None = None
    again: bool = False

    @property
    def name(self) -> str:
        """What stands for it: the id that it has, else what it says."""
        parts = (self.id.encode(),) if self.id else (self.key.encode(), self.body, str(self.sent).encode())
        return sha256(b"\0".join(parts)).hexdigest()

    @property
    def told(self) -> int | None:
        """When it was sent by its own account: that second, and a millisecond that is its own; None without one."""
        if not self.id or self.sent is None:
            return None
        return self.sent - self.sent % SECOND_US + int(self.name[:8], 16) % 1_000 * 1_000


@dataclass(frozen=True, slots=True)
class Read:
    """A letter that can be kept, of so many bytes: as what kind of message.

    With a ``receipt`` it does not say when it happened: that was when it came first.
    """

    arriving: Arriving
    noun: str
    size: int
    receipt: tuple[str, int] | None = None


class Keeper:
    """Keeps the letters to one tenant, whose own systems speak through its broker."""

    def __init__(self, events: Events, tenant: Tenant, received: Received, *, body_bytes_max: int) -> None:
        self._events = events
        self._received = received
        self._tenant = tenant
        self._body_bytes_max = body_bytes_max
        self._sender = Sender(user=None, by=Ref("ASService", tenant.label), trusted=True)

    async def keep(self, letters: Sequence[Letter]) -> list[Problems | None]:
        """Return what is wrong with each letter, None for one that is kept: the transaction is over then.

        Raises the errors of ``LATER``, after which none is kept.
        """
        names = [letter.name for letter in letters if letter.again]
        before = await self._events.store.read(eventreceipts.of, self._tenant.id, names) if names else {}
        read = [await self._read(letter, before) for letter in letters]
        good = [one for one in read if isinstance(one, Read)]
        outcomes = iter(await self._together(good))
        return [next(outcomes) if isinstance(one, Read) else one for one in read]

    async def _read(self, letter: Letter, before: Mapping[str, int]) -> Read | Problems:
        """Read a letter; ``before`` has when letters that are delivered again came first, as far as they were kept."""
        problems, size = Problems(), len(letter.body)
        if letter.content_type.partition(";")[0].strip().lower() not in CONTENT_TYPES:
            problems.error(INVALID, "content_type", "must be application/json or text/plain")
        elif size > self._body_bytes_max:
            problems.error(INVALID, "body", f"must have at most {self._body_bytes_max} bytes")
        if problems:
            return self._rejected("", size, problems)
        try:
            message = jsontext.loads(letter.body)
        except VocabError as error:
            problems.error(INVALID, "body", str(error))
            return self._rejected("", size, problems)
        if not isinstance(message, dict):
            problems.error(INVALID, "body", "must be a JSON object")
            return self._rejected("", size, problems)
        noun, said = addressed(message, letter.key)
        now, receipt = self._events.clock(), None
        if noun in HAPPENING and not _says_when(said):
            at = letter.told or before.get(letter.name, now)
            said = {**said, OCCURRED: moments.spell(at)}
            receipt = None if letter.told else (letter.name, at)
        try:
            arriving = await submitting.read(
                self._events, self._tenant, NOUNS[noun], said, self._sender,
                received=now, original=letter.body.decode(),
            )  # fmt: skip
        except StorageError:
            raise
        except Exception:
            return self._rejected(noun, size, _unkept())
        if not arriving.reading.problems.valid:
            return self._rejected(noun, size, arriving.reading.problems)
        return Read(arriving, noun, size, receipt)

    async def _together(self, messages: Sequence[Read]) -> list[Problems | None]:
        """Keep messages in one transaction; when one of them prevents that, each in one of its own."""
        if not messages:
            return []
        try:
            space = self._events.space(self._tenant)
            outcomes = await self._events.store.write(_record, space, messages)
        except LATER:
            raise
        except Exception:
            if len(messages) > 1:
                return [(await self._together([message]))[0] for message in messages]
            return [self._rejected(messages[0].noun, messages[0].size, _unkept())]
        return [self._outcome(one, outcome) for one, outcome in zip(messages, outcomes, strict=True)]

    def _outcome(self, message: Read, outcome: recording.Outcome) -> Problems | None:
        """Count a message by what became of it; return what is wrong with it."""
        if isinstance(outcome, Rejected):
            return self._rejected(message.noun, message.size, outcome.problems)
        way = Way(self._tenant.id, message.noun, BY)
        self._received.kept(way, message.arriving, outcome, size=message.size, now=self._events.clock())
        return None

    def _rejected(self, noun: str, size: int, problems: Problems) -> Problems:
        metrics.event_rejected(noun or "unknown")
        now, way = self._events.clock(), Way(self._tenant.id, noun or UNREAD, BY)
        self._received.rejected(way, size=size, remarks=len(problems), received=now, now=now)
        return problems


async def _record(tx: Transaction, space: Space, messages: Sequence[Read]) -> list[recording.Outcome]:
    """Keep messages, and remember when those came that do not say when they happened."""
    outcomes = await recording.record(tx, space, [one.arriving for one in messages])
    receipts = dict(one.receipt for one in messages if one.receipt is not None)
    if receipts:
        await eventreceipts.note(tx, space.tenant.id, receipts)
    return outcomes


def _says_when(message: Mapping[str, Any]) -> bool:
    return any(value is not None for name, value in message.items() if name.lower() == OCCURRED)


def _unkept() -> Problems:
    """Return what is said of a message that we fail at: the mistake is ours."""
    log.exception("a message from the broker cannot be kept")
    problems = Problems()
    problems.error(INVALID, "", UNKEPT)
    return problems
