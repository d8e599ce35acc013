"""One made-up patient: a person, their disease, and what was asked for over two years."""

from __future__ import annotations

from dataclasses import dataclass, field

from ivigil.synthetic.bodies import Person
from ivigil.synthetic.diagnoses import Diagnosis, diagnose
from ivigil.synthetic.diseases import Disease, Dose, Wanted
from ivigil.synthetic.forms import fill_form
from ivigil.synthetic.observations import dated, measure, say
from ivigil.synthetic.orders import Ask, order
from ivigil.synthetic.plan import Plan
from ivigil.synthetic.records import Record

_TEST_DATA = '"meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HTEST"}]},'


def patient_id(number: int) -> str:
    """The id of a patient by number."""
    return f"p{number:07d}"


def patient(plan: Plan, number: int) -> Record:
    """The record of one patient: a function of the plan and the number alone."""
    draws = plan.draws(number)
    record = Record(patient_id(number), draws)
    disease = plan.disease(draws)
    pattern = plan.patterns[disease.use.course]
    count = draws.between(*pattern.requests)
    late = plan.times.order_off_its_rhythm
    room = max(1, plan.ends - plan.starts - late - (count - 1) * pattern.every_days)
    first = plan.starts + draws.below(room)
    person = plan.bodies.draw(draws, disease.use.people, first)
    _person(record, plan, person)
    history = _History(plan, record, person, disease, first)
    history.background()
    if draws.chance(plan.limits["no-request"]) and record.spoils("no-request"):
        history.visit(first, None, is_first=True)
    else:
        history.courses([first + at * pattern.every_days + draws.below(late) for at in range(count)])
    if plan.background is not None:
        plan.background.mix_in(record, person)
    return record


def _person(record: Record, plan: Plan, person: Person) -> None:
    draws, limits = record.draws, plan.limits
    sex, born = f'"gender":"{person.sex}",', dated("birthDate", person.born, None)
    if draws.chance(limits["no-sex"]) and record.spoils("no-sex"):
        sex = ""
    elif draws.chance(limits["sex-unknown"]) and record.spoils("sex-unknown"):
        sex = '"gender":"unknown",'
    if draws.chance(limits["no-birth-date"]) and record.spoils("no-birth-date"):
        born = ""
    elif draws.chance(limits["birth-year-only"]) and record.spoils("birth-year-only"):
        born = dated("birthDate", person.born, "birth-year-only")
    name = f'"name":[{{"family":"Made-up","given":["{record.patient}"]}}],'
    record.lines["Patient"] = []
    record.put("Patient", record.patient, _TEST_DATA + name + sex + born)


