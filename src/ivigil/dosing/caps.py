"""Which limits on the rate hold for a case: the label's, a programme's, the pump's; and a ladder under them.

Doubt is asymmetric: a cap applies while it is known or unknown whether it should, and then says what to ask; a cap that
is only remembered applies too, marked as not verified.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from ivigil.criteria import Truth, conjunction, disjunction
from ivigil.criteria.truth import truth_of
from ivigil.dosing.rates import MAY_HOLD, Answer, Conditions, Ladder, Rate, RateBasis, Rung, band_weight, to_ml_per_h
from ivigil.knowledge.dosing_records import RateProtocol
from ivigil.knowledge.product_records import CapFigure, Product, RateCap, Status
from ivigil.units import shown

CapKind = Literal["always", "at-risk", "first-infusion", "when", "pump", "local"]


@dataclass(frozen=True)
class LocalLimits:
    """What one ward or pump allows: its fastest rate in mL/h, a rate of its own, the most mL in a day."""

    pump_ml_per_h: Decimal | None = None
    maximum: CapFigure | None = None
    volume_ml_per_day: Decimal | None = None
    origin: str = "local setting"


@dataclass(frozen=True)
class CapContext:
    """What decides which caps hold. ``weeks_since_last`` is the gap since the last infusion, ``None`` when unknown."""

    weight_kg: Decimal
    conditions: Conditions
    at_risk: Answer
    first_infusion: Answer
    indication: str | None = None
    protocol: RateProtocol | None = None
    weeks_since_last: Decimal | None = None
    weeks_needs: tuple[str, ...] = ()
    local: LocalLimits = LocalLimits()


@dataclass(frozen=True)
class AppliedCap:
    """A limit that holds: why, from where, and the figure that counts.

    ``limit`` is ``None`` where the label asks for the slowest practicable rate and gives no number. ``question`` stands
    while it is not known whether the cap should hold; ``needs`` are the facts that could settle it.
    """

    id: str
    kind: CapKind
    text: str
    reason: str
    truth: Truth
    status: Status = "verified"
    source: str | None = None
    figure: CapFigure | None = None
    limit: Rate | None = None
    needs: tuple[str, ...] = ()
    question: str | None = None

    @property
    def below(self) -> bool:
        """Whether the limit itself is too fast."""
        return self.figure is not None and self.figure.below

    @property
    def words(self) -> str | None:
        """The limit as it is stated, such as *below 3.3 mg/kg/min*."""
        if self.figure is None:
            return None
        return f"{'below' if self.below else 'at most'} {shown(self.figure.limit)} {self.figure.unit}"

    def allowed(self, ml_per_h: Fraction, ladder: Ladder) -> Fraction | None:
        """The rate under the cap in place of ``ml_per_h``, one of ``ladder``'s; ``None`` where nobody prints one.

        Without a number no rate is changed: there is then no timetable. Under a limit that is itself too fast it is the
        highest rate of the ladder below.
        """
        if self.limit is None:
            return ml_per_h
        limit = self.limit.ml_per_h
        if ml_per_h < limit or not self.below:
            return min(ml_per_h, limit)
        return max((rung.ml_per_h for rung in ladder if rung.ml_per_h < limit), default=None)

    def binds(self, reached: Ladder, under: Ladder, ladder: Ladder) -> bool:
        """Whether the cap is what slows one of the rungs ``reached`` down to the one in ``under``."""
        pairs = ((base.ml_per_h, slowed.ml_per_h) for base, slowed in zip(reached, under, strict=False))
        return any(self.allowed(base, ladder) == slowed < base for base, slowed in pairs)


def capped(ladder: Ladder, caps: Iterable[AppliedCap]) -> Ladder | AppliedCap:
    """Each rate of ``ladder`` under every cap, in as many rungs; or the cap below which nobody prints a rate."""
    rates = [rung.ml_per_h for rung in ladder]
    lowest = list(rates)
    for cap in caps:
        for place, rate in enumerate(rates):
            under = cap.allowed(rate, ladder)
            if under is None:
                return cap
            lowest[place] = min(lowest[place], under)
    return tuple(Rung(rate, rung.minutes) for rate, rung in zip(lowest, ladder, strict=True))


def caps_for(product: Product, context: CapContext) -> tuple[AppliedCap, ...]:
    """Every cap that holds, or may hold, for the patient: those of the label first, each once."""
    basis = RateBasis(product.g_per_100_ml, context.weight_kg)
    applied = (_label_cap(cap, basis, context) for cap in product.caps)
    return (*(cap for cap in applied if cap), *_programme_caps(context, basis), *_local_caps(context.local, basis))


def lower(figures: tuple[CapFigure, ...], basis: RateBasis) -> CapFigure | None:
    """Of the figures in which a label states one cap the one that counts: the lowest, compared exactly."""
    return min(figures, key=lambda one: (to_ml_per_h(one.limit, one.unit, basis), not one.below), default=None)


def _label_cap(cap: RateCap, basis: RateBasis, context: CapContext) -> AppliedCap | None:
    parts = {
        cap.applies_to: _applies(cap, context),
        "indication": _for_indication(cap.indications, context.indication),
    }
    if not all(one.truth in MAY_HOLD for one in parts.values()):
        return None
    answer, figure = _both(*parts.values()), lower(cap.figures, basis)
    return AppliedCap(
        id=cap.id,
        kind=cap.applies_to,
        text=cap.text,
        reason=_reason(parts, cap.when) + (" Caution, not verified." if cap.status == "remembered" else ""),
        truth=answer.truth,
        status=cap.status,
        source=cap.source,
        figure=figure,
        limit=_rate(figure, basis) if figure else None,
        needs=answer.needs,
        question=_question(parts, cap.when),
    )


def _applies(cap: RateCap, context: CapContext) -> Answer:
    match cap.applies_to:
        case "at-risk":
            return context.at_risk
        case "first-infusion":
            return first_or_long_ago(context)
        case "when":
            return context.conditions.answer(cap.when)
    return Answer(Truth.MET)


def first_or_long_ago(context: CapContext) -> Answer:
    """Whether it is a first infusion, or counts as one because the last was longer ago than the programme allows."""
    limit = context.protocol.naive_after_weeks if context.protocol else None
    if limit is None:
        return context.first_infusion
    weeks = context.weeks_since_last
    gap = Answer(Truth.UNKNOWN, context.weeks_needs) if weeks is None else Answer(truth_of(weeks > limit))
    return _joined(disjunction((context.first_infusion.truth, gap.truth)), (context.first_infusion, gap))


def _for_indication(indications: tuple[str, ...], indication: str | None) -> Answer:
    if indications and indication is None:
        return Answer(Truth.UNKNOWN, ("request_indication",))
    return Answer(truth_of(not indications or indication in indications))


def _both(*answers: Answer) -> Answer:
    return _joined(conjunction(one.truth for one in answers), answers)


def _joined(truth: Truth, answers: tuple[Answer, ...]) -> Answer:
    open_ones = [one for one in answers if truth is Truth.UNKNOWN is one.truth]
    return Answer(truth, tuple(dict.fromkeys(need for one in open_ones for need in one.needs)))


def _programme_caps(context: CapContext, basis: RateBasis) -> Iterator[AppliedCap]:
    protocol, answer = context.protocol, first_or_long_ago(context)
    if protocol is None or protocol.first_infusion_maximum is None or answer.truth not in MAY_HOLD:
        return
    figure = CapFigure(protocol.first_infusion_maximum, protocol.unit)
    banded = RateBasis(basis.g_per_100_ml, band_weight(protocol, basis.weight_kg) or basis.weight_kg)
    yield AppliedCap(
        id=f"{protocol.id}-first-infusion",
        kind="first-infusion",
        text=f"{protocol.title}: a highest rate for a first infusion.",
        reason=_reason({"first-infusion": answer}),
        truth=answer.truth,
        source=protocol.passage.source,
        figure=figure,
        limit=Rate(_rate(figure, banded).ml_per_h, basis),
        needs=answer.needs,
        question=_question({"first-infusion": answer}),
    )


def _local_caps(local: LocalLimits, basis: RateBasis) -> Iterator[AppliedCap]:
    pump = CapFigure(local.pump_ml_per_h, "mL/h") if local.pump_ml_per_h is not None else None
    given: tuple[tuple[CapKind, str, CapFigure | None], ...] = (
        ("pump", "The fastest rate of the pump.", pump),
        ("local", "A highest rate set here.", local.maximum),
    )
    for kind, text, figure in given:
        if figure is not None:
            reason = f"It is a {local.origin}."
            yield AppliedCap(kind, kind, text, reason, Truth.MET, figure=figure, limit=_rate(figure, basis))


def _rate(figure: CapFigure, basis: RateBasis) -> Rate:
    return Rate(to_ml_per_h(figure.limit, figure.unit, basis), basis)


def _reason(parts: Mapping[str, Answer], when: str | None = None) -> str:
    said = (_REASONS[part][one.truth is Truth.UNKNOWN].format(when=when) for part, one in parts.items())
    return " ".join(one for one in said if one)


def _question(parts: Mapping[str, Answer], when: str | None = None) -> str | None:
    asked = [_QUESTIONS[part].format(when=when) for part, one in parts.items() if one.truth is Truth.UNKNOWN]
    return " ".join(asked) or None


# Why a cap holds, by what brings it: where that is known, and where it is not.
_REASONS = {
    "always": ("The label sets it.", ""),
    "indication": ("", "The indication is not known, so the cap is kept."),
    "at-risk": ("The patient is at risk.", "It is not known whether the patient is at risk, so the cap is kept."),
    "first-infusion": (
        "It is a first infusion, or the last one was too long ago.",
        "It is not known whether this is a first infusion, or how long ago the last was, so the cap is kept.",
    ),
    "when": ("It holds that {when}.", "It is not known whether {when}, so the cap is kept."),
}
_QUESTIONS = {
    "indication": "For which indication is immunoglobulin asked?",
    "at-risk": "Is the patient at risk?",
    "first-infusion": "Is this the first infusion of immunoglobulin, and if not, when was the last?",
    "when": "Does it hold that {when}?",
}
