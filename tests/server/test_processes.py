"""Several serving processes."""

import multiprocessing
import os
import signal
import socket
import time
from pathlib import Path

from town import Town, eventually

from server import processes


def _die(_: socket.socket) -> None:
    raise SystemExit(3)


def _supervise(result: Path) -> None:
    with socket.socket() as listening:
        result.write_text(str(processes.run(_die, listening, 2)))


def test_processes_that_cannot_start_are_not_started_for_ever(tmp_path: Path) -> None:
    result = tmp_path / "result"
    supervisor = multiprocessing.get_context("spawn").Process(target=_supervise, args=(result,))
    supervisor.start()
    supervisor.join(90)
    assert result.read_text() == "False"


def test_a_process_that_dies_is_replaced(town: Town) -> None:
    """REL-038: what was acknowledged is in the database; serving goes on."""
    server = town.server(HEADWATER_SERVER_WORKERS="2")
    assert server.process is not None
    time.sleep(processes.QUICK_SECONDS)
    before = _children(server.process.pid)
    os.kill(before[-1], signal.SIGKILL)
    eventually(lambda: len(after := _children(server.process.pid)) == len(before) and after != before)
    eventually(server.ready)
    assert server.stop() == 0


def test_no_process_outlives_the_first_one(town: Town) -> None:
    """REL-027: after kill -9 of the first the others end by themselves, so that a start finds the address free."""
    server = town.server(HEADWATER_SERVER_WORKERS="2")
    assert server.process is not None
    left = _children(server.process.pid)
    assert len(left) == 2
    server.process.kill()
    server.process.wait()
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left))
    server.start()


def _children(parent: int) -> list[int]:
    """Return the serving processes, without multiprocessing's own helper."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in found if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()]
