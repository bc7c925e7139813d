"""Why someone is not let in at the Events API (Events §1.1, §1.2, §1.4).

CredentialsError
├── UnknownKey  there is no key, it is not known, or its time is not now
└── Denied      the key, its user or its host do not allow this
"""


class CredentialsError(Exception):
    """The root of what is wrong with credentials; its text may be told to the caller."""


class UnknownKey(CredentialsError):
    """There is no key, it is not known, or its time is not now."""


class Denied(CredentialsError):
    """The key, its user or its host do not allow this."""
