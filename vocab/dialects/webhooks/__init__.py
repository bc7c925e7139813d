"""What other applications report by web hooks, as entries of a stream (Atom §11). Pure.

Each dialect is a function from the name of an event and its payload to reports; what it does not know is no report,
and never an error: applications add events as they please.
"""

from vocab.dialects.webhooks.reading import DIALECTS, SIGNED, application, check, read
from vocab.dialects.webhooks.report import Person, Report, Thing

__all__ = ["DIALECTS", "SIGNED", "Person", "Report", "Thing", "application", "check", "read"]
