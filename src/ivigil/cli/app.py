"""The ``ivigil`` command.

Exit codes: 0 the question was answered, 2 wrong use or bad input (every fault is listed on standard error).
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ivigil import __version__
from ivigil.cli import facts, knowledge, review, sources
from ivigil.cli.output import prepare_streams, report
from ivigil.documents import BadInput

app = typer.Typer(
    name="ivigil",
    help="Immunoglobulin stewardship: judge a request against graded evidence, with reasons and sources.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("review")(review.review)
app.command("facts")(facts.facts)
app.command("cite")(sources.cite)
app.add_typer(knowledge.app, name="knowledge")


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer's callback signature
    if wanted:
        sys.stdout.write(f"ivigil {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,  # noqa: ARG001, FBT002 - read by the callback
) -> None:
    """Read before any command."""


def main() -> None:
    """Run the command line; bad input ends with exit code 2 and every fault listed."""
    prepare_streams()
    try:
        app()
    except BadInput as error:
        report(error)
        sys.exit(2)
    except BrokenPipeError:
        # The reader of a pipe went away (ivigil … | head): nothing is left to say.
        sys.stderr.close()
        sys.exit(0)
