"""Orders drawn so that they hit the limits of doses, weights and hazards, with what the single case finds of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ivigil.criteria import facts_of
from ivigil.criteria.frames import Cell
from ivigil.facts import Between, Case, Exactly, Extent, OneOf, Reason, Request, Statement
from ivigil.knowledge import Appraisal, Library
from ivigil.populations import RuleSetDiagram, known_cells, known_kinds, planned_of
from ivigil.populations.compiled import ESTABLISHED, INDICATION
from ivigil.populations.planning import recommended
from ivigil.review import Decision, Judge
from ivigil.tables import Engine, Frame, Kind
from ivigil.units.amounts import as_decimal

KG_PER_POUND = Decimal("0.45359237")
TINY = (Decimal(0), Decimal("0.0001"), Decimal("0.000001"), Decimal("1e-12"), Decimal("1e-25"))
FLOAT_AND_MORE = Decimal("70.123456789012345678901")  # more digits than a float holds
WEIGHTS = (
    *(Decimal(one) for one in ("3.4", "18.2", "45.5", "45.6", "50", "50.1", "67.5", "70.3", "71.25", "100", "120")),
    *(KG_PER_POUND * Decimal(one) for one in ("154", "154.3", "99.1")),
    FLOAT_AND_MORE,
)
HEIGHTS = tuple(Decimal(one) for one in ("60", "120", "151.9", "152", "152.4", "160", "180", "180.34", "200"))
AGES: tuple[Extent, ...] = (
    *(Exactly(Decimal(one)) for one in ("0.5", "5", "17", "18", "40", "61", "66")),
    Between(Decimal(17), Decimal(19)),
    Between(Decimal(40), Decimal(41)),
)
SEXES: tuple[Extent, ...] = (
    *(Exactly(one) for one in ("female", "male", "other")),
    OneOf(frozenset({"female", "male"})),
)
# By rule: an ideal weight that adults of this height have exactly, so that the rules' weights coincide.
_INCH_KG = Decimal("2.3")


@dataclass
class Orders:
    """One rule set, and requests under it with the decision and the columns that each has to get."""

    plan: RuleSetDiagram
    rows: list[dict[str, Cell]] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def add(self, decision: Decision, judge: Judge) -> None:
        """A decision on an indication, with what is known in it as a row."""
        known = decision.known
        row = {
            INDICATION: decision.indication.id if decision.indication else None,
            **known_cells(known, judge.library.askable),
        }
        own = f"has:{row[INDICATION]}"
        self.rows.append({**row, ESTABLISHED: row.get(own)})
        self.decisions.append(decision)

    def expected(self) -> Iterator[dict[str, Cell]]:
        """What the single-case evaluators say, in the order of the rows."""
        for one in self.decisions:
            yield planned_of(one.known, self.plan, one.appraisal, one.standing)


def ideal_kg(height_cm: Decimal, sex: str) -> Decimal:
    """The ideal weight by the formula that most rules print."""
    base = Decimal("45.5") if sex == "female" else Decimal(50)
    return base + _INCH_KG * (height_cm * Decimal("0.393701") - 60)


def orders(judge: Judge, plan: RuleSetDiagram, examples: int) -> Orders:
    """Drawn requests for the indications with recommended regimens, and for one without any."""
    found = Orders(plan)
    dosed = [one for one in plan.appraisals if recommended(one)]
    plain = next(one for one in plan.appraisals if not recommended(one))

    @settings(max_examples=examples, database=None)
    @given(
        st.lists(
            st.sampled_from([*dosed, *dosed, plain]).flatmap(lambda one: cases(one, judge.library)),
            min_size=4,
            max_size=6,
        )
    )
    def collect(some: list[Case]) -> None:
        for case in some:
            for decision in judge.decide(case, plan.rules, plan.rules.head.valid_from):
                if decision.appraisal is not None:
                    found.add(decision, judge)

    collect()
    return found


@st.composite
def cases(draw: st.DrawFn, appraisal: Appraisal, library: Library) -> Case:
    """A patient with one request for the indication of ``appraisal``."""
    patient = draw(patients())
    order = draw(doses(appraisal, patient.get("weight")))
    risks = draw(risk_facts(library))
    said = [_statement(fact, extent) for fact, extent in {**risks, **patient}.items()]
    reason = Reason("a request", indication=appraisal.indication)
    request = Request("a request", reasons=(reason,), statements=tuple(_statement(*one) for one in order.items()))
    return Case("somebody", statements=tuple(said), requests=(request,))


def _statement(fact: str, extent: Extent) -> Statement:
    return Statement(fact, extent, "drawn", "a form", undated_is_current=True)


@st.composite
def patients(draw: st.DrawFn) -> dict[str, Extent]:
    """Size, sex, age and pregnancy, each known or not, on and beside the limits of weight rules."""
    height, sex = draw(st.sampled_from(HEIGHTS)), draw(st.sampled_from(SEXES))
    of_height = [ideal_kg(height, "female"), ideal_kg(height, "male"), 30 * (height / 100) ** 2]
    at_limits = [one for one in of_height if one > 1]
    weight = draw(st.sampled_from([*WEIGHTS, *at_limits]))
    found: dict[str, Extent] = {
        "height": Exactly(height),
        "sex": sex,
        "weight": draw(
            st.sampled_from((Exactly(weight), Exactly(weight), Exactly(weight), Between(weight, weight + 1)))
        ),
        "age": draw(st.sampled_from(AGES)),
        "pregnant": Exactly(draw(st.booleans())),
        "pre_pregnancy_weight": Exactly(draw(st.sampled_from((weight, Decimal(60))))),
        "body_mass_index": Exactly(draw(st.sampled_from((Decimal(22), Decimal(30), Decimal("30.1"))))),
    }
    rare = {"body_mass_index": 8, "pre_pregnancy_weight": 2, "pregnant": 2}
    known = {fact: draw(st.integers(0, rare.get(fact, 6))) for fact in found}
    return {fact: one for fact, one in found.items() if (known[fact] == 0) == (fact == "body_mass_index")}


@st.composite
def doses(draw: st.DrawFn, appraisal: Appraisal, weight: Extent | None) -> dict[str, Extent]:
    """A dose on or beside a limit of a regimen, as grams, per kg, or both, for the course, the day, or both."""
    regimens = recommended(appraisal)
    days = draw(st.sampled_from((None, 1, 2, 3, 5, 7)))
    spans = [one for regimen in regimens for one in (regimen.total_g_per_kg, regimen.daily_g_per_kg) if one is not None]
    ends = [end for one in spans for end in (one.low, one.high)] or [Decimal("0.4")]
    per_kg = draw(st.sampled_from(ends))
    beside = draw(st.sampled_from(TINY)) * draw(st.sampled_from((-1, 1)))
    kg = weight.value if isinstance(weight, Exactly) and isinstance(weight.value, Decimal) else Decimal("70.3")
    rounding = draw(st.sampled_from((Decimal(0), Decimal("2.5"), Decimal("-2.5")))) * draw(
        st.sampled_from((1, days or 1))
    )
    grams = as_decimal(Fraction(per_kg) * Fraction(kg)) + rounding + beside
    found: dict[str, Extent] = {}
    if days is not None:
        found["request_infusion_days"] = Exactly(Decimal(days))
    for name, value in draw(stated_doses(per_kg + beside, grams)).items():
        if value > 0:
            found[name] = Exactly(value)
    route = draw(st.sampled_from((None, None, "intravenous", "intravenous", "subcutaneous")))
    return {**found, **({"request_route": Exactly(route)} if route else {})}


@st.composite
def stated_doses(draw: st.DrawFn, per_kg: Decimal, grams: Decimal) -> dict[str, Decimal]:
    """Which of the four ways to state a dose an order uses; seldom two that contradict each other."""
    total, daily = "request_total_dose", "request_daily_dose"
    ways: Sequence[Mapping[str, Decimal]] = (
        {},
        {total: grams},
        {daily: grams},
        {f"{total}_per_kg": per_kg},
        {f"{daily}_per_kg": per_kg},
        {f"{total}_per_kg": per_kg, total: grams},
        {f"{daily}_per_kg": per_kg, daily: grams},
        {f"{daily}_per_kg": per_kg, total: grams},
        {daily: Decimal(10), total: grams},
    )
    return dict(draw(st.sampled_from(ways)))


@st.composite
def risk_facts(draw: st.DrawFn, library: Library) -> dict[str, Extent]:
    """Some truths and results that hazards ask for."""
    truths = ("diabetes", "heart_failure", "obesity", "multiparous", "selective_iga_deficiency", "migraine", "smoking")
    found: dict[str, Extent] = {one: Exactly(draw(st.booleans())) for one in truths if draw(st.booleans())}
    if draw(st.booleans()):
        groups = draw(st.sets(st.sampled_from(library.askable["blood_group"].option_ids()), min_size=1, max_size=2))
        found["blood_group"] = Exactly(next(iter(groups))) if len(groups) == 1 else OneOf(frozenset(groups))
    for fact, value in (("haemoglobin", "120"), ("creatinine", "1.1"), ("iga_level", "0.05")):
        if draw(st.booleans()):
            found[fact] = Exactly(Decimal(value))
    # Of most patients nobody says much; of some, that they have nothing.
    absent = draw(st.booleans())
    whole = {
        fact
        for one in library.hazards.values()
        for factor in one.risk_factors
        for fact in _truths(factor.rule, library)
    }
    return {**{fact: Exactly(value=False) for fact in sorted(whole) if absent}, **found}


def _truths(rule: str | None, library: Library) -> Iterator[str]:
    for fact in facts_of(library.trees[rule]) if rule else ():
        if library.askable[fact].kind == "truth":
            yield fact


def frame_of(engine: Engine, drawn: Orders, library: Library) -> Frame:
    """The requests as a table; ``number`` tells which."""
    return engine.table(kinds_of_requests(library), [tuple(cells) for cells in _cells(drawn, library)])


def kinds_of_requests(library: Library) -> dict[str, Kind]:
    """Its columns."""
    return {"number": "text", INDICATION: "text", ESTABLISHED: "truth", **known_kinds(library.askable)}


def _cells(drawn: Orders, library: Library) -> Iterator[list[Cell]]:
    names = list(kinds_of_requests(library))
    for number, row in enumerate(drawn.rows):
        yield [str(number), *(row.get(name) for name in names[1:])]
