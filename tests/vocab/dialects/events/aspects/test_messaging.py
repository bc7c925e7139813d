"""Events §7.14, §7.19, §7.8."""

from collections.abc import Callable
from typing import Any

import pytest

from vocab.dialects.events import Ref, Role


def parties(found: Any, *, derived: bool = True) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for role in found.roles:
        assert role.derived is derived
        told.setdefault(role.path, []).append(str(role.target))
    return told


def test_correspondents_take_part(reads: Callable[..., Any]) -> None:
    found, problems = reads(
        messaging={
            "subject": "Berth change", "from": "Email/ada@north.example", "to": "ops@quay.example",
            "cc": ["Email/a@b.example", {"entity_ref": "Email/c@d.example", "BELONGS_TO": "Employee/Cy"}],
            "bcc": [None, "Bo <bo@north.example>", '"Di, E." <di@north.example>'], "dated": "2031-03-04T06:00:00Z",
        }
    )  # fmt: skip
    assert parties(found) == {
        "MESSAGING:SENT_BY": ["Email/ada@north.example"],
        "MESSAGING:SENT_TO": ["Email/ops@quay.example"],
        "MESSAGING:SENT_TO_CC": ["Email/a@b.example", "Email/c@d.example"],
        "MESSAGING:SENT_TO_BCC": ["Email/bo@north.example", "Email/di@north.example"],
    }
    assert [(str(link.source), link.type, str(link.target)) for link in found.links] == [
        ("Email/c@d.example", "BELONGS_TO", "Employee/Cy")
    ]
    assert [entity.aspects["presentation"]["label"] for entity in found.entities] == ["Bo", "Di, E."]
    assert found.aspects["messaging"]["to"] == ["Email/ops@quay.example"]
    assert found.aspects["messaging"]["from"] == "Email/ada@north.example"
    assert not problems


def test_correspondents_as_roles(reads: Callable[..., Any]) -> None:
    """§2.2: these are written, and so part of the event's id."""
    said = {
        "subject": "x",
        "involves": [{"SENT_BY": "Email/a@b.example"}, {"MESSAGE_TO": "Email/c@d.example"}],
    }
    found, problems = reads(messaging=said)
    assert parties(found, derived=False) == {
        "MESSAGING:SENT_BY": ["Email/a@b.example"], "MESSAGING:SENT_TO": ["Email/c@d.example"]
    }  # fmt: skip
    assert problems.valid


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"subject": "x", "to": "Email/a@b"}, "messaging.from", "missing_field"),
        ({"from": "Email/a@b", "to": "nobody"}, "messaging.to[0].SENT_TO", "invalid_reference"),
        ({"from": "Email/a@b", "group": "maybe"}, "messaging.group", "invalid_value"),
        ({"from": "Email/a@b", "to": ["Email/a@b"] * 1_001}, "messaging.to", "invalid_value"),
    ],
)
def test_what_is_no_message(codes: Callable[..., Any], said: Any, field: str, code: str) -> None:
    assert codes("messaging", said)[field] == code


@pytest.mark.parametrize(
    ("said", "group"),
    [
        ({"subject": " Re: FWD:fw : Berth change"}, ("email", "Berth change")),
        ({"subject": "Berth change", "group": False}, None),
        ({"subject": "re:"}, None),
        ({"group": True}, None),
    ],
)
def test_a_subject_groups(reads: Callable[..., Any], said: Any, group: tuple[str, str] | None) -> None:
    """§7.14, §7.19."""
    found, _ = reads(messaging={"from": "Email/a@b", **said})
    assert found.group == group
    assert found.aspects.get("grouped") == (group and {"group": group[1], "scope": group[0]})


def test_a_group_that_is_said_wins(reads: Callable[..., Any]) -> None:
    found, _ = reads(messaging={"from": "Email/a@b", "subject": "x"}, grouped="Re: Berth 7 rota")
    assert found.group == ("as.t", "Berth 7 rota")
    assert found.aspects["grouped"] == {"group": "Berth 7 rota"}


def test_a_message_that_is_a_subject_alone(told: Callable[..., Any]) -> None:
    assert told("messaging", "Berth change") == {"subject": "Berth change"}


@pytest.mark.parametrize("said", ["DEP-1", {"externalId": "DEP-1"}, {"external_id": "DEP-1", "batchId": "n"}])
def test_ids_elsewhere(reads: Callable[..., Any], said: Any) -> None:
    """§7.8."""
    found, problems = reads(resolvable=said)
    assert found.external_id == "DEP-1"
    assert found.batch_id == ("n" if "batchId" in said else "")
    assert not problems


def test_a_batch_alone_resolves_nothing(codes: Callable[..., Any]) -> None:
    assert codes("resolvable", {"batch_id": "n"}) == {"resolvable.external_id": "missing_field"}


def test_roles_are_found_once(reads: Callable[..., Any]) -> None:
    """A role that is written in a line stays one that is written."""
    found, _ = reads(
        items=[{"PURCHASED": "Mug/blue", "involves": [{"SENT_BY": "Email/a@b"}]}],
        messaging={"from": "Email/A@B"},
    )
    assert Role("MESSAGING:SENT_BY", Ref("Email", "a@b")) in found.roles
    assert len(found.roles) == 2
