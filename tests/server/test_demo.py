"""The demonstration tells its story to the end."""

import json
import subprocess
import sys
from pathlib import Path


def test_the_story_is_told(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "server", "demo", "--once", "--json"],
        cwd=tmp_path, capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip
    document = json.loads(told.stdout)
    assert len(set(document["servers"])) == 2
    assert document["story"][-1] == {"who": "ada", "what": "sees it: her note has 1 like"}
