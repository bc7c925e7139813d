"""The table of commands, and what an error looks like to the person at the terminal."""

import logging
import sys
from collections.abc import Sequence

import click

from server.cli.run import Failure, Late, Run, printable
from server.config import ConfigError

log = logging.getLogger(__name__)

FORESEEN = ("storage.errors.StorageError", "streams.errors.StreamsError", "federation.errors.FederationError",
            "vocab.errors.VocabError")  # fmt: skip
"""The roots of errors that say by themselves what is wrong; looked for by name when there is one."""


@click.group(
    cls=Late,
    late={
        "serve": "serve.serve",
        "worker": "serve.worker",
        "init": "start.init",
        "demo": "demo.demo",
        "actor": "actors.actor",
        "member": "members.member",
        "token": "tokens.token",
        "tenant": "tenants.tenant",
        "feeds": "feeds.feeds",
        "subscription": "subscriptions.subscription",
        "link": "links.link",
        "deliveries": "deliveries.deliveries",
        "collector": "collector.collector",
        "domain": "domains.domain",
        "hook": "hooks.hook",
        "provider": "providers.provider",
        "import": "archive.import_",
        "export": "archive.export",
        "report": "reports.report",
        "migrate": "store.migrate",
        "backup": "store.backup",
        "restore": "store.restore",
        "doctor": "doctor.doctor",
        "config": "config.config",
        "version": "start.version",
    },
)
def root() -> None:
    """Headwater, a federated activity-stream server."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code."""
    sys.exit(outcome(arguments))


def outcome(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no error leaves a traceback behind."""
    try:
        code = root.main(arguments, prog_name="headwater", standalone_mode=False, obj=Run())
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return _fail("stopped", 1)
    except ConfigError as error:
        return _fail("\n".join(error.problems), 2)
    except (Failure, OSError) as error:
        return _fail(str(error) or type(error).__name__, 1)
    except Exception as error:
        if _foreseen(error):
            return _fail(str(error) or type(error).__name__, 1)
        log.debug("unexpected", exc_info=error)
        return _fail(f"unexpected {type(error).__name__}: {error}", 1)


def _foreseen(error: Exception) -> bool:
    known = {f"{cls.__module__}.{cls.__qualname__}" for cls in type(error).__mro__}
    return not known.isdisjoint(FORESEEN)


def _fail(message: str, code: int) -> int:
    click.echo("\n".join(f"headwater: {printable(line)}" for line in message.splitlines()), err=True)
    return code
