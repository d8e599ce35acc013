"""The answers of several rule sets to one question, side by side: shown, not settled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ivigil.explain.answer import answer, positions
from ivigil.explain.layout import Row
from ivigil.explain.words import STANDINGS, VERDICTS, capitalised, level_words, subject
from ivigil.review import CriterionResult, Decision

Cell = tuple[str, ...]


@dataclass(frozen=True)
class Aspect:
    """One line of the comparison: a question, and for each body what it says; nothing said is an empty cell."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Comparison:
    """What the rule sets ``bodies`` say of one request for one indication, and where sources are known to differ."""

    subject: str
    case: str
    bodies: tuple[str, ...]
    aspects: tuple[Aspect, ...]
    differences: tuple[Row, ...]


def comparisons(decisions: Iterable[Decision]) -> tuple[Comparison, ...]:
    """One comparison for each indication of each request, in the order of the decisions."""
    together: dict[tuple[object, ...], list[Decision]] = {}
    for decision in decisions:
        together.setdefault(_question(decision), []).append(decision)
    return tuple(_comparison(found) for found in together.values())


def _question(decision: Decision) -> tuple[object, ...]:
    request = decision.request.origin if decision.request else None
    return (decision.case, request, str(decision.asked), decision.indication.id if decision.indication else None)


def _comparison(decisions: Sequence[Decision]) -> Comparison:
    aspects = (Aspect(name, tuple(tuple(says(one)) for one in decisions)) for name, says in _ASPECTS.items())
    return Comparison(
        subject=capitalised(subject(decisions[0])),
        case=decisions[0].case,
        bodies=tuple(_body(one) for one in decisions),
        aspects=tuple(aspect for aspect in aspects if any(aspect.cells)),
        differences=tuple(positions(one) for one in decisions[0].differences),
    )


def _body(decision: Decision) -> str:
    head = decision.rules.head
    return f"{head.id} {head.version}" + (" (excerpt)" if head.scope == "excerpt" else "")


def _verdict(decision: Decision) -> Iterator[str]:
    yield VERDICTS[decision.verdict]
    if (start := answer(decision).may_start) is not None:
        yield start


def _standing(decision: Decision) -> Iterator[str]:
    if decision.appraisal is None:
        yield "not held" if decision.rules.head.scope == "excerpt" else "unlisted"
        return
    yield STANDINGS[decision.standing]
    if decision.appraisal.stated_as:
        yield decision.appraisal.stated_as


def _level(decision: Decision) -> Iterator[str]:
    if decision.level:
        yield level_words(decision.level)


def _criteria(decision: Decision) -> Iterator[str]:
    if decision.appraisal and decision.appraisal.no_criteria:
        yield decision.appraisal.no_criteria
    for one in decision.criteria:
        yield from _criterion(one, 0)
    for exception in decision.exceptions:
        yield f"{exception.exception.text.rstrip('.')}: {STANDINGS[exception.exception.standing]}"


def _criterion(result: CriterionResult, depth: int) -> Iterator[str]:
    group = " (all of these)" if result.criterion.all_of else " (one of these)" if result.criterion.any_of else ""
    yield f"{'– ' * depth}{result.criterion.text}{group}: {result.truth.value}"
    for member in result.members:
        yield from _criterion(member, depth + 1)


def _doses(decision: Decision) -> Iterator[str]:
    for regimen in decision.appraisal.regimens if decision.appraisal else ():
        yield f"{regimen.text} ({regimen.role})"


def _dose_check(decision: Decision) -> Iterator[str]:
    if decision.dose.result != "not-stated":
        yield decision.dose.result


def _reviews(decision: Decision) -> Iterator[str]:
    if decision.appraisal:
        yield from (one.text for one in decision.appraisal.reviews)
        yield from (one.text for one in decision.appraisal.stop_rules)


def _diagnosis(decision: Decision) -> Iterator[str]:
    if decision.appraisal and decision.appraisal.diagnosed_by:
        yield decision.appraisal.diagnosed_by.text


_ASPECTS: dict[str, Callable[[Decision], Iterator[str]]] = {
    "Answer": _verdict,
    "Standing": _standing,
    "Evidence": _level,
    "Who diagnoses": _diagnosis,
    "Criteria": _criteria,
    "Doses": _doses,
    "Dose asked for": _dose_check,
    "Review and stop": _reviews,
}
