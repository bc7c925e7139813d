"""Events told to people."""

from typing import Any

import pytest

from vocab import Object
from vocab.dialects.events import sentences

ADA = {"name": "Ada"}


def told(type: str = "Activity", event_type: str = "as.fleet.cargo.loaded", **members: Any) -> str:
    return sentences.sentence(Object({"type": [type, "hw:Event"], "hw:eventType": event_type, **members}))


def many(*names: str) -> list[dict[str, Any]]:
    return [{"name": name} for name in names]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (told(summary="a &lt; b", actor=ADA), "a < b"),
        (told(actor=ADA, object={"name": "Kestrel"}), "Ada: cargo loaded (Kestrel)"),
        (told(actor=ADA), "Ada: cargo loaded"),
        (told(object={"name": "Kestrel"}), "Cargo loaded (Kestrel)"),
        (told("View", actor=ADA, object={"name": "Mug"}), "Ada viewed Mug"),
        (told("Arrive"), "Somebody arrived"),
        (told(event_type="as.commerce.purchase.completed", actor=ADA), "Ada: purchase completed"),
        (told(event_type="as.commerce.purchase.completed", actor=ADA,
              object={"type": "Collection", "items": many("Mug", "Saucer")}),
         "Ada: purchase completed (Mug and Saucer)"),
        (told("Like", actor=many("Ada", "Bo"), object=many("1", "2", "3", "4", "5")),
         "Ada and Bo liked 1, 2 and 3 others"),
        (told("Like", actor=many("Ada", "Bo", "Eve"), object="https://x.example/1"), "Ada, Bo and Eve liked"),
        (told(event_type="", actor={"type": "Person"}), "Something happened"),
        (told(event_type="washed", actor=ADA), "Ada: washed"),
    ],
)  # fmt: skip
def test_an_event_is_told_in_a_sentence(said: str, expected: str) -> None:
    assert said == expected
