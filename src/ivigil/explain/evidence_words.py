"""Evidence in words: results of studies as their sources print them, absolute effects, and the question asked."""

from __future__ import annotations

from math import isinf

from ivigil.evidence.pooling import Pooling
from ivigil.evidence.running import Ran
from ivigil.explain.plot_figures import level_words
from ivigil.explain.plot_numbers import effect_words, p_words, printed
from ivigil.knowledge.study_records import ReportedEffect, Study, StudyResult
from ivigil.synthesis.absolute import AbsoluteEffect, Needed
from ivigil.synthesis.results import Pooled

_PER = 1000


def pooled_words(pooled: Pooled) -> str:
    """The pooled effect in one line: ``risk ratio 2.83 [1.87, 4.29] with a 95 % interval; p < 0.001``."""
    effect = f"{pooled.measure.words} {effect_words(pooled.measure, pooled.effect)}"
    tested = f"; {p_words(pooled.p)}" if pooled.measure.null is not None else ""
    return f"{effect} with a {level_words(pooled.options.level)} interval{tested}"


def absolute_words(effect: AbsoluteEffect) -> str:
    """What the effect means for people with the baseline risk, per 1,000 and as numbers needed to treat."""
    risk, change = effect.with_treatment.per_1000, effect.difference.per_1000
    base = f"Of 1,000 with the comparator {_PER * effect.baseline:.0f} have the event"
    treated = f"with treatment {risk[0]:.0f} ({risk[1]:.0f} to {risk[2]:.0f})"
    more = f"{abs(change[0]):.0f} {'more' if change[0] > 0 else 'fewer'}"
    held = " The arithmetic left the range of risks and was held at its end." if effect.capped else ""
    return f"{base}, {treated}: {more}; {needed_words(effect)}.{held}"


def needed_words(effect: AbsoluteEffect) -> str:
    """The numbers needed to treat for one more to benefit (NNTB) or be harmed (NNTH), through infinity if need be."""
    numbers = effect.needed
    middle = ("∞",) if numbers.through_infinity else ()
    return f"{_needed(numbers.value)} ({' to '.join((_needed(numbers.best), *middle, _needed(numbers.worst)))})"


def _needed(one: Needed) -> str:
    kind = {"benefit": "NNTB", "harm": "NNTH", "no difference": "no difference"}[one.kind]
    return kind if isinf(one.number) else f"{kind} {one.number:.1f}"


def result_words(study: Study, result: StudyResult) -> str:
    """One result of a study as its source prints it."""
    names = arm_names(study)
    parts = [f"{names[one.arm]} {one.events}/{one.n}" for one in result.counts]
    parts += [f"{names[one.arm]} {one.percent} %" for one in result.percents]
    parts += [f"{names[one.arm]} {one.mean} (SD {one.sd}), n {one.n}" for one in result.means]
    parts += [_effect(result.effect)] if result.effect is not None else []
    parts += [f"p {result.p}"] if result.p is not None else []
    head = result.outcome + (f" at {result.time}" if result.time else "")
    return printed(": ".join(filter(None, (head, ". ".join(filter(None, ("; ".join(parts), result.says)))))))


def arm_names(study: Study) -> dict[str, str]:
    """A name for each arm by its id: the treatment, and the dose where two arms share one."""
    treatments = [one.treatment for one in study.arms]
    return {
        one.id: f"{one.treatment} {one.dose}" if one.dose and treatments.count(one.treatment) > 1 else one.treatment
        for one in study.arms
    }


def _effect(effect: ReportedEffect) -> str:
    interval = "" if effect.low is None else f" [{effect.low}, {effect.high}]"
    return f"{'adjusted ' if effect.adjusted else ''}{effect.measure} {effect.estimate}{interval}"


def question(ran: Ran) -> str:
    """The question of an analysis in one sentence."""
    one = ran.analysis
    return f"{one.population}: {one.intervention} against {one.comparator}, {one.outcome} ({one.better} is better)."


def favours(one: Pooling) -> tuple[str, str]:
    """The words under the left and the right of an axis: what lies on the side of either arm.

    Empty where nothing is compared.
    """
    if not one.effects.measure.compares:
        return "", ""
    names = (f"Favours {one.a_name}", f"Favours {one.b_name}")
    return names if one.better == "lower" else (names[1], names[0])
