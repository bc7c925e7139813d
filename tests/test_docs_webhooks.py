"""What docs/realtime-and-webhooks.md gives a receiver to check letters with is right (Feeds §11.3)."""

import hashlib
import hmac
import re
from pathlib import Path
from typing import Any

PAGE = (Path(__file__).parent.parent / "docs" / "realtime-and-webhooks.md").read_text()


def test_a_letter_is_known_by_its_signature() -> None:
    [code] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    given: dict[str, Any] = {}
    exec(code, given)
    body, secret = '[{"feed":"ü"}]'.encode(), "s" * 32
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    assert given["is_ours"](body, signature, secret)
    assert not given["is_ours"](body + b" ", signature, secret)
    assert not given["is_ours"](body, signature, "other")
