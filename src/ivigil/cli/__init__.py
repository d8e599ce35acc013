"""Floor 9: words on a terminal; a command calls, prints and sets the exit code."""

from ivigil.cli.app import main

__all__ = ["main"]
