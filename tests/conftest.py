"""What every test may use."""

import os

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, like the server."""
    return "asyncio"


def require_service(name: str, answers: bool) -> None:
    """Skip a test whose service is absent; fail instead where services are promised to be there."""
    if not answers:
        reason = f"{name} is not available"
        pytest.fail(reason) if os.environ.get("HEADWATER_REQUIRE_SERVICES") == "1" else pytest.skip(reason)
