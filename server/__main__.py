"""``python -m server``: the command line, where no console script is installed."""

from server.cli import main

if __name__ == "__main__":
    main()
