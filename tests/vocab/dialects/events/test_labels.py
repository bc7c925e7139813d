"""Events §4.2, §4.3, §6.2: where labels have their places."""

import pytest

from vocab.dialects.events import Problems, linktypes
from vocab.dialects.events.labels import Labels
from vocab.dialects.events.roletypes import ROLES, TRADES


def placed(
    text: str, labels: Labels | None = None, space: str = "role"
) -> tuple[str | None, list[tuple[str, str]]]:
    problems = Problems()
    labels = Labels({}) if labels is None else labels
    path = labels.role(text, problems, "f") if space == "role" else labels.link(text, problems, "f")
    return path, [(problem.severity, problem.code) for problem in problems]


ODD = [("warning", "adjusted_value")]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("ACTOR", "ACTOR"), ("BUYER", "ACTOR:BUYER"), ("ACTOR:BUYER", "ACTOR:BUYER"), ("SOLD_BY", "ACTOR:SOLD_BY"),
        ("OBSERVES", "OBSERVED"), ("CREATES", "AFFECTS:CREATES"), ("AFFECTS:DELETES", "AFFECTS:REMOVES"),
        ("VIEWED", "INVOLVES:VIEWED"), ("PURCHASED", "TRADE:PURCHASED"), ("TRADE:UNCARTED", "TRADE:UN_CARTED"),
        ("BOUGHT", "TRADE:PURCHASED"), ("COMMENT:COMMENTS", "COMMENT:COMMENTS"), ("MESSAGE_FROM", "MESSAGING:SENT_BY"),
        ("BOUGHT_FOR", "INVOLVES:BOUGHT_FOR"), ("AFFECTS:BOUGHT_FOR", "AFFECTS:BOUGHT_FOR"), ("CONCERNS", "CONCERNS"),
        ("TRADE", "TRADE"),
    ],
)  # fmt: skip
def test_predefined_roles_alone_and_with_their_parents(written: str, path: str) -> None:
    assert placed(written) == (path, [])
    assert placed(path) == (path, [])


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("AFFECTS:PURCHASED", "TRADE:PURCHASED"),
        ("INVOLVES:CONCERNS", "CONCERNS"),
        ("AFFECTS:BUYER", "ACTOR:BUYER"),
    ],
)
def test_a_predefined_role_keeps_its_place(written: str, path: str) -> None:
    """Older SDKs write trade roles under AFFECTS (§4.3)."""
    assert placed(written) == (path, ODD)


def test_a_custom_role_is_reserved_for_one_parent() -> None:
    labels = Labels({})
    assert placed("ACTOR:OPERATOR:PILOT", labels) == ("ACTOR:OPERATOR:PILOT", [])
    assert labels.new == {("role", "OPERATOR"): "ACTOR:OPERATOR", ("role", "PILOT"): "ACTOR:OPERATOR:PILOT"}
    for later in (labels, Labels(labels.new)):
        for alike in ("PILOT", "OPERATOR:PILOT", "ACTOR:OPERATOR:PILOT"):
            assert placed(alike, later) == ("ACTOR:OPERATOR:PILOT", [])
        assert placed("AFFECTS:PILOT", later) == (None, [("error", "reserved_label")])
        assert placed("AFFECTS:PILOT:DEEPER", later) == (None, [("error", "reserved_label")])
    assert Labels(labels.new).new == {}


def test_roles_and_links_have_their_own_labels() -> None:
    """Events §6.2."""
    labels = Labels({("role", "SIBLING"): "ACTOR:SIBLING"})
    assert placed("RELATED_TO:SIBLING", labels, "link") == ("RELATED_TO:SIBLING", [])
    assert placed("SIBLING", labels) == ("ACTOR:SIBLING", [])


def test_an_unknown_role_is_placed_under_involves() -> None:
    assert placed("WITNESS") == ("INVOLVES:WITNESS", ODD)
    assert placed("witness") == ("INVOLVES:WITNESS", ODD * 2)
    assert placed("WITNESS:EYE") == ("INVOLVES:WITNESS:EYE", ODD)
    assert placed("WITNESS:WITNESS")[0] is None


@pytest.mark.parametrize(
    "written",
    [
        "",
        ":",
        "ACTOR:",
        ":BUYER",
        "ACTOR::BUYER",
        "A B",
        "A1",
        "ACTOR/X",
        "_A",
        "A" * 256,
        "A:" * 16 + "A",
        "É",
    ],
)
def test_what_is_no_label_is_an_error(written: str) -> None:
    assert placed(written) == (None, [("error", "invalid_value")])


@pytest.mark.parametrize(
    ("written", "path", "problems"),
    [
        ("AKA", "AKA", []), ("IS:AKA", "AKA", []), ("KNOWS:PART_OF", "PART_OF", []), ("FEATURED", "FEATURING", []),
        ("KNOWS:BUDDY", "KNOWS:BUDDY", []), ("RELATED_TO:SIBLING", "RELATED_TO:SIBLING", []),
        ("KNOWS:RELATED_TO:SIBLING", "RELATED_TO:SIBLING", []), ("CHUM", "HAS_RELATIONS_TO:CHUM", ODD),
        ("AKA:PART_OF", "PART_OF", ODD),
    ],
)  # fmt: skip
def test_types_of_links(written: str, path: str, problems: list[tuple[str, str]]) -> None:
    """Families are no part of a type; the documents do not agree which family some are in (§24)."""
    assert placed(written, space="link") == (path, problems)
    assert placed(path, space="link") == (path, [])


@pytest.mark.parametrize(
    ("type", "family"),
    [("AKA", "IS"), ("RELATED_TO:SIBLING", "KNOWS"), ("CLOSE:BY", "CLOSE"), ("CHUM", "KNOWS_OF")],
)
def test_each_type_is_in_a_family(type: str, family: str) -> None:
    assert linktypes.family(type) == family
    assert type.partition(":")[0] in (*linktypes.members(family), "CHUM")


def test_every_predefined_label_has_one_place() -> None:
    labels = [label for several in ROLES.under.values() for label in several.split()]
    assert len(labels) == len(set(labels)) == len(ROLES.paths)
    assert {"PURCHASED", "UN_RESERVED"} <= TRADES
    assert "TRADE" not in TRADES
