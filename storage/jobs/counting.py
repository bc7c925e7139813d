"""How many jobs there are, and the law that none is ever lost (REL-022)."""

from dataclasses import dataclass

from storage.connection import Transaction
from storage.jobs.job import State


@dataclass(frozen=True, slots=True)
class Counts:
    """One queue in numbers: ``enqueued = done + discarded + waiting + leased + dead``, always."""

    enqueued: int = 0
    done: int = 0
    discarded: int = 0
    waiting: int = 0
    leased: int = 0
    dead: int = 0


async def counts(tx: Transaction) -> dict[str, Counts]:
    """Count every queue in one snapshot. It looks at every job: for ``scan``, not for ``read``."""
    tallies = {str(row[0]): row[1:] for row in await tx.all(_TALLIES)}
    states: dict[str, dict[int, int]] = {}
    for queue, state, number in await tx.all("SELECT queue, state, count(*) FROM jobs GROUP BY queue, state"):
        states.setdefault(str(queue), {})[int(state or 0)] = int(number or 0)
    return {
        queue: _counts(tallies.get(queue, (0, 0, 0)), states.get(queue, {}))
        for queue in tallies.keys() | states
    }


async def backlog(tx: Transaction, queue: str) -> int:
    """Return how many jobs wait or run, from the tallies: cheap enough to ask on each request (REL-021)."""
    row = await tx.one(f"SELECT * FROM ({_TALLIES}) AS sums WHERE queue = :queue", queue=queue)  # noqa: S608
    if row is None:
        return 0
    dead = await tx.one("SELECT count(*) FROM jobs WHERE queue = :queue AND state = 2", queue=queue)
    return int(row[1] or 0) - int(row[2] or 0) - int(row[3] or 0) - int((dead or (0,))[0] or 0)


_TALLIES = (
    "SELECT queue, CAST(sum(enqueued) AS bigint) AS enqueued, CAST(sum(done) AS bigint) AS done,"
    " CAST(sum(discarded) AS bigint) AS discarded FROM tallies GROUP BY queue"
)


def _counts(tallies: tuple[object, ...], states: dict[int, int]) -> Counts:
    enqueued, done, discarded = (int(str(number)) for number in tallies)
    return Counts(
        enqueued=enqueued,
        done=done,
        discarded=discarded,
        waiting=states.get(State.WAITING, 0) + states.get(State.BEHIND, 0),
        leased=states.get(State.LEASED, 0),
        dead=states.get(State.DEAD, 0),
    )


async def pending(tx: Transaction, queue: str, dedupe_start: str) -> bool:
    """Tell whether jobs whose ``dedupe`` starts so are still to be done; the dead are not."""
    escaped = dedupe_start.replace("!", "!!").replace("_", "!_").replace("%", "!%")
    row = await tx.one(
        "SELECT 1 FROM jobs WHERE queue = :queue AND dedupe LIKE :start ESCAPE '!' AND state <> :dead LIMIT 1",
        queue=queue, start=f"{escaped}%", dead=int(State.DEAD),
    )  # fmt: skip
    return row is not None
