"""What other applications report by web hooks, as entries of a stream (Atom §11). Pure.

Each dialect is a function from the name of an event and its payload to reports; what it does not know is no report,
and never an error: applications add events as they please. Only a payload that is no JSON object is refused.
"""

from vocab.dialects.webhooks import generic, gitea, github, gitlab, jenkins, jira, receive
from vocab.dialects.webhooks.report import Person, Report, Thing

__all__ = ["Person", "Report", "Thing", "generic", "gitea", "github", "gitlab", "jenkins", "jira", "receive"]
