"""Where the code of a provider runs, so that one which hangs or crashes harms nobody else (Atom §8.3).

Those that work on the server's own loop say so (``inside = True``) and are trusted not to hold it up. Any other has a
loop and a thread of its own, one that declares ``blocking = True`` a thread for each call. All threads are daemons:
a call that never ends does not keep the server from stopping.
"""

import asyncio
import contextlib
import inspect
import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Final, Protocol

log = logging.getLogger(__name__)

Call = Callable[[], Any]
"""What is to be called: it returns a value or something to await."""
Ended = Callable[[Any, Exception | None], None]

AT_ONCE_MAX: Final = 8
"""Calls of one provider in progress, those that do not stop when told to included; more are refused."""


class Crowded(Exception):
    """So many calls of this provider have not ended that there is no place for another one."""


class Quarters(Protocol):
    """A place where calls run."""

    async def run(self, call: Call) -> Any:
        """Return what a call gives; it is told to stop when whoever waits for it is cancelled. Raises Crowded."""

    def close(self) -> None:
        """Let the place go; calls that still run are told to stop."""


class Inside:
    """The server's own loop."""

    async def run(self, call: Call) -> Any:
        """Call here."""
        found = call()
        return await found if inspect.isawaitable(found) else found

    def close(self) -> None:
        """Nothing is held."""


class _Outside(ABC):
    """What both kinds of place elsewhere share: how many calls have not ended, and how an end is told here."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._running = 0

    async def run(self, call: Call) -> Any:
        """Call there."""
        if self._running >= AT_ONCE_MAX:
            raise Crowded
        here = asyncio.get_running_loop()
        found: asyncio.Future[Any] = here.create_future()

        def settle(result: Any, error: Exception | None) -> None:
            self._running -= 1
            if not found.done() and error is None:
                found.set_result(result)
            elif not found.done():
                found.set_exception(error or RuntimeError())

        def ended(result: Any, error: Exception | None) -> None:
            try:
                here.call_soon_threadsafe(settle, result, error)
            except RuntimeError:
                log.debug("a call of %s ended after the server had", self._name)

        self._running += 1
        stop = self._start(call, ended)
        try:
            return await found
        finally:
            if not found.done() or found.cancelled():
                stop()

    @abstractmethod
    def _start(self, call: Call, ended: Ended) -> Callable[[], None]:
        """Begin a call, of which ``ended`` is to be told its result or error; return how to stop it."""

    def close(self) -> None:  # noqa: B027 - a place of threads alone holds nothing
        """Nothing is held but threads, which end by themselves."""


class Apart(_Outside):
    """A loop of its own on a thread of its own, begun with the first call."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._loop: asyncio.AbstractEventLoop | None = None

    def _start(self, call: Call, ended: Ended) -> Callable[[], None]:
        there = self._begun()
        tasks: list[asyncio.Task[Any]] = []

        def done(task: asyncio.Task[Any]) -> None:
            error = RuntimeError("cancelled") if task.cancelled() else task.exception()
            ended(None if error else task.result(), _plain(error) if error else None)

        def start() -> None:
            tasks.append(there.create_task(_called(call)))
            tasks[0].add_done_callback(done)

        there.call_soon_threadsafe(start)
        return lambda: _there(there, lambda: tasks[0].cancel())

    def _begun(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(
                target=_live, args=(self._loop,), name=f"provider {self._name}", daemon=True
            ).start()
        return self._loop

    def close(self) -> None:
        """Stop the loop, when it comes to that."""
        if self._loop is not None:
            _there(self._loop, self._loop.stop)
            self._loop = None


class Aside(_Outside):
    """A thread for each call, for code that blocks. It stops when it looks whether it should, and sees so."""

    def _start(self, call: Call, ended: Ended) -> Callable[[], None]:
        def work() -> None:
            try:
                result = asyncio.run(_called(call))
            except BaseException as error:
                ended(None, _plain(error))
            else:
                ended(result, None)

        threading.Thread(target=work, name=f"provider {self._name}", daemon=True).start()
        return lambda: None


def _live(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is stopped; then end what is left, if it lets itself be ended, and close it."""
    try:
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=1.0))
    finally:
        loop.close()


def _there(loop: asyncio.AbstractEventLoop, act: Callable[[], Any]) -> None:
    with contextlib.suppress(RuntimeError):  # it was closed
        loop.call_soon_threadsafe(act)


async def _called(call: Call) -> Any:
    """Call, and let nothing be raised that would end the loop or be taken for a cancellation of the server's."""
    try:
        found = call()
        return await found if inspect.isawaitable(found) else found
    except asyncio.CancelledError:
        raise
    except BaseException as error:
        raise _plain(error) from error


def _plain(error: BaseException) -> Exception:
    """Return what may be raised on the server's loop: neither an order to stop nor what futures cannot carry."""
    is_plain = isinstance(error, Exception) and not isinstance(error, StopIteration)
    return error if is_plain else RuntimeError(type(error).__name__)  # type: ignore[return-value]


def quarters(provider: Any, name: str) -> Quarters:
    """Return where a provider's code is to run."""
    if getattr(provider, "inside", False) is True:
        return Inside()
    return Aside(name) if getattr(provider, "blocking", False) else Apart(name)


def is_inside(provider: Any) -> bool:
    """Tell whether a provider works on the server's own loop, and is believed."""
    return getattr(provider, "inside", False) is True
