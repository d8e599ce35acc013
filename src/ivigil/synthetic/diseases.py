"""What records say of one indication: its codes and words, the facts its rules ask for, and its regimens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ivigil.facts import Fact
from ivigil.facts.definition import FactCode
from ivigil.knowledge import Indication, Library, RuleSet
from ivigil.synthetic.figures import Figures, Use
from ivigil.synthetic.fragments import compact, concept
from ivigil.synthetic.measuring import Gauge, Steps
from ivigil.synthetic.profiles import Profile, profiles_of
from ivigil.synthetic.ways import Way, answer_item, answer_value, ways

_ROLES = frozenset({"recommended", "studied"})


@dataclass(frozen=True)
class Dose:
    """A regimen in grams per kg of the whole course; on one of ``days`` days."""

    route: str
    low: Decimal
    high: Decimal
    days: tuple[int, ...]


@dataclass(frozen=True)
class Number:
    """A number that a profile asks for: drawn from ``steps``."""

    gauge: Gauge
    steps: Steps


@dataclass(frozen=True)
class Answer:
    """A truth or a code that a profile asks for: as an answer on a form, and in every other way."""

    fact: Fact
    item: str
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Wanted:
    """A profile ready to be written: ``onset`` is the days since the disease began, where a rule asks for them."""

    numbers: tuple[Number, ...]
    answers: tuple[Answer, ...]
    onset: Steps | None


@dataclass(frozen=True)
class Disease:
    """An indication as records have it. ``names`` and ``broader`` are CodeableConcepts in JSON, ``words`` texts."""

    id: str
    use: Use
    name: str
    names: tuple[str, ...]
    broader: tuple[str, ...]
    words: tuple[str, ...]
    met: tuple[Wanted, ...]
    unmet: tuple[Wanted, ...]
    doses: tuple[Dose, ...]


def disease_of(use: Use, indication: Indication, library: Library, rules: RuleSet | None, made: Making) -> Disease:
    """What records say of ``indication``, its criteria being those of ``rules`` (none: all profiles are alike)."""
    appraised = rules.appraisals.get(indication.id) if rules else None
    profiles = profiles_of(indication.id, appraised, library, sum(indication.id.encode()))
    return Disease(
        id=indication.id,
        use=use,
        name=indication.name,
        names=tuple(compact(concept(None, code)) for code in indication.names) or (compact({"text": indication.name}),),
        broader=tuple(compact(concept(None, code)) for code in _apart(indication)),
        words=tuple(compact(one) for one in (indication.name, *indication.synonyms)),
        met=tuple(made.wanted(one) for one in profiles.met),
        unmet=tuple(made.wanted(one) for one in profiles.unmet),
        doses=tuple(_doses(indication.id, library, made.figures)),
    )


def _apart(indication: Indication) -> Iterator[FactCode]:
    named = {(code.system, code.code) for code in indication.names}
    return (code for code in indication.broader if (code.system, code.code) not in named)


def _doses(indication: str, library: Library, given: Figures) -> Iterator[Dose]:
    found = False
    for rules in library.rule_sets.values():
        appraisal = rules.appraisals.get(indication)
        for one in appraisal.regimens if appraisal else ():
            daily, total, days = one.daily_g_per_kg, one.total_g_per_kg, one.days
            if total is None and daily and days:
                total = type(daily)(daily.low * days.low, daily.high * days.high)
            if total is not None and one.role in _ROLES:
                found = True
                spread = tuple(range(int(days.low), int(days.high) + 1)) if days else _days(total.high, given)
                yield Dose(one.route, total.low, total.high, spread)
    if not found:
        for plain in given.courses.regimens:
            yield Dose("intravenous", plain.total_g_per_kg, plain.total_g_per_kg, (plain.days,))


def _days(total: Decimal, given: Figures) -> tuple[int, ...]:
    return next(one.days for one in given.courses.days_for if total >= one.from_g_per_kg)


class Making:
    """Turns profiles into what is written; each answer is worded once."""

    def __init__(self, library: Library, figures: Figures, gauges: dict[str, Gauge]) -> None:
        self.library = library
        self.figures = figures
        self.gauges = gauges
        self._answers: dict[tuple[str, bool | str], Answer] = {}

    def answer(self, fact_id: str, *, value: bool | str) -> Answer:
        """How a record says that a fact has a value."""
        if (fact_id, value) not in self._answers:
            fact = self.library.catalogue[fact_id]
            item = answer_item(fact, answer_value(fact, value))
            self._answers[fact_id, value] = Answer(fact, item, ways(fact, value, self.library.catalogue))
        return self._answers[fact_id, value]

    def wanted(self, profile: Profile) -> Wanted:
        """A profile ready to be written."""
        numbers: list[Number] = []
        answers: list[Answer] = []
        onset: Steps | None = None
        for fact_id, one in profile.items():
            fact = self.library.catalogue[fact_id]
            if not fact.is_number:
                answers.append(self.answer(fact_id, value=one.example))  # type: ignore[arg-type] # no number, so no Decimal
            elif any(way.how == "days-since" for way in fact.derived):
                onset = self.gauges[fact_id].steps(one)
            else:
                numbers.append(Number(self.gauges[fact_id], self.gauges[fact_id].steps(one)))
        return Wanted(tuple(numbers), tuple(answers), onset)
