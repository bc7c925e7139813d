"""Receiving from other servers."""

from benchmarks import sites
from benchmarks.bench import AS2, Bench, Row, expect, settled
from benchmarks.driver import Outcome, drive, request


def inbox(bench: Bench) -> None:
    """Rows 1, 2, 3: signed inbox POST accepted."""
    with (
        sites.sink(bench.directory, bench.actor_document()) as peer,
        sites.limit(bench.directory, 100) as plain,
    ):
        sender = f"http://127.0.0.1:{peer}/u/sender"
        for durability in ("full", "normal"):
            port = sites.free_port()
            environment = sites.settings(bench.directory, port, durability)
            with sites.ours(bench.directory, environment) as process:
                ada = sites.command(bench.directory, environment, "actor", "add", "ada")
                host, base_url = f"127.0.0.1:{port}", environment["HEADWATER_SERVER_BASE_URL"]
                make = lambda count: bench.signed(host, "/users/ada/inbox", sender, ada["id"], count)  # noqa: E731
                expect(drive(port, make(4), at_once=1), 202)
                idle = sites.resident_mib(process)
                count = bench.count(4_000)
                rounds = [make(count) for _ in range(bench.rounds + 1)]
                bodies = [[item.split(b"\r\n\r\n", 1) for item in rounds[0]]]
                posts = [
                    request("POST", "127.0.0.1", "/", {"Content-Type": AS2}, body) for _, body in bodies[0]
                ]

                def us() -> Outcome:
                    outcome = expect(drive(port, rounds.pop(), at_once=64), 202)
                    settled(base_url, "receive")
                    return outcome

                name = f"1 inbox accept ({durability})"
                bench.compare(
                    name,
                    us,
                    lambda: expect(drive(plain, posts, at_once=64), 202),
                    "Starlette POST",
                    0.25,
                    0.45,
                )
                if durability == "full":
                    one = expect(drive(port, make(400), at_once=1), 202)
                    bench.rows.append(
                        Row("2 inbox p50, one in flight", f"{one.quantile_ms(0.5):.2f} ms", "onepage.pub 3.1 ms",
                            one.quantile_ms(0.5) / 3.1, 0.5, 0.25, less_is_better=True)
                    )  # fmt: skip
                    memory = sites.resident_mib(process)
                    bench.rows.append(
                        Row("12 memory idle → after", f"{idle:.0f} → {memory:.0f} MiB", "GoToSocial 120 → 189 MiB",
                            memory / 189, 1.0, 0.8, less_is_better=True)
                    )  # fmt: skip
        full, normal = (row for row in bench.rows if row.name.startswith("1 "))
        bench.rows.append(
            Row("3 FULL beside NORMAL", full.figure, normal.figure, full.ratio / normal.ratio, 0.75, 0.85)
        )
