"""Events §8: tags and mentions in a text."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.events import Ref, markup

ITEM = "f48383f0-fc0f-317c-90df-5d7a76e1eb17"


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#fog again", ("fog",)), ("#Fog, #fog. (#berth-7) #þoka #x_1", ("Fog", "berth-7", "þoka", "x_1")),
        ("http://x.example/#top a#b &#39; # ## C#", ()), ("#fog-", ("fog",)), ("#k7# is a token", ()), ("#a#b", ()),
    ],
)  # fmt: skip
def test_tags(text: str, tags: tuple[str, ...]) -> None:
    """Each once whatever its case; ``#token#`` names defaults (§18.2)."""
    assert markup.read(text).tags == tags


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("please check @Vessel/Kestrel-9.", ["Vessel/Kestrel-9"]),
        ("Ada@Employee/ada and @Employee/ADA", ["Employee/ada"]),
        ("(@Vessel:Tug/K-9), @Email/bo@north.example!", ["Vessel:Tug/K-9", "Email/bo@north.example"]),
        (f"see @{ITEM}", [ITEM]),
        ("a@b.example @/x @Vessel/ @Ves.sel/x Vessel/x", []),
    ],
)
def test_mentions(text: str, targets: list[str]) -> None:
    assert [str(target) for target in markup.read(text).targets] == targets


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@bo, @ada.l: @Bo", ("bo", "ada.l")), ("bo@north.example x/@y", ()), ("@Vessel/x @x@y", ()), (f"@{ITEM}", ()),
    ],
)  # fmt: skip
def test_bare_names(text: str, names: tuple[str, ...]) -> None:
    assert markup.read(text).names == names


def test_there_is_an_end_to_marks() -> None:
    found = markup.read(" ".join(f"#t{number} @T/{number} @n{number}" for number in range(1_000)))
    assert len(found.tags) == len(found.targets) == len(found.names) == markup.MARKS_MAX


@pytest.mark.parametrize("piece", ["#", "@", "@a", "@A:", "@A/b.", "#a-", "@a.", "a@", "@A/"])
def test_no_text_takes_long(piece: str) -> None:
    markup.read(piece * 20_000)


@given(st.text(st.sampled_from("@#aZ0/:-._ é") | st.characters(), max_size=60))
def test_what_is_found_is_in_the_text(text: str) -> None:
    found = markup.read(text)
    assert all(f"#{tag}" in text for tag in found.tags)
    assert all(f"@{target}" in text for target in found.targets if isinstance(target, Ref))
    assert all(f"@{target}" in text.lower() for target in found.targets if isinstance(target, UUID))
    assert all(f"@{name}" in text for name in found.names)


def test_a_word_that_is_too_long_is_no_tag() -> None:
    """Events §7.4: an index takes no more."""
    assert markup.read(f"#short #{'x' * 255} #{'y' * 256}").tags == ("short", "x" * 255)
