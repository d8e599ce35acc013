"""What a cross-check finds in a record, and the checks that records of every kind share."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from ivigil.criteria import lint
from ivigil.documents.yaml_text import Path
from ivigil.knowledge.library import Library

Finding = tuple[Path, str, str]  # path in the file, what was found, what was expected


def known(name: str | None, path: Path, held: Container[str], expected: str) -> Iterator[Finding]:
    """A name that nothing held answers to; ``None`` names nothing."""
    if name is not None and name not in held:
        yield path, repr(name), expected


def twice(field: str, given: Iterable[str], what: str = "id") -> Iterator[Finding]:
    """What ``field`` holds more than once: ids, or ``what`` else its parts are told apart by."""
    seen = list(given)
    for one in sorted({one for one in seen if seen.count(one) > 1}):
        yield (field,), f"the {what} {one!r} twice", f"each {what} once"


def unsound(rules: Iterable[tuple[str, Path]], library: Library) -> Iterator[Finding]:
    """Rules that three-valued logic cannot answer exactly; a rule that cannot be read is told of where it is parsed."""
    for text, path in rules:
        problem = lint(library.trees[text], library.catalogue) if text in library.trees else None
        if problem:
            yield path, problem, "a rule that three-valued logic answers exactly"


def unknown_sources(named: Iterable[tuple[str, Path]], library: Library) -> Iterator[Finding]:
    """Sources that there is no file of."""
    for source, path in named:
        if source not in library.sources:
            yield path, f"the source {source!r}", "the id of a file in sources/"


def unknown_claims(named: Iterable[tuple[str, Path]], library: Library) -> Iterator[Finding]:
    """Claims that there is no file of."""
    for claim, path in named:
        if claim not in library.claims:
            yield path, f"the claim {claim!r}", "the id of a file in claims/"
