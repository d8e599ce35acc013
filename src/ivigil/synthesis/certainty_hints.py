"""Hints for two GRADE domains, computed from a pooled effect: never a grade, never a step down.

Each hint rests on a rule with its source; a rule that is not given sets no hint, and a hint that is not set does not
say that certainty is unharmed. Judging stays with people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ivigil.documents import BadInput, Fault
from ivigil.knowledge.grading_records import GradeDomain, HintRule
from ivigil.synthesis.information_size import Aim, information_size
from ivigil.synthesis.quantiles import critical
from ivigil.synthesis.results import Effects, Pooled
from ivigil.synthesis.rows import OneProportion, StudyData, TwoByTwo, TwoMeans
from ivigil.synthesis.scales import shown

PERCENT = 100
SAME_MEASURE = {"relative risk": "risk ratio"}  # GRADE's papers write the one, we the other


@dataclass(frozen=True)
class Hint:
    """What stands out for one domain, with the named figures behind it and the id of the rule that asks for it."""

    domain: GradeDomain
    text: str
    figures: tuple[tuple[str, float], ...]
    rule: str


@dataclass(frozen=True)
class ImprecisionRules:
    """Rules for imprecision; one that is ``None`` is not asked.

    ``no_difference`` needs no threshold. ``important`` are effects on the scale a reader sees, such as a risk ratio of
    appreciable benefit, ``unit`` naming the measure they are of, for no other may borrow them: a hint is set where the
    interval holds no difference and reaches beyond one. ``few_events`` and ``few_participants`` are totals.
    ``information`` asks for the size that ``aim`` needs.
    """

    no_difference: HintRule | None = None
    important: tuple[HintRule, ...] = ()
    few_events: HintRule | None = None
    few_participants: HintRule | None = None
    information: HintRule | None = None
    aim: Aim | None = None


@dataclass(frozen=True)
class InconsistencyRules:
    """Rules for inconsistency; one that is ``None`` is not asked.

    ``i2`` are where ranges of I² begin, in per cent; the highest that is reached sets the hint. ``prediction`` needs no
    threshold. ``apart`` is a share, in per cent, of pairs of studies whose intervals do not overlap.
    """

    i2: tuple[HintRule, ...] = ()
    prediction: HintRule | None = None
    apart: HintRule | None = None


def imprecision_hints(effects: Effects, pooled: Pooled, rules: ImprecisionRules) -> tuple[Hint, ...]:
    """What speaks of imprecision in ``pooled``, by ``rules`` of that domain, in the order of the fields of ``rules``.

    Raises ``BadInput`` for a rule of another domain, or one without the threshold it is asked for.
    """
    with_threshold = (*rules.important, *_given(rules.few_events, rules.few_participants))
    _check("imprecision", with_threshold, _given(rules.no_difference, rules.information))
    if rules.information and not rules.aim:
        raise BadInput([Fault("aim", "none", "baseline risk, reduction, alpha and power", "The size depends on them.")])
    return (
        *_no_difference(pooled, rules.no_difference),
        *_important(pooled, rules.important),
        *_few("events", _events(effects.rows), rules.few_events),
        *_few("participants", _participants(effects.rows), rules.few_participants),
        *_information(effects, rules),
    )


def inconsistency_hints(effects: Effects, pooled: Pooled, rules: InconsistencyRules) -> tuple[Hint, ...]:
    """What speaks of inconsistency in ``pooled``, by ``rules`` of that domain, in the order of the fields of ``rules``.

    Raises ``BadInput`` for a rule of another domain, or one without the threshold it is asked for.
    """
    _check("inconsistency", (*rules.i2, *_given(rules.apart)), _given(rules.prediction))
    return (*_i2(pooled, rules.i2), *_prediction(pooled, rules.prediction), *_apart(effects, pooled, rules.apart))


def _given(*rules: HintRule | None) -> tuple[HintRule, ...]:
    return tuple(rule for rule in rules if rule is not None)


def _check(domain: GradeDomain, with_threshold: Sequence[HintRule], without: Sequence[HintRule]) -> None:
    faults = [
        Fault(f"rule {rule.id}", f"domain {rule.domain}", f"domain {domain}")
        for rule in (*with_threshold, *without)
        if rule.domain != domain
    ]
    faults += [
        Fault(f"rule {rule.id}", "no threshold", "a number") for rule in with_threshold if rule.threshold is None
    ]
    if faults:
        raise BadInput(faults)


def _threshold(rule: HintRule) -> float:
    """The threshold of a rule that has been checked to have one."""
    return float(rule.threshold or 0)


def _holds_null(pooled: Pooled, low: float, high: float) -> bool:
    null = pooled.measure.null
    return null is not None and low <= null <= high


def _interval(pooled: Pooled) -> tuple[float, float]:
    return shown(pooled.measure, pooled.effect.low), shown(pooled.measure, pooled.effect.high)


def _no_difference(pooled: Pooled, rule: HintRule | None) -> Iterator[Hint]:
    if rule is None or not _holds_null(pooled, pooled.effect.low, pooled.effect.high):
        return
    low, high = _interval(pooled)
    text = f"the interval of the {pooled.measure.words}, {low:.3g} to {high:.3g}, holds no difference"
    yield Hint(rule.domain, text, (("low", low), ("high", high)), rule.id)


def _important(pooled: Pooled, rules: Sequence[HintRule]) -> Iterator[Hint]:
    null = pooled.measure.null
    if null is None or not _holds_null(pooled, pooled.effect.low, pooled.effect.high):
        return
    low, high = _interval(pooled)
    for rule in (rule for rule in rules if SAME_MEASURE.get(rule.unit or "", rule.unit) == pooled.measure.words):
        mark = _threshold(rule)
        if low < mark < shown(pooled.measure, null) or shown(pooled.measure, null) < mark < high:
            text = f"the interval, {low:.3g} to {high:.3g}, holds no difference and reaches beyond {mark:g}"
            yield Hint(rule.domain, text, (("low", low), ("high", high), ("threshold", mark)), rule.id)


def _few(what: str, total: float | None, rule: HintRule | None) -> Iterator[Hint]:
    if rule is not None and total is not None and total < _threshold(rule):
        text = f"{total:g} {what} in all studies together, fewer than {rule.threshold}"
        yield Hint(rule.domain, text, ((what, total), ("threshold", _threshold(rule))), rule.id)


def _information(effects: Effects, rules: ImprecisionRules) -> Iterator[Hint]:
    total = _participants(effects.rows)
    if rules.information is None or rules.aim is None or total is None:
        return
    need = information_size(rules.aim)
    if total < need:
        text = f"{total:g} participants, fewer than the {need:.0f} that one trial of adequate power would need"
        figures = (("participants", total), ("optimal information size", need))
        yield Hint(rules.information.domain, text, figures, rules.information.id)


def _i2(pooled: Pooled, rules: Sequence[HintRule]) -> Iterator[Hint]:
    """The highest range of I² that is reached, with the interval of I² where it is known."""
    found = pooled.heterogeneity
    reached = [rule for rule in rules if found.df > 0 and found.i2 >= _threshold(rule)]
    if not reached:
        return
    rule = max(reached, key=_threshold)
    ends = (("I² low", found.i2_low), ("I² high", found.i2_high))
    known = tuple((name, end) for name, end in ends if end is not None)
    between = f" ({known[0][1]:.0f} to {known[1][1]:.0f} %)" if len(known) == len(ends) else ""
    text = f"I² is {found.i2:.0f} %{between}, in the range that begins at {rule.threshold} %"
    yield Hint(rule.domain, text, (("I²", found.i2), *known, ("threshold", _threshold(rule))), rule.id)


def _prediction(pooled: Pooled, rule: HintRule | None) -> Iterator[Hint]:
    if rule is None or pooled.prediction is None or _holds_null(pooled, pooled.effect.low, pooled.effect.high):
        return
    if _holds_null(pooled, *pooled.prediction):
        low, high = (shown(pooled.measure, end) for end in pooled.prediction)
        text = (
            f"the prediction interval, {low:.3g} to {high:.3g}, holds no difference; the confidence interval does not"
        )
        yield Hint(rule.domain, text, (("low", low), ("high", high)), rule.id)


def _apart(effects: Effects, pooled: Pooled, rule: HintRule | None) -> Iterator[Hint]:
    share = share_apart(effects, pooled.options.level)
    if rule is not None and share is not None and share >= _threshold(rule):
        text = f"{share:.0f} % of pairs of studies have intervals that do not overlap"
        yield Hint(rule.domain, text, (("pairs apart", share), ("threshold", _threshold(rule))), rule.id)


def share_apart(effects: Effects, level: float) -> float | None:
    """The share of pairs of studies whose intervals of ``level`` do not overlap, per cent; ``None`` for one study."""
    reach = critical(level) * effects.variances**0.5
    ends = list(zip(effects.estimates - reach, effects.estimates + reach, strict=True))
    pairs = [one[1] < two[0] or two[1] < one[0] for one, two in combinations(ends, 2)]
    return PERCENT * sum(pairs) / len(pairs) if pairs else None


def _events(rows: Sequence[StudyData]) -> float | None:
    """Events of all studies; ``None`` where one does not tell them."""
    counts = [_events_of(row) for row in rows]
    known = [one for one in counts if one is not None]
    return sum(known) if len(known) == len(counts) else None


def _events_of(row: StudyData) -> float | None:
    if isinstance(row, TwoByTwo):
        return row.events_a + row.events_b
    return row.events if isinstance(row, OneProportion) else None


def _participants(rows: Sequence[StudyData]) -> float | None:
    """Participants of all studies; ``None`` where one does not tell them."""
    counts = [_participants_of(row) for row in rows]
    known = [one for one in counts if one is not None]
    return sum(known) if len(known) == len(counts) else None


def _participants_of(row: StudyData) -> float | None:
    if isinstance(row, TwoByTwo | TwoMeans):
        return row.n_a + row.n_b
    return row.n if isinstance(row, OneProportion) else None
