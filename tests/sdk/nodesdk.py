"""The JavaScript SDK of Stream, unchanged (``tests/sdk/getstream``): a Node process that does as it is told."""

import base64
import itertools
import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

DIRECTORY = Path(__file__).parent / "getstream"
PATIENCE_SECONDS = 20


def missing() -> str | None:
    """Return what this machine lacks to run the SDK, or None."""
    if shutil.which("node") is None:
        return "no Node.js: the JavaScript SDK cannot run"
    if not (DIRECTORY / "node_modules").is_dir():
        return f"the JavaScript SDK is not installed: npm ci --ignore-scripts --prefix {DIRECTORY}"
    return None


class Refused(Exception):
    """The SDK threw. ``status`` and ``body`` are None when the server was not asked; ``code`` may be Faye's."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['type']}: {error['message']}")
        self.type, self.status, self.body = error["type"], error["status"], error["body"]
        self.code = error["code"]


class Kept:
    """An object over there: methods are called by their names, properties read with brackets.

    Keyword arguments make the object of options that comes last in JavaScript.
    """

    def __init__(self, process: "Getstream", number: int) -> None:
        self._process, self._number = process, number

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args, **options: self._process.call(self._number, name, *_given(args, options))

    def hold(self, name: str) -> Any:
        """Call a method and keep what it returns, without waiting for what that promises."""
        return self._process.call(self._number, name, hold=True)

    def __getitem__(self, name: str) -> Any:
        return self._process.read(self._number, name)


class Ear:
    """A callback over there, and what it was given."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.messages: queue.Queue[Any] = queue.Queue()

    def next(self, seconds: float = PATIENCE_SECONDS) -> Any:
        """Return the next message; raise queue.Empty when none comes."""
        return self.messages.get(timeout=seconds)


class Getstream:
    """One Node process with the SDK in it."""

    def __init__(self, log: Path, **environment: str) -> None:
        self._numbers = itertools.count(1)
        self._answers: dict[int, queue.Queue[dict[str, Any]]] = {}
        self._ears: dict[int, Ear] = {}
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                ["node", "driver.mjs"], cwd=DIRECTORY, env={**os.environ, **environment},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        self._reader = threading.Thread(target=self._hear, daemon=True)
        self._reader.start()

    def close(self) -> None:
        """End the process and wait for it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE_SECONDS)
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def ear(self) -> Ear:
        """Return a callback to be given to a method."""
        made = Ear(next(self._numbers))
        self._ears[made.number] = made
        return made

    def connect(self, *args: Any, **options: Any) -> Any:
        """Call the SDK's ``connect``."""
        return self.call(None, "connect", *_given(args, options))

    def call(self, on: int | None, name: str, *given: Any, hold: bool = False) -> Any:
        """Call a method, and wait for what comes of it unless it is held."""
        return self._ask({"on": on, "do": name, "with": given, "hold": hold})

    def together(self, *calls: Sequence[Any]) -> list[Any]:
        """Make many calls without waiting for each: of an object, by name, with arguments."""
        orders = [{"on": on._number, "do": name, "with": given} for on, name, *given in calls]
        return [self._answer(sent) for sent in [self._sent(order) for order in orders]]

    def read(self, on: int, name: str) -> Any:
        """Return a property."""
        return self._ask({"on": on, "read": name})

    def _ask(self, order: dict[str, Any]) -> Any:
        return self._answer(self._sent(order))

    def _sent(self, order: dict[str, Any]) -> "queue.Queue[dict[str, Any]]":
        number = next(self._numbers)
        answers = self._answers[number] = queue.Queue()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, **order}, default=_spelt).encode() + b"\n")
        self._process.stdin.flush()
        return answers

    def _answer(self, answers: "queue.Queue[dict[str, Any]]") -> Any:
        answer = answers.get(timeout=PATIENCE_SECONDS)
        if "error" in answer:
            raise Refused(answer["error"])
        return Kept(self, answer["kept"]) if "kept" in answer else answer["value"]

    def _hear(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            if "heard" in said:
                self._ears[said["heard"]].messages.put(said["message"])
            else:
                self._answers.pop(said["id"]).put(said)


def _given(args: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
    return (*args, options) if options else args


def _spelt(value: object) -> dict[str, Any]:
    if isinstance(value, Kept):
        return {"$kept": value._number}
    if isinstance(value, Ear):
        return {"$hear": value.number}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    raise TypeError(value)
