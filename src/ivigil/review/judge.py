"""Judging one case: one decision for each indication of each request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from ivigil.criteria import Truth, ValueClass, conjunction, described, evaluate, facts_of
from ivigil.criteria.forest import Residual
from ivigil.facts import Case, Exactly, Extent, Fact, Reason, Request, Settled, Unused, derive, settle, warnings_of
from ivigil.knowledge import Appraisal, Claim, Criterion, Library, RuleSet, Source, VerdictName, VerdictRow, has
from ivigil.review.compiled import ORDERED, Compiled, compile_appraisal, verdicts_of
from ivigil.review.decision import (
    Change,
    CriterionResult,
    Decision,
    DoseCheck,
    FactShown,
    MayStart,
    Missing,
    Outcome,
)
from ivigil.review.dose_check import check_dose
from ivigil.review.match import Match, Matcher

_NEVER_STARTS = frozenset({"avoid", "not-supported", "out-of-scope", "panel-review"})


INDICATION = Fact(
    "request_indication", "Indication asked for", "code", "request", "For which indication is immunoglobulin asked?"
)


class Judge:
    """Judges cases under one library; each appraisal is compiled once, when it is first needed."""

    def __init__(self, library: Library) -> None:
        """Prepare to judge."""
        self.library = library
        self.matcher = Matcher(library)
        self._compiled: dict[tuple[str, str], Compiled] = {}
        self._rows = {row.id: row for row in library.verdicts.rows}

    def decide(self, case: Case, rules: RuleSet, today: date) -> tuple[Decision, ...]:
        """The decisions on ``case`` under ``rules`` as of ``today``, in a stable order; never none."""
        if not case.requests:
            return (self._nothing_asked(case, None, rules, today, ()),)
        return tuple(decision for request in case.requests for decision in self._requested(case, request, rules, today))

    def _requested(self, case: Case, request: Request, rules: RuleSet, today: date) -> Iterator[Decision]:
        known = self._known(case, request, (), today)
        matching = self.matcher.matching(case, request, known)
        void = tuple(
            f"{reason}: the request's reason is refuted, so it names no indication." for reason in matching.void
        )
        if not matching.matches and not matching.unlisted:
            yield self._nothing_asked(case, request, rules, today, void)
            return
        for match in matching.matches:
            appraisal = rules.appraisals.get(match.indication.id)
            if appraisal is None:
                yield self._unlisted(case, request, match, rules, today)
            else:
                facts = self._known(case, request, match.onset, today) if match.onset else dict(known)
                question = _Question(case, request, match, appraisal, rules, today, facts)
                yield _Judging(self, question).decision(void)
        for reason in matching.unlisted:
            yield self._unlisted(case, request, reason, rules, today)

    def _known(self, case: Case, request: Request | None, more: tuple, today: date) -> dict[str, Settled]:  # type: ignore[type-arg] # statements
        stated = request.statements if request else ()
        catalogue = self.library.askable
        return derive(settle([*case.statements, *stated, *more], catalogue, today), catalogue, today)

    def compiled(self, rules: RuleSet, appraisal: Appraisal) -> Compiled:
        """The diagrams of an appraisal."""
        key = (rules.head.id, appraisal.indication)
        if key not in self._compiled:
            self._compiled[key] = compile_appraisal(appraisal, self.library)
        return self._compiled[key]

    def row(self, row_id: str) -> VerdictRow:
        """A row of the verdict table."""
        return self._rows[row_id]

    def _row_where(self, **columns: str) -> VerdictRow:
        """The row that holds for column values that need no facts."""
        given = {name: Exactly(value) for name, value in columns.items()}
        for row in self.library.verdicts.rows:
            if evaluate(self.library.column_trees[row.when], given).truth is Truth.MET:
                return row
        message = f"the verdict table has no row for {columns}"
        raise LookupError(message)

    def _nothing_asked(
        self, case: Case, request: Request | None, rules: RuleSet, today: date, warnings: tuple[str, ...]
    ) -> Decision:
        asked = (*self._drug_asked(request, self._known(case, request, (), today)), _asking(INDICATION))
        row = self._row_where(asked="nothing")
        decision = self._plain(case, request, rules, today, row)
        return replace(decision, missing=asked, warnings=tuple(sorted({*decision.warnings, *warnings})))

    def _unlisted(self, case: Case, request: Request, asked: Reason | Match, rules: RuleSet, today: date) -> Decision:
        """A request for something of which the rule set does not speak, or whose drug is still open."""
        missing = self._drug_asked(request, self._known(case, request, (), today))
        row = self._row_where(asked="indication", standing="unlisted")
        decision = self._plain(case, request, rules, today, row)
        match = asked if isinstance(asked, Match) else None
        reason = asked.reason if isinstance(asked, Match) else asked
        named = replace(decision, asked=reason, match=match, indication=match.indication if match else None)
        if not missing:
            return named
        nothing = self._row_where(asked="nothing")
        reachable = (nothing.verdict, row.verdict)
        return replace(named, verdict="needs-information", reachable=reachable, row=None, missing=missing)

    def _drug_asked(self, request: Request | None, known: Mapping[str, Settled]) -> tuple[Missing, ...]:
        """Whether immunoglobulin is what is ordered, when a draft does not say so."""
        if request is None or request.medication_named or evaluate_fact(_extent(known, ORDERED)) is Truth.MET:
            return ()
        return (_asking(self.library.askable[ORDERED]),)

    def _plain(self, case: Case, request: Request | None, rules: RuleSet, today: date, row: VerdictRow) -> Decision:
        """A decision for which no appraisal is needed."""
        known = self._known(case, request, (), today)
        return Decision(
            case=case.name,
            today=today,
            rules=rules,
            knowledge_hash=self.library.hash,
            request=request,
            asked=None,
            match=None,
            indication=None,
            appraisal=None,
            standing="unlisted",
            verdict=row.verdict,
            reachable=(row.verdict,),
            row=row,
            criteria=(),
            missing=(),
            changes=(),
            may_start=MayStart(Truth.NOT_MET),
            dose=DoseCheck("not-stated"),
            alternatives=(),
            claims=(),
            sources=(self.library.sources[rules.head.source],),
            warnings=self.warnings(case, known, ()),
            ignored=ignored(case, known),
        )

    def warnings(self, case: Case, known: Mapping[str, Settled], more: Iterable[str]) -> tuple[str, ...]:
        """Everything a reader should be warned of, each once, in a stable order."""
        found = {*case.warnings, *warnings_of(self.library.askable, known), *more, *self.library.notes}
        return tuple(sorted(found))


def _asking(fact: Fact) -> Missing:
    """A question whose answer comes before any rule."""
    return Missing(FactShown(fact, Settled(fact.id)), ())


def _extent(known: Mapping[str, Settled], fact: str) -> Extent | None:
    return known[fact].extent if fact in known else None


def ignored(case: Case, known: Mapping[str, Settled]) -> tuple[Unused, ...]:
    """What was read and not used: whole resources, and values set aside in settling a fact."""
    aside = [
        Unused(one.fact, f"{set_aside.statement.written}: {set_aside.why}", 1, (set_aside.statement.origin,))
        for one in known.values()
        for set_aside in one.set_aside
    ]
    return tuple(sorted({*case.unused, *aside}))


@dataclass(frozen=True)
class _Question:
    """One indication of one request under one appraisal, and every fact as it is known."""

    case: Case
    request: Request
    match: Match
    appraisal: Appraisal
    rules: RuleSet
    today: date
    known: dict[str, Settled]


class _Judging:
    """The answer to one question."""

    def __init__(self, judge: Judge, question: _Question) -> None:
        self.judge, self.question = judge, question
        self.request, self.match, self.appraisal = question.request, question.match, question.appraisal
        self.library = judge.library
        self.compiled = judge.compiled(question.rules, question.appraisal)
        self.known = question.known
        self.known[has(self.match.indication.id)] = self.match.established
        if self.request.medication_named:
            self.known[ORDERED] = Settled(ORDERED, Exactly(True), why_unknown=None)
        self.extents: dict[str, Extent | None] = {fact: one.extent for fact, one in self.known.items()}
        self.allowed = list(self.compiled.variables.allowed(self.extents))
        self.residual = self.compiled.residual(self.compiled.verdicts, self.allowed)

    def decision(self, warnings: tuple[str, ...]) -> Decision:
        reachable = self._ordered(verdicts_of(self.residual))
        verdict: VerdictName = reachable[0] if len(reachable) == 1 else "needs-information"
        rows = self.compiled.residual(self.compiled.rows, self.allowed).labels
        standings = self.compiled.residual(self.compiled.standings, self.allowed).labels - {"unlisted"}
        dose = check_dose(self.appraisal, self.known, self.library)
        claims = tuple(self.library.claims[one] for one in dict.fromkeys(self.appraisal.claims))
        return Decision(
            case=self.question.case.name,
            today=self.question.today,
            rules=self.question.rules,
            knowledge_hash=self.library.hash,
            request=self.request,
            asked=self.match.reason,
            match=self.match,
            indication=self.match.indication,
            appraisal=self.appraisal,
            standing=str(next(iter(standings))) if len(standings) == 1 else self.appraisal.standing,
            verdict=verdict,
            reachable=reachable,
            row=self.judge.row(str(next(iter(rows)))) if len(rows) == 1 else None,
            criteria=tuple(self._criterion(one) for one in self._top()),
            missing=self._missing(),
            changes=self._changes(verdict),
            may_start=self._may_start(verdict),
            dose=dose,
            alternatives=tuple((one, self._truth(one.when)) for one in self.appraisal.alternatives),
            claims=claims,
            sources=self._sources(claims),
            warnings=self.judge.warnings(self.question.case, self.known, (*dose.warnings, *warnings)),
            ignored=ignored(self.question.case, self.known),
        )

    def _ordered(self, verdicts: frozenset[VerdictName]) -> tuple[VerdictName, ...]:
        """Verdicts in the order of the table."""
        order = dict.fromkeys(row.verdict for row in self.library.verdicts.rows)
        return tuple(verdict for verdict in order if verdict in verdicts)

    def _top(self) -> tuple[Criterion, ...]:
        """The criteria to show first: the members of an outermost *all of*, else the one criterion."""
        criteria = self.appraisal.criteria
        if criteria is None:
            return ()
        return criteria.all_of if criteria.all_of and criteria.applies_when is None else (criteria,)

    def _criterion(self, criterion: Criterion) -> CriterionResult:
        residual = self.compiled.residual(self.compiled.criteria[criterion.id], self.allowed)
        labels = residual.labels
        truth = next(iter(labels)) if len(labels) == 1 else Truth.UNKNOWN
        texts = [text for text in (criterion.applies_when, criterion.rule) if text]
        facts = dict.fromkeys(fact for text in texts for fact in facts_of(self.library.trees[text]))
        trace = evaluate(self.library.trees[criterion.rule], self.extents) if criterion.rule else None
        members = tuple(self._criterion(member) for member in (*criterion.all_of, *criterion.any_of))
        shown = tuple(self.shown(fact) for fact in facts)
        return CriterionResult(criterion, truth if isinstance(truth, Truth) else Truth.UNKNOWN, shown, trace, members)

    def shown(self, fact: str) -> FactShown:
        """A fact as it is known."""
        return FactShown(self.library.askable[fact], self.known.get(fact) or Settled(fact))

    def _missing(self) -> tuple[Missing, ...]:
        """The relevant unknowns, the most decisive first, then in the order in which they are asked for."""
        found = [self._missing_at(level) for level in sorted(self.residual.support())]
        return tuple(sorted(found, key=lambda missing: (-missing.settles, missing.leaves)))

    def _missing_at(self, level: int) -> Missing:
        return Missing(self.shown(self.compiled.facts[level]), self._outcomes(level, self.residual))

    def _outcomes(self, level: int, residual: Residual) -> tuple[Outcome, ...]:
        """What each class of a fact leads to; classes with the same consequence are put together."""
        part = self.compiled.variables.partitions[level]
        fact = self.library.askable[part.fact]
        together: dict[tuple[VerdictName, ...], list[ValueClass]] = {}
        for index, labels in residual.by_class(level).items():
            together.setdefault(self._ordered(labels), []).append(part.classes[index])  # type: ignore[arg-type] # verdicts
        return tuple(
            Outcome(" or ".join(described(one, fact) for one in classes), verdicts)
            for verdicts, classes in together.items()
        )

    def _changes(self, verdict: VerdictName) -> tuple[Change, ...]:
        """Known facts that would lead to another verdict if they were otherwise."""
        if verdict == "needs-information":
            return ()
        return tuple(change for level in range(len(self.allowed)) if (change := self._change(level, verdict)))

    def _change(self, level: int, verdict: VerdictName) -> Change | None:
        part = self.compiled.variables.partitions[level]
        if part.fact == ORDERED or part.fact not in self.known or self.extents.get(part.fact) is None:
            return None
        freed = [*self.allowed[:level], tuple(range(len(part.classes))), *self.allowed[level + 1 :]]
        outcomes = self._outcomes(level, self.compiled.residual(self.compiled.verdicts, freed))
        others = tuple(one for one in outcomes if one.verdicts != (verdict,))
        return Change(self.shown(part.fact), others) if others else None

    def _truth(self, rule: str | None) -> Truth:
        return Truth.MET if rule is None else evaluate(self.library.trees[rule], self.extents).truth

    def _may_start(self, verdict: VerdictName) -> MayStart:
        urgency = self.appraisal.urgency
        if urgency is None or verdict in _NEVER_STARTS:
            return MayStart(Truth.NOT_MET)
        established = evaluate_fact(self.extents.get(has(self.match.indication.id)))
        truth = conjunction((established, self._truth(urgency.when)))
        unknown = facts_of(self.library.trees[urgency.when]) if urgency.when else ()
        asked = (has(self.match.indication.id), *unknown)
        needs = (
            tuple(self.shown(fact) for fact in asked if self.extents.get(fact) is None)
            if truth is Truth.UNKNOWN
            else ()
        )
        return MayStart(truth, urgency.text, needs)

    def _sources(self, claims: tuple[Claim, ...]) -> tuple[Source, ...]:
        """Every source that the answer leans on, the rule set's own first."""
        ids = [self.question.rules.head.source, self.appraisal.passage.source]
        ids += [claim.check.source for claim in claims if claim.check.source]
        return tuple(self.library.sources[one] for one in dict.fromkeys(ids))


def evaluate_fact(extent: Extent | None) -> Truth:
    """The truth of a fact that is itself a truth."""
    if not isinstance(extent, Exactly):
        return Truth.UNKNOWN
    return Truth.MET if extent.value is True else Truth.NOT_MET
