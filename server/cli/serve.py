"""``headwater serve`` and ``headwater worker``: the processes that keep running."""

import asyncio
import functools
import os
import signal
import socket
import tempfile
from typing import Any

import click

from server import counted, listen, logs, processes
from server.app import create_app, open_with_doors
from server.cli.run import Command, Failure, Run, pass_run
from server.config import Config
from server.workers import Workers
from storage import Store


@click.command(cls=Command)
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on; 0 picks a free one.")
@click.option("--workers", type=click.IntRange(1), help="Processes that serve.")
@pass_run
def serve(run: Run, host: str | None, port: int | None, workers: int | None) -> None:
    """Serve until SIGTERM; then finish what is in progress and stop within ten seconds."""
    config = _with_options(run.config, host=host, port=port, workers=workers)
    run.with_store(_opens)
    with _listening(config) as listening:
        _announce(run, config, listening)
        one = functools.partial(_serve, config)
        if config.server.workers == 1:
            one(listening)
        else:
            _serve_in_several(one, listening, config.server.workers)


def _with_options(config: Config, **options: Any) -> Config:
    given = {name: value for name, value in options.items() if value is not None}
    return config.model_copy(update={"server": config.server.model_copy(update=given)})


async def _opens(_: Store) -> None:
    """See that the database can be opened, and brought up to date, before anyone is let in."""


def _listening(config: Config) -> socket.socket:
    try:
        return listen.open_socket(config.server.host, config.server.port)
    except OSError as error:
        raise Failure(
            f"cannot listen on {config.server.host}:{config.server.port}: {error.strerror}"
        ) from None


def _announce(run: Run, config: Config, listening: socket.socket) -> None:
    """Say where we listen, and what is unusual about it (SEC-119, REL-002)."""
    host, port = listening.getsockname()[:2]
    where = f"{host}:{port}"
    run.show(
        {"base_url": config.server.base_url, "listening": where},
        f"Serving {config.server.base_url} on {where}",
    )
    if config.test_mode:
        click.echo("Test mode: this server may contact loopback addresses over plain http.", err=True)
    if config.storage.durability != "full":
        click.echo("Durability is reduced: a power failure may take the last commits.", err=True)


def _serve(config: Config, listening: socket.socket) -> None:
    """Serve in this process."""
    logs.start(config.server.log_format, config.server.log_level)
    try:
        listen.run(create_app(config), config, listening)
    except SystemExit:
        raise Failure("the server could not start; the log says why") from None


def _serve_in_several(one: processes.Serve, listening: socket.socket, count: int) -> None:
    """Serve in several processes; their metrics meet in files, found by this variable when they import them."""
    with tempfile.TemporaryDirectory(prefix="headwater-metrics-") as directory:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
        if not processes.run(one, listening, count):
            raise Failure("the serving processes do not start; the log says why")


@click.command(cls=Command)
@pass_run
def worker(run: Run) -> None:
    """Do background work alone: intake, fan-out, deliveries, housekeeping. Stops on SIGTERM."""
    logs.start(run.config.server.log_format, run.config.server.log_level)
    run.show({"base_url": run.config.server.base_url}, f"Working for {run.config.server.base_url}")
    asyncio.run(_work(run.config))


async def _work(config: Config) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_with_doors(config) as house, counted.running(house), Workers(house).running():
        await stop.wait()
