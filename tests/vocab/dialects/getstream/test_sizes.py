"""How large and how deep what is kept may be (§12)."""

from typing import Any

import pytest

from vocab import BadFields, TooLarge, jsontext
from vocab.dialects.getstream import sizes


def nested(levels: int) -> Any:
    value: Any = 1
    for level in range(levels):
        value = [value] if level % 2 else {"x": value}
    return value


def test_ten_kilobytes_are_kept_and_no_more() -> None:
    room = sizes.KEPT_BYTES_MAX - len(jsontext.dumps({"é": ""}))
    sizes.check({"é": "x" * room})
    with pytest.raises(TooLarge) as caught:
        sizes.check({"é": "x" * (room + 1)})
    assert (caught.value.size_bytes, caught.value.limit_bytes) == (10_241, 10_240)


def test_the_deepest_that_is_kept_can_be_read_within_other_documents() -> None:
    sizes.check({"x": nested(sizes.DEPTH_MAX)})
    assert jsontext.loads(
        jsontext.dumps({"object": {"object": {"hw:custom": {"x": nested(sizes.DEPTH_MAX)}}}})
    )
    with pytest.raises(BadFields) as caught:
        sizes.check({"ok": 1, "x": nested(sizes.DEPTH_MAX + 1)})
    assert caught.value.fields == {"x": ["nested too deeply"]}
