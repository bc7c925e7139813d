"""Writes the conformance page: ``python docs/conformance.py``. Which rule is shown by which tests.

The rules are in ``rules.toml``. A test cites a rule by naming it in its docstring (``AP-226``), or several in a row
(``AP-290…292``); so does a module or a class for all its tests. ``FEDERATION.md`` gives the reasons for rules of level
SHOULD that nothing shows.
"""

import ast
import re
import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, NamedTuple

HERE: Final = Path(__file__).parent
TESTS: Final = HERE.parent / "tests"
FEDERATION: Final = HERE.parent / "FEDERATION.md"
LEVELS: Final = ("MUST", "SHOULD", "MAY")

_CITED = re.compile(r"\b(AP|IQ)-(\d{3})(?:\s?…\s?(?:\1-)?(\d{3}))?")
_EXCUSED = re.compile(r"^\| ((?:AP|IQ)-\d{3}) \| (\S.*) \|$", re.MULTILINE)

INTRODUCTION = """\
# Conformance

Which rules Headwater keeps, and which tests show it. The rules of ActivityPub, Activity Streams 2.0, HTTP
signatures and OAuth are named `AP-nnn`, what peers are known to do `IQ-nnn`. A test cites the rule it shows; this
page is written from those citations by `make docs`. The suite fails when a MUST is shown by no test, and when a
SHOULD is neither shown nor excused in [FEDERATION.md](../FEDERATION.md)."""


class Rule(NamedTuple):
    """One rule: where it stands, what it is called, how strong it is, and its subject."""

    section: str
    id: str
    level: str
    subject: str


class Citation(NamedTuple):
    """A test that shows a rule: its file below ``tests/`` and its name, empty for the whole file."""

    path: str
    test: str


def rules() -> list[Rule]:
    """Return all rules in the order of the file."""
    sections = tomllib.loads((HERE / "rules.toml").read_text(encoding="utf-8"))
    return [
        Rule(section, id, level, subject)
        for section, members in sections.items()
        for id, (level, subject) in members.items()
    ]


def citations() -> dict[str, list[Citation]]:
    """Return by rule the tests that cite it, in the order of their files."""
    known = [rule.id for rule in rules()]
    found: dict[str, list[Citation]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name, docstring in _docstrings(ast.parse(path.read_text(encoding="utf-8"))):
            for id in cited(docstring, known):
                citation = Citation(path.relative_to(TESTS).as_posix(), name)
                if citation not in found.setdefault(id, []):
                    found[id].append(citation)
    return found


def _docstrings(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield what a test module says: for the whole file, for each class of tests and for each test."""
    yield "", ast.get_docstring(module) or ""
    for node in ast.walk(module):
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if named and node.name.lower().startswith("test"):
            yield node.name, ast.get_docstring(node) or ""


def cited(text: str, known: Collection[str]) -> Iterator[str]:
    """Yield the rules a text names; in a row, both ends and every known rule between them."""
    for family, first, last in _CITED.findall(text):
        ends = {f"{family}-{first}", f"{family}-{last or first}"}
        yield from sorted(ends | {id for id in known if min(ends) <= id <= max(ends)})


def excuses() -> dict[str, str]:
    """Return the reasons that FEDERATION.md gives, by rule."""
    return dict(_EXCUSED.findall(FEDERATION.read_text(encoding="utf-8")))


def unshown(level: str) -> list[str]:
    """Return the rules of a level that no test cites; those of level SHOULD only when no reason is given either."""
    known = citations().keys() | (excuses().keys() if level == "SHOULD" else set())
    return [rule.id for rule in rules() if rule.level == level and rule.id not in known]


def page() -> str:
    """Return the text of ``conformance.md``."""
    return "\n".join(_lines(rules(), citations())) + "\n"


def _lines(known: list[Rule], shown: dict[str, list[Citation]]) -> Iterator[str]:
    yield INTRODUCTION
    yield ""
    yield "| level | rules | shown by tests |"
    yield "| --- | --- | --- |"
    for level in LEVELS:
        ids = [rule.id for rule in known if rule.level == level]
        yield f"| {level} | {len(ids)} | {sum(id in shown for id in ids)} |"
    for section in dict.fromkeys(rule.section for rule in known):
        yield from (
            "",
            f"## {section}",
            "",
            "| rule | level | subject | shown by |",
            "| --- | --- | --- | --- |",
        )
        for rule in (one for one in known if one.section == section):
            tests = "; ".join(_link(one) for one in shown.get(rule.id, ()))
            yield f"| {rule.id} | {rule.level} | {rule.subject} | {tests} |"


def _link(citation: Citation) -> str:
    name = citation.test or Path(citation.path).stem
    return f"[{name.removeprefix('test_').replace('_', ' ')}](../tests/{citation.path})"


if __name__ == "__main__":
    (HERE / "conformance.md").write_text(page(), encoding="utf-8")
    for weight in ("MUST", "SHOULD"):
        print(weight, "without a test:", ", ".join(unshown(weight)) or "none")  # noqa: T201
