"""Processes of our program that begin with everything imported: forked from one that did nothing else.

What runs in them is what ``python -m server`` runs. To import the program takes most of a command's time, and a
second of the processor for each server of a town; here it is paid once by each process that tests.
"""

import multiprocessing
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import server.cli

_FORK = multiprocessing.get_context("forkserver")
_FORK.set_forkserver_preload(
    [
        "server.cli.main",
        *(f"server.cli.{module.name}" for module in pkgutil.iter_modules(server.cli.__path__)),
    ]
)


class Running:
    """A process of ours, to be asked what one asks of ``subprocess.Popen``. It leads a session of its own."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        directory: Path,
        environment: Mapping[str, str],
        stdin: Path | None = None,
        stdout: Path,
        stderr: Path,
    ) -> None:
        self._process = _FORK.Process(
            target=_run, args=(list(arguments), directory, dict(environment), stdin, stdout, stderr)
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("headwater", timeout or 0.0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def command(
    arguments: Sequence[str], *, directory: Path, environment: Mapping[str, str], stdin: str | None = None
) -> tuple[int, str, str]:
    """Run a command to its end and return its exit code, standard output and standard error."""
    with tempfile.TemporaryDirectory() as scratch:
        given, out, err = (Path(scratch) / name for name in ("in", "out", "err"))
        if stdin is not None:
            given.write_text(stdin)
        running = Running(
            arguments, directory=directory, environment=environment,
            stdin=None if stdin is None else given, stdout=out, stderr=err,
        )  # fmt: skip
        try:
            code = running.wait(60)
        finally:
            running.kill()
        return code, out.read_text(), err.read_text()


def _run(
    arguments: list[str],
    directory: Path,
    environment: dict[str, str],
    stdin: Path | None,
    stdout: Path,
    stderr: Path,
) -> None:
    os.setsid()
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in ((1, stdout), (2, stderr)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(opened, number)
        os.close(opened)
    if stdin is not None:
        sys.stdin = stdin.open()
    sys.argv = ["headwater", *arguments]
    from server.cli.main import main

    main(arguments)
