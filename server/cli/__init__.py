"""The command line: noun, then verb; each command is a thin call into the packages below.

Exit code 0 means done, 1 failed with the reason on standard error, 2 misused or misconfigured.
"""

from server.cli.main import main, root

__all__ = ["main", "root"]
