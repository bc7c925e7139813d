"""A disk that fails under a running server (strace makes its syncs fail), and a file that was damaged."""

import json
import shutil
import subprocess
import sys
import time

import httpx
from lacks import lacking
from town import AS2, Person, Server, Town, eventually

EXIT_BROKEN = 74


def test_a_failed_sync_ends_the_process(town: Town) -> None:
    """REL-004: 503 from then on, an end with a code within ten seconds; a start finds what was confirmed."""
    server = town.server()
    assert server.process is not None
    ada = server.person("ada")
    posted = [ada.note(f"number {number}") for number in range(5)]
    tracer = break_syncs(server)
    try:
        assert post(ada, "not synced").status_code == 503
        failed = time.monotonic()
        eventually(lambda: httpx.get(f"{server.base_url}/ready").status_code == 503, 2)
        assert post(ada, "no more").status_code == 503
        assert server.process.wait(10) == EXIT_BROKEN
        assert time.monotonic() - failed < 10
    finally:
        tracer.kill()
        tracer.wait()
    server.start()
    contents = [item["object"]["content"] for item in ada.items("outbox")]
    assert {activity["object"]["content"] for activity in posted} <= set(contents)
    assert "no more" not in contents
    ada.note("again")


def break_syncs(server: Server) -> "subprocess.Popen[bytes]":
    """Make every sync of a running server fail from now on."""
    assert server.process is not None
    if shutil.which("strace") is None:
        lacking("strace is not installed")
    log = server.directory / "strace"
    injection = ["-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO"]
    command = ["strace", "-f", "-p", str(server.process.pid), *injection, "-o", "/dev/null"]
    with log.open("wb") as said:
        tracer = subprocess.Popen(command, stderr=said)
    eventually(lambda: "attached" in log.read_text() or tracer.poll() is not None)
    if tracer.poll() is not None:
        lacking(f"strace may not trace: {log.read_text()}")
    time.sleep(0.2)
    return tracer


def post(ada: Person, content: str) -> httpx.Response:
    note = {"type": "Note", "content": content}
    headers = {"Content-Type": AS2, "Authorization": f"Bearer {ada.token}"}
    return httpx.post(ada.document["outbox"], content=json.dumps(note), headers=headers)


def test_a_damaged_file_is_neither_served_nor_replaced(town: Town) -> None:
    """REL-030: a start says what is wrong and ends; the file stays as it is."""
    server = town.server()
    server.person("ada")
    assert server.stop() == 0
    file = server.directory / "headwater.db"
    damaged = b"\0" * 200 + file.read_bytes()[200:]
    file.write_bytes(damaged)
    done = subprocess.run(
        [sys.executable, "-m", "server", "serve"], cwd=server.directory, env=server.environment,
        capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert done.returncode not in (0, 2)
    assert "not a database" in done.stderr
    assert "Traceback" not in done.stderr
    assert file.read_bytes() == damaged
