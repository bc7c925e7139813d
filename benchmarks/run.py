"""Measure, each figure beside its limit or a peer in the same run, and print a table.

    python -m benchmarks.run [--quick] [--only NAME]

Rounds of what is compared take turns, and the ratio is the median of the ratios of neighbouring rounds:
on a machine that others share only ratios taken together mean anything.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import Bench, Row
from benchmarks.broker import broker
from benchmarks.delivery import delivery
from benchmarks.depth import depth
from benchmarks.events import events
from benchmarks.feeds import feeds
from benchmarks.inbox import inbox
from benchmarks.ingest import ingest
from benchmarks.peer import peer
from benchmarks.pull import pull
from benchmarks.reading import reading
from benchmarks.streams import streams

PARTS = {
    "inbox": inbox,
    "reading": reading,
    "peer": peer,
    "delivery": delivery,
    "depth": depth,
    "feeds": feeds,
    "ingest": ingest,
    "broker": broker,
    "events": events,
    "streams": streams,
    "pull": pull,
}


def table(rows: list[Row]) -> Iterator[str]:
    yield f"{'':34}{'figure':>16}  {'beside':<30}{'ratio':>7} {'floor':>6} {'goal':>6}"
    for row in rows:
        sign = "≤" if row.less_is_better else "≥"
        yield (
            f"{row.name:34}{row.figure:>16}  {row.beside:<30}{row.ratio:7.2f} {sign}{row.floor:<5.2f} "
            f"{sign}{row.goal:<5.2f} {row.verdict()}"
        )


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    arguments.add_argument("--only", choices=PARTS, action="append", help="measure only this part")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="headwater-bench-") as directory:
        bench = Bench(Path(directory), chosen.quick)
        for name in chosen.only or PARTS:
            PARTS[name](bench)
    print("\n".join(table(bench.rows)))


if __name__ == "__main__":
    main()
