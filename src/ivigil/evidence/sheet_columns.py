"""The columns of an extraction sheet: what a measure needs, what may stand beside it, and names that come near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import get_args

from ivigil.documents import Fault
from ivigil.knowledge.study_records import CompareBy, Design
from ivigil.synthesis.measures import MEASURES, Measure

STUDY = ("study",)
ARMS: dict[str, tuple[str, ...]] = {
    "two-by-two": ("events_a", "n_a", "events_b", "n_b"),
    "two means": ("mean_a", "sd_a", "n_a", "mean_b", "sd_b", "n_b"),
    "proportion": ("events", "n"),
    "correlation": ("r", "n"),
}
REPORTED = ("estimate", "low", "high")
WORDS: dict[str, tuple[str, ...]] = {
    "design": get_args(Design),
    "compared": get_args(CompareBy),
    "of": ("final value", "change"),
    "about": ("immunoglobulin", "an addition to immunoglobulin", "another treatment"),
}
BESIDE = ("year", "measure", "level", "unit", "subgroup", "source", "doi", "note", *WORDS)
KNOWN = tuple(dict.fromkeys((*STUDY, *(one for columns in ARMS.values() for one in columns), *REPORTED, *BESIDE)))


def figures_of(measure: Measure) -> tuple[str, ...]:
    """The columns that ``measure`` is computed from."""
    return ARMS.get(measure.of, REPORTED)


def takes_reported(measure: Measure) -> bool:
    """Whether an effect as its study reports it can be pooled as ``measure``."""
    return measure.scale != "double-arcsine"


def moderators_of(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns that ivigil has no name for: what differs between studies."""
    return tuple(one for one in columns if one and one not in KNOWN)


def column_faults(columns: Sequence[str], measure: Measure, name: str) -> Iterator[Fault]:
    """What is missing from ``columns`` for ``measure``, and columns whose name is almost one that is known."""
    strange = moderators_of(columns)
    for column in STUDY:
        if column not in columns:
            yield _missing(column, strange, name, "the label of each study")
    figures = figures_of(measure)
    absent = [one for one in figures if one not in columns]
    is_reported = takes_reported(measure) and all(one in columns for one in REPORTED)
    if absent and not is_reported:
        other = "" if figures == REPORTED or not takes_reported(measure) else f", or {', '.join(REPORTED)}"
        for column in absent:
            yield _missing(column, strange, name, f"{', '.join(figures)} for {measure.name}{other}")
    for column in strange:
        near = [one for one in KNOWN if _almost(column, one)]
        if near:
            hint = f"Did you mean {' or '.join(near)}? A moderator needs another name."
            yield Fault(name, f"the column {column!r}", "a known column, or a moderator", hint)


def measure_fault(given: str, where: str) -> Fault:
    """The fault of a measure that there is none of."""
    near = get_close_matches(given.upper(), MEASURES, n=1)
    hint = f"Did you mean {near[0]}?" if near else ""
    return Fault(where, repr(given), f"one of {', '.join(MEASURES)}", hint)


def _missing(column: str, strange: Sequence[str], name: str, expected: str) -> Fault:
    near = get_close_matches(column, strange, n=1, cutoff=0.6)
    return Fault(name, f"no column {column!r}", expected, f"Is it {near[0]!r}?" if near else "")


def _almost(one: str, other: str) -> bool:
    """Whether two names differ in nothing but signs, or in one letter added, lost, changed or swapped.

    A name of one letter is near to too many others to be a slip of the pen.
    """
    bare = [name.replace("_", "").replace(" ", "").replace("-", "") for name in (one, other)]
    return bare[0] == bare[1] or (min(len(one), len(other)) > 2 and _one_step(one, other))  # noqa: PLR2004 - as it says


def _one_step(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    return one[start + 1 :] == other[start + 1 :] or (
        one[start + 2 :] == other[start + 2 :] and one[start : start + 2] == other[start : start + 2][::-1]
    )
