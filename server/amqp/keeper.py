"""Keeping what came through a broker, many messages in one transaction (Events §22).

Nothing here knows how a broker is spoken to: a message is a letter, and what becomes of it is what is wrong with it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from server import metrics
from storage.errors import Broken, Busy, Full, StorageError, Unreachable
from storage.tenants import Tenant
from streams.events import Events, Rejected, recording, submitting
from streams.events.arriving import Arriving
from streams.events.submitting import NOUNS, Sender
from vocab import jsontext
from vocab.dialects.events import Problems, Ref
from vocab.dialects.events.nouns import addressed
from vocab.dialects.events.problems import INVALID
from vocab.errors import VocabError

CONTENT_TYPES: Final = frozenset(("", "application/json", "text/json", "text/plain"))
LATER: Final = (Broken, Busy, Full, Unreachable)
"""What says nothing about a message: it is kept when this is over."""
UNKEPT: Final = "could not be kept; the server's log says why"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it came: its routing key, what it is said to be, and its bytes."""

    key: str
    body: bytes
    content_type: str = ""


class Keeper:
    """Keeps the letters to one tenant, whose own systems speak through its broker."""

    def __init__(self, events: Events, tenant: Tenant, *, body_bytes_max: int) -> None:
        self._events = events
        self._tenant = tenant
        self._body_bytes_max = body_bytes_max
        self._sender = Sender(user=None, by=Ref("ASService", tenant.label), trusted=True)

    async def keep(self, letters: Sequence[Letter]) -> list[Problems | None]:
        """Return what is wrong with each letter, None for one that is kept: the transaction is over then.

        Raises the errors of ``LATER``, after which none is kept.
        """
        read = [await self._read(letter) for letter in letters]
        good = [one for one in read if isinstance(one, Arriving)]
        outcomes = iter(await self._together(good))
        return [next(outcomes) if isinstance(one, Arriving) else one for one in read]

    async def _read(self, letter: Letter) -> Arriving | Problems:
        problems = Problems()
        if letter.content_type.partition(";")[0].strip().lower() not in CONTENT_TYPES:
            problems.error(INVALID, "content_type", "must be application/json or text/plain")
        elif len(letter.body) > self._body_bytes_max:
            problems.error(INVALID, "body", f"must have at most {self._body_bytes_max} bytes")
        if problems:
            return _counted("", problems)
        try:
            message = jsontext.loads(letter.body)
        except VocabError as error:
            problems.error(INVALID, "body", str(error))
            return _counted("", problems)
        if not isinstance(message, dict):
            problems.error(INVALID, "body", "must be a JSON object")
            return _counted("", problems)
        noun, said = addressed(message, letter.key)
        try:
            arriving = await submitting.read(
                self._events, self._tenant, NOUNS[noun], said, self._sender,
                received=self._events.clock(), original=letter.body.decode(),
            )  # fmt: skip
        except StorageError:
            raise
        except Exception:
            return _counted(noun, _unkept())
        valid = arriving.reading.problems.valid
        return arriving if valid else _counted(noun, arriving.reading.problems)

    async def _together(self, messages: Sequence[Arriving]) -> list[Problems | None]:
        """Keep messages in one transaction; when one of them prevents that, each in one of its own."""
        if not messages:
            return []
        try:
            space = self._events.space(self._tenant)
            outcomes = await self._events.store.write(recording.record, space, messages)
        except LATER:
            raise
        except Exception:
            if len(messages) > 1:
                return [(await self._together([message]))[0] for message in messages]
            return [_counted("", _unkept())]
        return [_counted("", one.problems) if isinstance(one, Rejected) else None for one in outcomes]


def _counted(noun: str, problems: Problems) -> Problems:
    metrics.event_rejected(noun or "unknown")
    return problems


def _unkept() -> Problems:
    """Return what is said of a message that we fail at: the mistake is ours."""
    log.exception("a message from the broker cannot be kept")
    problems = Problems()
    problems.error(INVALID, "", UNKEPT)
    return problems
