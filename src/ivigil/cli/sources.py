"""``ivigil cite``: a source as a reference list gives it."""

from __future__ import annotations

from argparse import Namespace

from ivigil.cli.output import library, say, unknown_id
from ivigil.documents import canonical_json, encode
from ivigil.explain.citing import cited


def cite(given: Namespace) -> int:
    """Cite a source, and say how far it was read."""
    sources = library().sources
    if given.id not in sources:
        raise unknown_id("source", given.id, tuple(sources))
    source = sources[given.id]
    say(canonical_json(encode(source), indent=2) if given.json else cited(source))
    if source.note and not given.json:
        say(f"  {source.note}")
    return 0
