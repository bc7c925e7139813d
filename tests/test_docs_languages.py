"""What docs/ranking-and-aggregation.md says of formulas and formats is so."""

import json
import re
from pathlib import Path
from random import Random

import pytest

from streams.aggregation import Format, Placement
from streams.aggregation.strftime import DIRECTIVES
from streams.errors import Malformed, Unrankable
from streams.ranking import Method, Occasion, Subject
from streams.ranking.decay import STANDARD
from streams.ranking.formula import BUILT_IN

PAGE = (Path(__file__).parent.parent / "docs" / "ranking-and-aggregation.md").read_text()
NOW = 1_772_366_400_000_000  # 2026-03-01T12:00:00Z
TIME = NOW - 2 * 86_400_000_000
ACTIVITY = json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0])
READER = json.loads(re.findall(r"ranking variables `(\{.*?\})`", PAGE)[0])

SUBJECT = Subject(TIME, ACTIVITY, {"like": 3}, {"click": 7})
OCCASION = Occasion(NOW, Random(1), READER)
PLACEMENT = Placement(ACTIVITY, TIME, "notification", "bob")


def examples(language):
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return [re.split(r"\s+→ ?", line) for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize(("formula", "result"), examples("formula"))
def test_formulas(formula, result):
    """Feeds API §10.1: each formula of the page gives what the page says."""
    if result.startswith("refused: "):
        with pytest.raises(Malformed) as refused:
            Method({"score": formula})
        assert f"refused: {refused.value.reason}" == result
    elif result.startswith("no score: "):
        with pytest.raises(Unrankable) as failed:
            Method({"score": formula}).score(SUBJECT, OCCASION)
        assert f"no score: {failed.value}" == result
    else:
        assert Method({"score": formula}).score(SUBJECT, OCCASION) == pytest.approx(float(result))


METHODS = re.findall(r"```json\n([^`]*)```\n\nScore: `(.*?)`", PAGE)


@pytest.mark.parametrize(("method", "score"), METHODS)
def test_methods(method, score):
    """Feeds API §10: each method of the page gives the score beneath it."""
    assert Method(json.loads(method)).score(SUBJECT, OCCASION) == pytest.approx(float(score))


@pytest.mark.parametrize(("source", "result"), examples("format"))
def test_formats(source, result):
    """Feeds API §8.4: each format of the page gives what the page says."""
    if result.startswith("refused: "):
        with pytest.raises(Malformed) as refused:
            Format(source)
        assert f"refused: {refused.value.reason}" == result
    else:
        assert Format(source).group(PLACEMENT) == result


def test_nothing_is_left_out():
    """Every function and every directive is on the page, and there are examples of all three kinds."""
    assert not [name for name in BUILT_IN | STANDARD.keys() if f"`{name}(" not in PAGE]
    written = re.search(r"`(%a [^`]*)`", PAGE)
    assert written
    assert {each[1:] for each in written[1].split()} == set(DIRECTIVES)
    assert len(METHODS) == 2
    assert len(examples("formula")) > 20
    assert len(examples("format")) > 15
