"""Whose turn it is: jobs in hand, so many at a time in all and per host, hosts one after the other (REL-018)."""

from collections import Counter, deque

from storage.jobs import Job


class Turns:
    """Jobs that wait for their turn, by host. No clock, no network: only the order."""

    def __init__(self, at_once_max: int, per_host_max: int) -> None:
        self._at_once_max = at_once_max
        self._per_host_max = per_host_max
        self._waiting: dict[str, deque[Job]] = {}
        self._running: Counter[str] = Counter()
        self._ready: dict[str, None] = {}

    def __len__(self) -> int:
        """Count the jobs in hand, waiting and running."""
        return sum(map(len, self._waiting.values())) + self._running.total()

    @property
    def full_hosts(self) -> frozenset[str]:
        """The hosts that have jobs waiting: no need to claim more for them."""
        return frozenset(self._waiting)

    @property
    def waiting(self) -> list[Job]:
        """The jobs that have not begun."""
        return [job for jobs in self._waiting.values() for job in jobs]

    def add(self, job: Job) -> None:
        """Let a job wait for its turn."""
        self._waiting.setdefault(job.lane, deque()).append(job)
        self._settle(job.lane)

    def take(self) -> Job | None:
        """Start the next job; None when there is none, or all turns are taken."""
        if not self._ready or self._running.total() >= self._at_once_max:
            return None
        host = next(iter(self._ready))
        job = self._waiting[host].popleft()
        self._running[host] += 1
        self._settle(host)
        return job

    def done(self, job: Job) -> None:
        """Give a turn back."""
        self._running[job.lane] -= 1
        if self._running[job.lane] <= 0:
            del self._running[job.lane]
        self._settle(job.lane)

    def withdraw(self, host: str | None = None) -> list[Job]:
        """Take out what waits for one host, or everything that waits."""
        withdrawn: list[Job] = []
        for lane in list(self._waiting) if host is None else [host]:
            withdrawn += self._waiting.pop(lane, ())
            self._ready.pop(lane, None)
        return withdrawn

    def _settle(self, host: str) -> None:
        """Bring a host to the end of the line, or out of it when it has nothing to start."""
        self._ready.pop(host, None)
        if not self._waiting.get(host):
            self._waiting.pop(host, None)
        elif self._running[host] < self._per_host_max:
            self._ready[host] = None
