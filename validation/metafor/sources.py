"""Where the figures of a data set were read, study by study: strict, so that a primary set cannot be half of one.

A figure is primary where it was read in the report of its study, or in the paper that published the data set as its
own: its text, its abstract or its table. A page, a tutorial, a review or a program that prints the figures of others
is secondary, however well known; so is a program of the authors that says its table is that of the paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ivigil.documents import Fault

STUDY_REPORT, OWN_PAPER, SECONDARY, DRAWN = ORIGINS = ("study report", "own paper", "secondary", "drawn")
PRIMARY = frozenset({STUDY_REPORT, OWN_PAPER})
# What can have been read of each: a secondary page has no abstract to stand for it, and what is drawn no text at all.
TEXTS = {
    STUDY_REPORT: ("abstract", "table", "full text"),
    OWN_PAPER: ("abstract", "table", "full text"),
    SECONDARY: ("page", "table", "data file"),
    DRAWN: ("nothing",),
}
_MUST = {"citation", "url", "origin", "text", "read"}
_MAY = {"studies"}


@dataclass(frozen=True)
class Source:
    """What was read, at which address, of which kind it is, and for which studies; none named means for all of them."""

    citation: str
    url: str
    origin: str
    text: str
    read: str
    studies: tuple[str, ...] = ()

    @property
    def is_primary(self) -> bool:
        """Whether it is the report of the study, or the paper that published the data set."""
        return self.origin in PRIMARY


def sources_of(written: Sequence[Mapping[str, Any]]) -> tuple[Source, ...]:
    """The sources of a data set that has no faults."""
    return tuple(Source(**{**one, "studies": tuple(one.get("studies", ()))}) for one in written)


def source_faults(written: Any, labels: Sequence[Any], where: str) -> Iterator[Fault]:  # noqa: ANN401 - untrusted
    """Every fault of ``sources``: missing or unknown fields, words not on the lists, and studies without one source."""
    if not isinstance(written, list) or not written or not all(isinstance(one, dict) for one in written):
        yield Fault(where, "no sources", "a list of what was read")
        return
    for number, one in enumerate(written, start=1):
        yield from _field_faults(one, f"{where}, source {number}")
    yield from _study_faults(written, labels, where)


def _field_faults(one: Mapping[str, Any], where: str) -> Iterator[Fault]:
    for name in sorted(_MUST - set(one)):
        yield Fault(where, f"no {name}", "every field of a source")
    for name in sorted(set(one) - _MUST - _MAY):
        yield Fault(where, name, f"one of {', '.join(sorted(_MUST | _MAY))}")
    origin, text = one.get("origin"), one.get("text")
    if origin not in TEXTS:
        yield Fault(f"{where}, origin", str(origin), f"one of {', '.join(ORIGINS)}")
    elif text not in TEXTS[origin]:
        yield Fault(f"{where}, text", str(text), f"one of {', '.join(TEXTS[origin])}")
    if origin != DRAWN and not str(one.get("url")).startswith("http"):
        yield Fault(f"{where}, url", str(one.get("url")), "the address of what was read")


def _study_faults(written: Sequence[Mapping[str, Any]], labels: Sequence[Any], where: str) -> Iterator[Fault]:
    named = [label for one in written for label in one.get("studies", labels)]
    for label in labels:
        if named.count(label) != 1:
            yield Fault(f"{where}, {label}", f"{named.count(label)} sources", "one source for each study")
    for label in sorted(set(named) - set(labels), key=str):
        yield Fault(where, str(label), "the label of a study of the set")
