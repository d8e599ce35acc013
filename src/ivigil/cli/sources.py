"""``ivigil cite``: a source as a reference list gives it."""

from __future__ import annotations

from typing import Annotated

import typer

from ivigil.cli.output import library, say, unknown_id
from ivigil.documents import canonical_json, encode
from ivigil.explain import cited

SourceId = Annotated[str, typer.Argument(metavar="ID", help="The id of a source, as answers name it.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


def cite(source_id: SourceId, *, as_json: AsJson = False) -> None:
    """Cite a source, and say how far it was read."""
    sources = library([]).sources
    if source_id not in sources:
        raise unknown_id("source", source_id, tuple(sources))
    source = sources[source_id]
    say(canonical_json(encode(source), indent=2) if as_json else cited(source))
    if source.note and not as_json:
        say(f"  {source.note}")
