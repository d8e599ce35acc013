"""How a source is cited, and what stands under every page."""

from __future__ import annotations

from ivigil.knowledge import Source

NOT_A_DEVICE = (
    "Decision support for professionals: a person decides. Not a medical device; product information comes first."
)


def cited(source: Source) -> str:
    """A source as a reference list gives it."""
    authors = ", ".join(source.authors)
    parts = [authors, source.title, source.published_in, str(source.year) if source.year else None]
    parts += [f"doi:{source.doi}" if source.doi else None, f"PMID {source.pmid}" if source.pmid else None, source.url]
    return (
        ". ".join(part.rstrip(".") for part in parts if part)
        + f". Read: {source.read}, {source.retrieved.isoformat()}."
    )
