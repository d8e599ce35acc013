"""Everything that is the same for all patients of a cohort, worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ivigil.documents import BadInput, Fault
from ivigil.facts.definition import FactCode
from ivigil.knowledge import Library
from ivigil.synthetic.bodies import Bodies
from ivigil.synthetic.course_figures import Drug, Pattern, Site
from ivigil.synthetic.diseases import Answer, Disease, Making, disease_of
from ivigil.synthetic.draws import LARGEST_SEED, Draws, Weighted, limit
from ivigil.synthetic.figures import Figures, Of, Unlisted, Use, figures
from ivigil.synthetic.fragments import compact, concept, named
from ivigil.synthetic.measuring import Gauge, gauge_of
from ivigil.synthetic.profiles import asked_facts, hazard_facts

if TYPE_CHECKING:  # a cohort without a background needs none
    from ivigil.synthetic.background import Background


@dataclass(frozen=True)
class Options:
    """What a cohort is made by, beside its number of patients: the same options and seed give the same patients."""

    seed: int = 1
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    rules: str = "review-2015"


@dataclass(frozen=True)
class Named:
    """A drug that orders name: the concept itself in JSON, and the id of a Medication that holds it."""

    drug: Drug
    concept: str


class Plan:
    """What a patient is made from; ``dirt`` holds what may be wrong with one measurement, diagnosis or order."""

    def __init__(self, library: Library, options: Options, background: Background | None = None) -> None:
        """Work out everything that patients share. Raises :class:`BadInput` for options that cannot be."""
        self.library, self.options, self.background = library, options, background
        self.figures = _checked(figures(), options, library)
        self.bodies = Bodies(self.figures.people)
        courses = self.figures.courses
        self.times = self.figures.times
        self.dose_factors = tuple(map(float, courses.dose_factors.values))
        self.weighing = float(self.figures.people.weighing_percent) / 100
        self.ends = date.fromisoformat(courses.ends).toordinal()
        self.starts = self.ends - int(courses.days.value)
        self.uses = _uses(self.figures, library)
        self.patterns: Mapping[str, Pattern] = {one.id: one for one in courses.courses}
        self.subcutaneous = {one.id: limit(float(one.subcutaneous)) for one in courses.courses}
        self.sites: Weighted[Site] = Weighted([(one, float(one.weight)) for one in courses.sites])
        self.drugs = {route: _drugs(self.figures, route) for route in ("intravenous", "subcutaneous")}
        self.unlisted = _unlisted(self.figures.mix.unlisted)
        self.gauges = _gauges(library, self.figures)
        self.measured = tuple(self.gauges[one.fact] for one in self.figures.measures.measures if one.low is not None)
        self.making = Making(library, self.figures, self.gauges)
        self.codes_measured = _coded(self)
        self.comorbid = _comorbid(self)
        self.extras = tuple(_extras(self))
        self.phases = {known: self.making.answer("request_phase", value=phase).item for known, phase in _PHASES.items()}
        self.responses = {
            good: self.making.answer("response_to_immunoglobulin", value=response).item
            for good, response in _RESPONSES.items()
        }
        self.other_immunoglobulins = _orderable(library.medication.not_codes)
        self.other_drugs = _orderable(_drug_codes(library))
        self.dirt = {of: _dirt(self.figures, of) for of in ("measurement", "diagnosis", "order", "form")}
        self.spoils = self.dirt["measurement"].room
        self.gaps = _gaps(self.figures)
        self.limits = {one.id: limit(float(one.share)) for one in self.figures.dirt.kinds}
        self.shares = {name: limit(float(getattr(courses, name))) for name in _SHARES}
        self._diseases: dict[str, Disease] = {}

    def disease(self, draws: Draws) -> Disease:
        """The indication of a patient; what it asks for is worked out when it is first drawn."""
        use, indication = self.uses.one(draws)
        if indication not in self._diseases:
            rules = self.library.rule_sets[self.options.rules]
            known = self.library.indications[indication]
            self._diseases[indication] = disease_of(use, known, self.library, rules, self.making)
        return self._diseases[indication]

    def draws(self, number: int) -> Draws:
        """The stream of one patient."""
        return Draws(self.options.seed, number)


GAP = 64
_EXTRA_PLACES = frozenset(
    {"Condition", "Procedure", "AllergyIntolerance", "FamilyMemberHistory", "MedicationStatement"}
)
_PHASES = {False: "initial", True: "continuing"}
_RESPONSES = {False: "not-adequate", True: "adequate"}
_SHARES = (
    *("new_patients", "qualifying", "adequate_response", "dose_outside", "stopped", "by_reference", "per_kg_orders"),
    *("with_quantity", "by_condition", "urgent", "structured", "checklist"),
)


def plan_of(library: Library, options: Options, background: Background | None = None) -> Plan:
    """The plan of a cohort."""
    return Plan(library, options, background)


def _checked(given: Figures, options: Options, library: Library) -> Figures:
    faults = []
    if not 0 <= options.seed <= LARGEST_SEED:
        faults.append(Fault("--seed", str(options.seed), f"a whole number from 0 to {LARGEST_SEED}"))
    if options.rules not in library.rule_sets:
        faults.append(Fault("--rules", repr(options.rules), f"one of {', '.join(sorted(library.rule_sets))}"))
    dirt = given.dirt
    try:
        dirt = dirt.with_shares(options.shares)
    except BadInput as error:
        faults += error.faults
    if faults:
        raise BadInput(faults)
    return replace(given, dirt=dirt)


def _uses(given: Figures, library: Library) -> Weighted[tuple[Use, str]]:
    """The indications by share; those that are not named share what is left for others."""
    named_ones = [(one, str(one.indication)) for one in given.mix.uses if one.indication in library.indications]
    taken = {indication for _, indication in named_ones}
    rest = sorted(set(library.indications) - taken)
    share = float(given.mix.others.share) / max(1, len(rest))
    weights = [((use, indication), float(use.share)) for use, indication in named_ones]
    return Weighted([*weights, *(((given.mix.others, one), share) for one in rest)])


def _drugs(given: Figures, route: str) -> Weighted[Named]:
    drugs = [one for one in given.courses.drugs if one.route == route]
    return Weighted([(Named(one, compact(named(one.text, one.system, one.code))), float(one.weight)) for one in drugs])


def _drug_codes(library: Library) -> Iterator[FactCode]:
    """The drugs that facts of the catalogue are recorded under, immunoglobulin aside."""
    known = {code.code for code in library.medication.codes}
    for fact in library.catalogue.found_in("MedicationStatement"):
        yield from (code for code in fact.codes if code.code not in known)


def _orderable(codes: Iterable[FactCode]) -> tuple[str, ...]:
    return tuple(compact(concept(code.display, code)) for code in codes if code.system == "atc")


def _unlisted(reasons: tuple[Unlisted, ...]) -> tuple[str, ...]:
    return tuple(compact(named(one.text, one.system, one.code)) for one in reasons)


def _gauges(library: Library, given: Figures) -> dict[str, Gauge]:
    known = given.measures
    measures = {one.fact: one for one in (*known.measures, known.weight, known.height)}
    return {
        fact.id: gauge_of(fact, measures.get(fact.id)) for fact in library.catalogue.facts.values() if fact.is_number
    }


def _coded(plan: Plan) -> tuple[tuple[Answer, ...], ...]:
    """The coded facts that are measured of everybody, each with its answers."""
    catalogue = plan.library.catalogue
    facts = [catalogue[one.fact] for one in plan.figures.measures.measures if one.low is None]
    return tuple(tuple(plan.making.answer(fact.id, value=option) for option in fact.option_ids()) for fact in facts)


@dataclass(frozen=True)
class Comorbid:
    """A truth that bears on hazards, with its share, how a record says that it holds, and that it does not."""

    share: int
    present: Answer
    absent: Answer


def _comorbid(plan: Plan) -> tuple[Comorbid, ...]:
    measures = plan.figures.measures
    often = {one.fact: float(one.share) for one in measures.often}
    usual = float(measures.comorbidity)
    answer = plan.making.answer
    return tuple(
        Comorbid(limit(often.get(fact, usual)), answer(fact, value=True), answer(fact, value=False))
        for fact in hazard_facts(plan.library)
    )


def _gaps(given: Figures) -> Weighted[int]:
    """How many questions of a form are answered before one is not; nothing drawn: :data:`GAP` and more."""
    share = next(float(one.share) for one in given.dirt.kinds if one.id == "missing-answer")
    return Weighted([(gap, share * (1 - share) ** gap) for gap in range(GAP)], total=1.0)


def _extras(plan: Plan) -> Iterator[tuple[int, Answer]]:
    """What else a record may hold that bears on no rule: with its share, and how it is said."""
    share = limit(float(plan.figures.measures.anything_else))
    spoken_of = {*asked_facts(plan.library), *hazard_facts(plan.library)}
    for fact_id, fact in sorted(plan.library.catalogue.facts.items()):
        ongoing = [one.id for one in fact.options if "ongoing" in one.seen_as]
        values: list[bool | str] = [True] if fact.kind == "truth" else [*ongoing]
        if fact_id not in spoken_of and set(fact.found_in) & _EXTRA_PLACES:
            yield from ((share, plan.making.answer(fact_id, value=value)) for value in values)


def _dirt(given: Figures, of: Of) -> Weighted[str]:
    kinds = [(one.id, float(one.share)) for one in given.dirt.kinds if one.of == of]
    return Weighted(kinds, total=max(1.0, sum(share for _, share in kinds)))
