"""How lines look: JSON for machines, text for people, one request id through all of them (REL-037).

Whatever comes from outside is shortened and stripped of control characters before it reaches a line
(SEC-074), and values whose name says that they are secret are never written (SEC-118).
"""

import logging
import re
import sys
from contextvars import ContextVar
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is being answered, empty in background work."""

TEXT_CHARS_MAX = 2_000
SECRET = re.compile(
    r"password|passwd|secret|token|authori[sz]ation|cookie|signature|private|api_?key", re.IGNORECASE
)
URL_CREDENTIALS = re.compile(r"(?<=://)[^/\s@:]{0,200}:[^/\s@]{0,200}(?=@)")
CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def start(form: str, level: str, *, stream: TextIO | None = None) -> None:
    """Send all logging to one stream, standard error unless told otherwise. ``form`` is auto, json or text."""
    out = sys.stderr if stream is None else stream
    as_text = form == "text" or (form == "auto" and out.isatty())
    handler = logging.StreamHandler(out)
    handler.setFormatter(_formatter(as_text, colors=as_text and out.isatty()))
    logging.raiseExceptions = False  # a closed log pipe must not break a request
    logging.root.handlers = [handler]
    logging.root.setLevel(level.upper())
    for chatty in ("uvicorn", "uvicorn.error", "httpx", "httpcore", "aiosqlite", "asyncio"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.root.level))


def _formatter(as_text: bool, *, colors: bool) -> structlog.stdlib.ProcessorFormatter:
    before: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_request_id,
        structlog.processors.format_exc_info,
        clean,
    ]
    last: Processor = (
        structlog.dev.ConsoleRenderer(colors=colors) if as_text else structlog.processors.JSONRenderer()
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )


def add_request_id(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Name the request that a line belongs to."""
    if current := request_id.get():
        event["request_id"] = current
    return event


def clean(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Leave out secrets, shorten what is long, make control characters visible."""
    return {name: "…" if SECRET.search(name) else _clean(value, name) for name, value in event.items()}


def _clean(value: Any, name: str) -> Any:
    if not isinstance(value, str):
        return value
    limit = 10 * TEXT_CHARS_MAX if name == "exception" else TEXT_CHARS_MAX
    safe = URL_CREDENTIALS.sub("…", value[:limit]).translate(CONTROLS)
    return safe if name == "exception" else safe.replace("\n", "\\n")
