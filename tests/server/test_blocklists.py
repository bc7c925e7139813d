"""Lists of hosts, as they are found in the wild and under any input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import blocklists
from storage.policies import Policy

MASTODON = """#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
bad.example,suspend,TRUE,TRUE,"spam, and worse",FALSE
Quiet.Example,silence,FALSE,FALSE,,FALSE
b*d.example,suspend,TRUE,TRUE,,TRUE
fine.example,noop,FALSE,FALSE,,FALSE
"""


def said(text: str) -> list[tuple[str, str, str]]:
    return [(one.host, one.severity, one.reason) for one in blocklists.parse(text, now=1)[0]]


def test_mastodons_list() -> None:
    """AP-640: severities as Mastodon names them; what says nothing to us is told with its line."""
    found, skipped = blocklists.parse(MASTODON, now=1)
    assert [(one.host, one.severity, one.reason) for one in found] == [
        ("bad.example", "suspend", "spam, and worse"), ("quiet.example", "silence", ""),
    ]  # fmt: skip
    assert [(one.line, one.value) for one in skipped] == [(4, "b*d.example"), (5, "fine.example")]


@pytest.mark.parametrize(
    "text",
    [
        "domain\nbad.example\n",
        "bad.example\n\n# a comment\nbad.example", "\ufeffdomain,severity\r\nbad.example,suspend",
        "severity,domain\nsuspend,bad.example", "*.bad.example", "bad.example.",
    ],
)  # fmt: skip
def test_other_spellings(text: str) -> None:
    """With or without header, in any order of columns, one name a line."""
    assert said(text) == [("bad.example", "suspend", "")]


@pytest.mark.parametrize("name", ["", "http://bad.example/", "a b", "bad@example", "*", "x..y", "-"])
def test_what_is_no_host(name: str) -> None:
    assert said(f"domain,severity\n{name},suspend") == []


def test_what_is_written_is_read_again() -> None:
    told = [Policy("a.example", "suspend", 'the "worst", really', 1), Policy("b.example", "silence", "", 1)]
    text = blocklists.write([*told, Policy("*", "suspend", "", 1), Policy("c.example", "allow", "", 1)])
    assert (
        text.splitlines()[0] == "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate"
    )
    assert blocklists.parse(text, now=1) == (told, [])


@given(st.text())
def test_any_text_is_read_or_told(text: str) -> None:
    found, _ = blocklists.parse(text, now=1)
    assert all(one.host and one.severity in ("suspend", "silence") for one in found)
