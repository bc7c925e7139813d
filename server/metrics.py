"""What operators watch (REL-036). Labels are route templates and statuses: their number is bounded."""

from collections import Counter as Tally
from collections import deque

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.values import ValueClass

REGISTRY = CollectorRegistry()

_labels = ("method", "route", "status")
_requests = Counter("headwater_requests", "Requests answered.", _labels, registry=REGISTRY)
_seconds = Histogram(
    "headwater_request_seconds",
    "Time from a request's header to the end of its answer.",
    registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_counts: dict[tuple[str, str, int], Counter] = {}
_done: deque[tuple[tuple[str, str, int], float]] = deque(maxlen=100_000)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_rejected = Counter(
    "headwater_events_rejected",
    "Messages left to the collector of the Events API that could not be kept.",
    ("noun",),
    registry=REGISTRY,
)


_reports = Counter(
    "headwater_web_reports",
    "What pages reported of their visitors: kept, invalid, or of a tenant that is unknown.",
    ("outcome",),
    registry=REGISTRY,
)


def web_report(outcome: str) -> None:
    """Count what a page reported, by what became of it."""
    _reports.labels(outcome).inc()


def event_rejected(noun: str) -> None:
    """Count a message of the Events API that was given up."""
    _rejected.labels(noun).inc()


queue_jobs = Gauge(
    "headwater_queue_jobs",
    "Jobs by queue and state: waiting, leased, dead; and how many ever entered, were done, were discarded.",
    ("queue", "state"),
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)


def request_done(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request; ``settle`` enters it into the metrics later, for this is paid every time."""
    _done.append(((method, route, status), seconds))


def settle() -> None:
    """Enter what was counted since the last time. To be called about once a second."""
    done = [_done.popleft() for _ in range(len(_done))]
    for (method, route, status), number in Tally(labels for labels, _ in done).items():
        counter = _counts.get((method, route, status))
        if counter is None:
            counter = _requests.labels(method if method in METHODS else "other", route, status)
            _counts[method, route, status] = counter
        counter.inc(number)
    for _, seconds in done:
        _seconds.observe(seconds)


def exposition() -> bytes:
    """Write all metrics as Prometheus text; of all processes when there are several."""
    settle()
    if ValueClass.__name__ == "MmapedValue":
        merged = CollectorRegistry()
        multiprocess.MultiProcessCollector(merged)  # type: ignore[no-untyped-call]
        return generate_latest(merged)
    return generate_latest(REGISTRY)
