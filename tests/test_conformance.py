"""The conformance page says which tests show which rule."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parent.parent / "docs"


def _conformance() -> ModuleType:
    spec = importlib.util.spec_from_file_location("conformance", DOCS / "conformance.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


conformance = _conformance()
KNOWN = {rule.id for rule in conformance.rules()}


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("AP-226, AP-227: kept", ["AP-226", "AP-227"]),
        ("AP-290…292: kept", ["AP-290", "AP-291", "AP-292"]),
        ("AP-030…AP-032", ["AP-030", "AP-031", "AP-032"]),
        ("AP-228…230, a gap between", ["AP-228", "AP-230"]),
        ("FEP-8b32 and RFC 9421 are no rules of ours; XAP-001 neither", []),
    ],
)
def test_citations_are_read_one_by_one_and_in_a_row(text: str, rules: list[str]) -> None:
    assert list(conformance.cited(text, KNOWN)) == rules


def test_only_rules_that_exist_are_cited_and_excused() -> None:
    assert conformance.citations().keys() <= KNOWN
    assert conformance.excuses().keys() <= KNOWN


def test_every_must_is_shown_by_a_test() -> None:
    assert conformance.unshown("MUST") == []


def test_every_should_is_shown_or_excused() -> None:
    assert conformance.unshown("SHOULD") == []


def test_the_page_is_what_the_tests_say() -> None:
    assert (DOCS / "conformance.md").read_text() == conformance.page(), "write it anew: make docs"
