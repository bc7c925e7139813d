"""A message that was sent: who wrote to whom, and of what (Events §7.14)."""

import re
from typing import Any, Final

from vocab.dialects.events.aspects import involved, kinds
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import flag, free, moment, text
from vocab.dialects.events.aspects.resolvable import bare
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.problems import INVALID, MISSING

BLIND: Final = "SENT_TO_BCC"
"""The role of whoever got a copy that the others are not to know of."""
PARTIES: Final = {"from": "SENT_BY", "to": "SENT_TO", "cc": "SENT_TO_CC", "bcc": BLIND}
"""The members that name correspondents, and the role of each."""
PARTIES_MAX: Final = 1_000
SCOPE: Final = "email"
"""The scope in which messages of one subject belong together."""
ADDRESS: Final = re.compile(r"[^<>\s@/]{1,500}@[^<>\s@/]{1,255}")

MESSAGING: Final = Shape(
    {
        **dict.fromkeys(("subject", "content"), text),
        "url": kinds.uri,
        **dict.fromkeys((*PARTIES, "involves"), kinds.anything),
        "dated": moment,
        "group": flag,
        "properties": free,
    },
    shorthand="subject",
)


def messaging(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read a message: its correspondents take part in the event, and its subject groups it with its answers.

    It has a sender, unless it is a subject and nothing else.
    """
    found = MESSAGING(value, host, field)
    if found is None:
        return None
    senders = 0
    if "involves" in found:
        read = involved.read(found.pop("involves"), host, f"{field}.involves")
        for role in read.roles:
            host.takes_part(role)
        senders += sum(role.leaf == "SENT_BY" for role in read.roles)
        found |= {"involves": list(read.body)} if read.body else {}
    for name, label in PARTIES.items():
        if name in found:
            parties = _parties(found.pop(name), label, host, f"{field}.{name}")
            senders += len(parties) if name == "from" else 0
            found |= (
                {name: parties[0] if name == "from" and len(parties) == 1 else parties} if parties else {}
            )
    if not senders and found.keys() != {"subject"}:
        host.problems.error(MISSING, f"{field}.from", "is required")
    _group(found, host)
    return found


def _parties(value: Any, role: str, host: Host, field: str) -> list[Any]:
    """Read correspondents and return them as they are stored: references, or entities of which more is said."""
    parties = kinds.listed(value, host, field)
    if len(parties) > PARTIES_MAX:
        host.problems.error(INVALID, field, f"must have at most {PARTIES_MAX} items")
        return []
    said = [{role: _party(party)} for _, party in parties]
    read = involved.read(said, host, field)
    for taking in read.roles:
        host.takes_part(involved.derived(taking))
    return [written.get("entity", written.get("entity_ref")) for written in read.body]


def _party(party: Any) -> Any:
    """Return a correspondent as a reference or an entity; ``Ada <ada@north.example>`` is an entity with a label."""
    if not isinstance(party, str):
        return party
    label, bracket, address = party.strip().rpartition("<")
    address = (address.removesuffix(">") if bracket else address.removeprefix("mailto:")).strip()
    if not ADDRESS.fullmatch(address):
        return party
    label = label.strip().strip('"').strip()
    return {"entity_ref": f"Email/{address}", "label": label} if label else f"Email/{address}"


def _group(found: dict[str, Any], host: Host) -> None:
    """Group the message by its subject, unless it says otherwise or is in a group already."""
    subject = bare(found["subject"]) if isinstance(found.get("subject"), str) else ""
    if subject and found.get("group", True) and "grouped" not in host.aspects:
        host.aspects["grouped"] = {"group": subject, "scope": SCOPE}
        host.group = (SCOPE, subject)
