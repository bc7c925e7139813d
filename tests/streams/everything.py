"""An event with all that may not leave, at every depth where a client may put it (Events §23.1)."""

from typing import Any

EVERYBODY: list[dict[str, str]] = [{"READ": "Public"}]
SECRETS = ("tellnobody", "203.0.113.9", "vevmte5pqk9ewq")
"""Texts of which none is anywhere in what leaves, in lower case."""


def everything(of: str, *rules: dict[str, str]) -> dict[str, Any]:
    """Return the message of an event about something, for those whom some rules name."""
    person = {
        "entity_ref": "Customer/c-88", "label": "Cy",
        "aspects": {
            "presentation": {"label": "Cy"},
            "demography": {"birth_date": "1990-02-03", "employment": "TELLNOBODY-1"},
            "address": {"address": "TELLNOBODY-2 Street", "city": "TELLNOBODY-3"},
            "email": {"address": "tellnobody-4@x.example"},
        },
    }  # fmt: skip
    return {
        "type": "as.fleet.van.washed",
        "description": "Everything happened",
        "occurred_at": f"2031-03-04T10:0{len(rules)}:00Z",
        "acl": list(rules),
        "payload": "VEVMTE5PQk9EWQ==",
        "_note": {"deep": ["TELLNOBODY-5"]},
        "properties": {"shift": "night", "_internal": "TELLNOBODY-6", "deep": [{"_x": "TELLNOBODY-7"}]},
        "involves": [
            {"ACTOR": "Employee/Ada", "properties": {"_why": "TELLNOBODY-8"}},
            {"AFFECTS": of},
            {"INVOLVES": person},
            {"SENT_TO_BCC": "Employee/TELLNOBODY-9"},
        ],
        "aspects": {
            "client_ip": {"ip": "203.0.113.9"},
            "client_device": {"user_agent": "TELLNOBODY-10/4.1 (Linux)"},
            "demography": {"employment": "TELLNOBODY-11"},
            "address": {"address": "TELLNOBODY-12"},
            "transaction": {"type": "Debit", "medium": "Card", "amount": 23.56, "invoice_nr": "TELLNOBODY-13"},
            "dimensions": {"quay": "7", "_quay": "TELLNOBODY-14"},
            "messaging": {
                "subject": "All of it", "from": "Email/ada@north.example", "to": ["Email/ops@quay.example"],
                "bcc": ["Email/tellnobody-15@quay.example"], "content": "seen",
            },
            "entities": [
                {
                    "action": "UPDATES", "entity": "Customer/c-88",
                    "aspects": {"demography": {"housing": "TELLNOBODY-16"}},
                }
            ],
        },
    }  # fmt: skip
