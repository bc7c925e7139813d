"""How lines look."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from server import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    handlers, level, raises = logging.root.handlers, logging.root.level, logging.raiseExceptions
    yield
    logging.root.handlers, logging.raiseExceptions = handlers, raises
    logging.root.setLevel(level)


def line(form: str, message: str, *arguments: object, **extra: object) -> str:
    out = io.StringIO()
    logs.start(form, "info", stream=out)
    logging.getLogger("test").info(message, *arguments, extra=extra)
    return out.getvalue()


def test_json_lines() -> None:
    """REL-037."""
    found = json.loads(line("json", "%s said", "bob", status=202))
    assert (found["event"], found["level"], found["logger"], found["status"]) == (
        "bob said",
        "info",
        "test",
        202,
    )
    assert found["timestamp"].endswith("Z")


def test_the_request_is_named() -> None:
    """REL-037."""
    token = logs.request_id.set("abc")
    try:
        assert json.loads(line("json", "x"))["request_id"] == "abc"
    finally:
        logs.request_id.reset(token)
    assert "request_id" not in json.loads(line("json", "x"))


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize(
    "name", ["password", "access_token", "Authorization", "cookie", "signature", "private_key", "api_key"]
)
def test_secrets_are_left_out(form: str, name: str) -> None:
    """SEC-118."""
    assert "canary" not in line(form, "x", **{name: "canary"})


@pytest.mark.parametrize("form", ["json", "text"])
def test_credentials_in_addresses_are_left_out(form: str) -> None:
    """SEC-118."""
    assert "canary" not in line(form, "cannot reach %s", "postgresql://bob:canary@db/x")


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_line_is_one_line_whatever_it_says(form: str) -> None:
    """SEC-074: no forged lines, no terminal escapes."""
    written = line(form, "actor %s", "a\r\nfake \x1b[2J\x9b line")
    assert written.count("\n") == 1
    assert "\x1b[2J" not in written
    assert "\x9b" not in written


def test_remote_text_is_shortened() -> None:
    """REL-037."""
    assert len(line("json", "%s", "x" * 100_000)) < 3_000


def test_tracebacks_are_kept() -> None:
    out = io.StringIO()
    logs.start("json", "info", stream=out)
    try:
        raise RuntimeError("why")
    except RuntimeError:
        logging.getLogger("test").exception("failed")
    assert "RuntimeError: why" in json.loads(out.getvalue())["exception"]


def test_a_closed_pipe_breaks_nothing() -> None:
    """REL-037."""
    out = io.StringIO()
    logs.start("json", "info", stream=out)
    out.close()
    logging.getLogger("test").info("into the void")