@dataclass
class _History:
    """What happens to one patient."""

    plan: Plan
    record: Record
    person: Person
    disease: Disease
    first: int
    checklist: list[str] = field(default_factory=list)

    def background(self) -> None:
        """What is known of the patient beside the disease: other conditions, earlier values, other drugs."""
        draws, plan, record = self.record.draws, self.plan, self.record
        self._conditions()
        for answers in plan.codes_measured:
            answer = draws.pick(answers)
            if not (draws.chance(plan.limits["missing-measurement"]) and record.spoils("missing-measurement")):
                say(record, answer, self.first - draws.between(*plan.times.codes_before))
        for back in range(int(plan.figures.measures.extra_weights.value)):
            since = plan.times.earlier_weights * (back + 1) + draws.below(plan.times.earlier_weights_within)
            self.weigh(self.first - since)
        for kind, codes in (("other-immunoglobulin", plan.other_immunoglobulins), ("other-drug", plan.other_drugs)):
            if draws.chance(plan.limits[kind]) and record.spoils(kind):
                self._other(draws.pick(codes))

    def _conditions(self) -> None:
        """What bears on hazards, as the checklist of a form has it too, and anything else."""
        draws, plan, record, word = self.record.draws, self.plan, self.record, self.record.draws.word
        self.checklist = [one.absent.item for one in plan.comorbid]
        for at, one in enumerate(plan.comorbid):
            if word() < one.share:
                self.checklist[at] = one.present.item
                say(record, one.present, self.first - draws.between(*plan.times.conditions_before))
        for share, answer in plan.extras:
            if word() < share:
                say(record, answer, self.first - draws.between(*plan.times.anything_else_before))

    def _other(self, drug: str) -> None:
        record = self.record
        day = dated("authoredOn", self.first + record.draws.below(self.plan.times.other_orders_within), None)
        head = '"status":"active","intent":"order",'
        record.add("MedicationRequest", f'{head}"medicationCodeableConcept":{drug},{record.subject}{day}')

    def weigh(self, day: int) -> None:
        """A weight of a day."""
        gauge = self.plan.gauges["weight"]
        measure(self.record, self.plan, gauge, gauge.nearest(self._kilograms(day)), day)

    def _kilograms(self, day: int) -> float:
        apart = self.plan.weighing * self.record.draws.normal()
        return self.plan.bodies.weight_kg(self.person, day) * (1 + apart)

    def visit(self, day: int, wanted: Wanted | None, *, is_first: bool) -> None:
        """What is measured around a day, a few days before at most."""
        draws, plan, record = self.record.draws, self.plan, self.record
        asked = {one.gauge.fact.id for one in wanted.numbers} if wanted else ()
        for gauge in plan.measured:
            if (not gauge.once or is_first) and gauge.fact.id not in asked:
                measure(record, plan, gauge, gauge.draw(draws), day - (draws.word() & 3))
        for number in wanted.numbers if wanted else ():
            value = draws.between(number.steps.low, number.steps.high)
            measure(record, plan, number.gauge, value, day - (draws.word() & 3))
        self.weigh(day - draws.below(plan.times.weight_within))

    def courses(self, days: list[int]) -> None:
        """Requests on ``days``, each with its measurements and its form."""
        draws, plan, disease = self.record.draws, self.plan, self.disease
        new = draws.chance(plan.shares["new_patients"])
        wanted = draws.pick(disease.met if draws.chance(plan.shares["qualifying"]) else disease.unmet)
        onset, code = days[0] - self._since(wanted, new=new), draws.pick(disease.names)
        recorded = min(days[0], onset + draws.below(plan.times.recorded_within))
        condition = diagnose(self.record, plan, Diagnosis(disease, code, onset, recorded))
        site, dose = plan.sites.one(draws), self._dose()
        earlier: str | None = None
        for at, day in enumerate(days):
            self._measure_height(day, days[at - 1] if at else None)
            self.visit(day, wanted, is_first=at == 0)
            fill_form(self.record, plan, wanted, day, self._asked(continuing=bool(at) or not new))
            status = self._status(day, last=at == len(days) - 1)
            ask = Ask(day, disease, code, dose, site, self._kilograms(day), status, condition, earlier)
            earlier = order(self.record, plan, ask)

    def _measure_height(self, day: int, before: int | None) -> None:
        """A height at the first request, and whenever it has become too old."""
        times = self.plan.times
        if before is None or (day - self.first) // times.height_every > (before - self.first) // times.height_every:
            gauge = self.plan.gauges["height"]
            height = gauge.nearest(self.plan.bodies.height_cm(self.person, day))
            measure(self.record, self.plan, gauge, height, day - self.record.draws.below(times.height_within))

    def _since(self, wanted: Wanted, *, new: bool) -> int:
        """Days from the beginning of the disease to the first request."""
        draws = self.record.draws
        if wanted.onset is not None:
            return draws.between(wanted.onset.low, wanted.onset.high)
        return draws.between(*(self.plan.times.new_for if new else self.plan.times.known_for))

    def _dose(self) -> Dose:
        draws, plan = self.record.draws, self.plan
        under = draws.chance(plan.subcutaneous[self.disease.use.course])
        route = "subcutaneous" if under else "intravenous"
        fitting = [one for one in self.disease.doses if one.route == route]
        return draws.pick(fitting or self.disease.doses)

    def _asked(self, *, continuing: bool) -> list[str]:
        """The items of a form that every request has: phase, response, and the list of what bears on hazards."""
        draws, plan = self.record.draws, self.plan
        items = [plan.phases[continuing]]
        if continuing:
            items.append(plan.responses[draws.chance(plan.shares["adequate_response"])])
        if draws.chance(plan.shares["checklist"]):
            items += self.checklist
        return items

    def _status(self, day: int, *, last: bool) -> str:
        plan = self.plan
        if last and plan.ends - day <= int(plan.figures.courses.still_active_days.value):
            return "active"
        return "stopped" if self.record.draws.chance(plan.shares["stopped"]) else "completed"
