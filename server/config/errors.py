"""What can be wrong with a configuration."""


class ConfigError(Exception):
    """The configuration cannot be used. ``problems`` has one line for each mistake."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
