"""What a machine may lack, and what that means for the tests that need it."""

import os
from typing import NoReturn

import pytest

REQUIRED = os.environ.get("HEADWATER_REQUIRE_SERVICES") == "1"


def lacking(reason: str) -> NoReturn:
    """Skip the test, saying why; fail where everything has to be there."""
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)
