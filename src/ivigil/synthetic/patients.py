"""One made-up patient: a person, their disease, and what was asked for over two years."""

from __future__ import annotations

from dataclasses import dataclass

from ivigil.synthetic.bodies import Person
from ivigil.synthetic.diagnoses import diagnose
from ivigil.synthetic.diseases import Disease, Dose, Wanted
from ivigil.synthetic.forms import fill_form
from ivigil.synthetic.observations import dated, measure, say
from ivigil.synthetic.orders import Ask, order
from ivigil.synthetic.plan import Plan
from ivigil.synthetic.records import Record

_TEST_DATA = '"meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HTEST"}]},'
_HEIGHT_EVERY, _LONGEST_DAYS, _LATE = 300, 3650, 9


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
    room = max(1, plan.ends - plan.starts - _LATE - (count - 1) * pattern.every_days)
    first = plan.starts + draws.below(room)
    person = plan.bodies.draw(draws, disease.use.people, first)
    _person(record, plan, person)
    history = _History(plan, record, person, disease, first)
    history.background()
    if draws.chance(plan.limits["no-request"]) and record.spoils("no-request"):
        history.visit(first, None, is_first=True)
    else:
        history.courses([first + at * pattern.every_days + draws.below(_LATE) for at in range(count)])
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

    def background(self) -> None:
        """What is known of the patient beside the disease: other conditions, other drugs, earlier weights."""
        draws, plan, record = self.record.draws, self.plan, self.record
        self.checklist = [one.absent.item for one in plan.comorbid]
        word = draws.word
        for at, one in enumerate(plan.comorbid):
            if word() < one.share:
                self.checklist[at] = one.present.item
                say(record, one.present, self.first - draws.between(30, 2000))
        for share, answer in plan.extras:
            if word() < share:
                say(record, answer, self.first - draws.between(1, 400))
        for answers in plan.codes_measured:
            answer = draws.pick(answers)
            if not draws.chance(plan.limits["missing-measurement"]):
                say(record, answer, self.first - draws.between(5, 300))
        for back in range(int(plan.figures.measures.extra_weights.value)):
            self.weigh(self.first - 400 * (back + 1) - draws.below(90))
        for kind, codes in (("other-immunoglobulin", plan.other_immunoglobulins), ("other-drug", plan.other_drugs)):
            if draws.chance(plan.limits[kind]) and record.spoils(kind):
                self._other(draws.pick(codes))

    def _other(self, drug: str) -> None:
        record = self.record
        day = dated("authoredOn", self.first + record.draws.below(200), None)
        head = '"status":"active","intent":"order",'
        record.add("MedicationRequest", f'{head}"medicationCodeableConcept":{drug},{record.subject}{day}')

    def weigh(self, day: int) -> None:
        """A weight of a day."""
        gauge = self.plan.gauges["weight"]
        measure(self.record, self.plan, gauge, self._kilograms(day), day)

    def _kilograms(self, day: int) -> int:
        weight = self.plan.bodies.weight_kg(self.person, day) * (1 + 0.02 * self.record.draws.normal())
        return max(5, round(weight * 10))

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
        self.weigh(day - draws.below(20))

    def courses(self, days: list[int]) -> None:
        """Requests on ``days``, each with its measurements and its form."""
        draws, plan, disease = self.record.draws, self.plan, self.disease
        new = draws.chance(plan.shares["new_patients"])
        wanted = draws.pick(disease.met if draws.chance(plan.shares["qualifying"]) else disease.unmet)
        onset = days[0] - self._since(wanted, new=new)
        condition = diagnose(self.record, plan, disease, onset, min(days[0], onset + draws.below(60)))
        site, dose = plan.sites.one(draws), self._dose()
        earlier: str | None = None
        for at, day in enumerate(days):
            self._measure_height(day, days[at - 1] if at else None)
            self.visit(day, wanted, is_first=at == 0)
            fill_form(self.record, plan, wanted, day, self._asked(continuing=bool(at) or not new))
            status = self._status(day, last=at == len(days) - 1)
            earlier = order(
                self.record, plan, Ask(day, disease, dose, site, self._kilograms(day) / 10, status, condition, earlier)
            )

    def _measure_height(self, day: int, before: int | None) -> None:
        """A height at the first request, and whenever it has become too old."""
        if before is None or (day - self.first) // _HEIGHT_EVERY > (before - self.first) // _HEIGHT_EVERY:
            height = round(self.plan.bodies.height_cm(self.person, day))
            measure(self.record, self.plan, self.plan.gauges["height"], height, day - self.record.draws.below(60))

    def _since(self, wanted: Wanted, *, new: bool) -> int:
        """Days from the beginning of the disease to the first request."""
        draws = self.record.draws
        if wanted.onset is not None:
            return draws.between(wanted.onset.low, wanted.onset.high)
        return draws.between(1, 60) if new else draws.between(200, _LONGEST_DAYS)

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
