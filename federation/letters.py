"""What a delivery sends: the letter as it was written, sealed with proofs before it first leaves (AP-299, AP-503)."""

from dataclasses import dataclass

from federation.memory import Flights, Recent
from federation.prover import Prover
from storage import Store, letters
from storage.ids import instant_of
from storage.jobs import Job
from vocab import Audience, Object, jsontext

LETTERS_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is ready: its bytes, and whom it is openly addressed to."""

    body: bytes
    recipients: frozenset[str] = frozenset()


class Letters:
    """Seal each letter once. Without a prover letters are sent as they were written."""

    def __init__(self, store: Store, prover: Prover | None) -> None:
        self._store = store
        self._prover = prover
        self._sealed: Recent[int, Letter] = Recent(LETTERS_REMEMBERED)
        self._flights: Flights[int, Letter] = Flights()

    async def of(self, job: Job) -> Letter:
        """Return what every attempt of a job, here or in another process, sends."""
        letter = job.letter
        known = None if letter is None else self._sealed.get(letter)
        if known is not None:
            return known
        written = (job.letter_body or "").encode()
        if letter is None:
            return Letter(written)
        return await self._flights.join(letter, lambda: self._seal(letter, written))

    async def _seal(self, letter: int, written: bytes) -> Letter:
        """Prove what is public; the date is that of the letter, so that another process writes the same."""
        body = written
        if self._prover is not None:
            body = await self._prover.prove(written, created=instant_of(letter))
        if body != written:
            kept = await self._store.write(letters.seal, letter, written.decode(), body.decode())
            body = kept.encode()
        sealed = Letter(body, _recipients(body))
        self._sealed.put(letter, sealed)
        return sealed


def _recipients(body: bytes) -> frozenset[str]:
    document = jsontext.loads(body)
    return frozenset(Audience.of(Object(document)).recipients) if isinstance(document, dict) else frozenset()
