"""Patterns as PostgreSQL writes them: an advanced regular expression without anything that goes back."""

from storage.patterns.parts import ANY, LAST, Chain, Chars, Choice, Part, Ranges, Repeat, opposite


def spelled(part: Part) -> str:
    """Write a part as PostgreSQL reads it."""
    match part:
        case Chars(ranges):
            return "." if ranges == ANY else _class(ranges)
        case Chain(parts):
            return "".join(map(spelled, parts))
        case Choice(parts):
            return f"(?:{'|'.join(map(spelled, parts))})"
        case Repeat(one, least, most):
            return f"(?:{spelled(one)}){{{least},{'' if most is None else most}}}"


def _class(ranges: Ranges) -> str:
    """Write ranges of characters; one that reaches the last character as what it leaves out."""
    if ranges and ranges[-1][1] == LAST:
        return f"[^{_members(opposite(ranges))}]"
    return f"[{_members(ranges)}]"


def _members(ranges: Ranges) -> str:
    spelled = []
    for low, high in ranges:
        first = max(low, 1)  # no text has a character 0
        ends = [_escaped(first)] if first == high else [_escaped(first), _escaped(high)]
        spelled.append("-".join(ends))
    return "".join(spelled)


def _escaped(code: int) -> str:
    char = chr(code)
    return (
        f"\\{char}" if char.isascii() and not char.isalnum() and char.isprintable() and char != " " else char
    )
