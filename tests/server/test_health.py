"""Is it alive, can it serve, what does it measure."""

import shutil
import sqlite3
from types import SimpleNamespace
from typing import cast

import httpx
import pytest
from knocking import configured
from town import Server, Town, eventually

from server.health import unready
from server.house import House
from storage import jobs, open_store


def get(server: Server, path: str, **headers: str) -> httpx.Response:
    return httpx.get(server.base_url + path, headers=headers)


def _when(status: int, answer: httpx.Response) -> httpx.Response | None:
    return answer if answer.status_code == status else None


def test_health_and_readiness(live: Server) -> None:
    """REL-035."""
    assert get(live, "/health").text == "ok\n"
    assert get(live, "/ready").text == "ready (test mode)\n"


def test_they_answer_whatever_the_host(live: Server) -> None:
    assert get(live, "/health", Host="10.0.0.1").status_code == 200
    assert get(live, "/ready", Host="anything").status_code == 200


def test_not_ready_while_the_database_cannot_be_written(town: Town) -> None:
    """REL-035: and ready again by itself."""
    server = town.server()
    blocker = sqlite3.connect(server.directory / "headwater.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    answer = eventually(lambda: _when(503, httpx.get(f"{server.base_url}/ready", timeout=10)))
    assert answer.json()["detail"].startswith("the database")
    assert "retry-after" in answer.headers
    assert get(server, "/health").status_code == 200
    blocker.execute("ROLLBACK")
    blocker.close()
    eventually(lambda: get(server, "/ready").status_code == 200)


@pytest.mark.anyio
async def test_not_ready_when_the_disk_is_almost_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """REL-028, REL-035."""
    config = configured(storage_disk_free_bytes_min="1000")
    parts = cast(House, SimpleNamespace(config=config))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=999))
    assert await unready(parts) == "the disk is almost full"


@pytest.mark.anyio
async def test_not_ready_when_the_work_has_come_to_a_halt(monkeypatch: pytest.MonkeyPatch) -> None:
    """REL-035."""
    config = configured(storage_disk_free_bytes_min="0")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=999))
    parts = cast(House, SimpleNamespace(config=config, stalled=lambda: True))
    assert await unready(parts) == "background work has stopped"


def test_metrics_are_for_this_machine(live: Server) -> None:
    """REL-036."""
    get(live, "/health")
    text = get(live, "/metrics").text
    assert 'headwater_requests_total{method="GET",route="/health",status="200"}' in text


def test_metrics_are_not_for_whoever_comes_through_a_proxy(live: Server) -> None:
    """SEC-061: behind a proxy on this machine everyone seems to be this machine."""
    answer = get(live, "/metrics", **{"X-Forwarded-For": "203.0.113.7"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_metrics_are_for_the_operator_from_anywhere(town: Town) -> None:
    server = town.server(HEADWATER_SERVER_OPERATOR_TOKEN="letmein")
    forwarded = {"X-Forwarded-For": "203.0.113.7"}
    assert get(server, "/metrics", **forwarded, Authorization="Bearer letmein").status_code == 200
    assert get(server, "/metrics", **forwarded, Authorization="Bearer letmeout").status_code == 401


@pytest.mark.anyio
async def test_queues_are_measured(live: Server) -> None:
    """REL-022, REL-036."""
    async with open_store(f"sqlite:///{live.directory}/headwater.db") as store:
        await store.write(jobs.add, "elsewhere", {"v": 1}, now=1)
    text = get(live, "/metrics").text
    assert 'headwater_queue_jobs{queue="elsewhere",state="waiting"} 1.0' in text
    assert 'headwater_queue_jobs{queue="elsewhere",state="enqueued"} 1.0' in text
