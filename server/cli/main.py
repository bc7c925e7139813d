"""The table of commands, and what an error looks like to the person at the terminal."""

import logging
import sys
from collections.abc import Sequence

import click

from federation.errors import FederationError
from server.cli import actors, config, deliveries, demo, doctor, domains, members, serve, start, store, tokens
from server.cli.run import Failure, Group, Run, printable
from server.config import ConfigError
from storage.errors import StorageError
from streams.errors import StreamsError
from vocab import VocabError

log = logging.getLogger(__name__)


@click.group(cls=Group)
def root() -> None:
    """Headwater, a federated activity-stream server."""


for _command in (
    serve.serve,
    serve.worker,
    start.init,
    demo.demo,
    actors.actor,
    members.member,
    tokens.token,
    deliveries.deliveries,
    domains.domain,
    store.migrate,
    store.backup,
    store.restore,
    doctor.doctor,
    config.config,
    start.version,
):
    root.add_command(_command)


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
    except (Failure, StorageError, StreamsError, FederationError, VocabError, OSError) as error:
        return _fail(str(error) or type(error).__name__, 1)
    except Exception as error:
        log.debug("unexpected", exc_info=error)
        return _fail(f"unexpected {type(error).__name__}: {error}", 1)


def _fail(message: str, code: int) -> int:
    click.echo("\n".join(f"headwater: {printable(line)}" for line in message.splitlines()), err=True)
    return code
