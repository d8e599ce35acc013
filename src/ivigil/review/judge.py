"""Judging one case: one decision for each indication of each request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from ivigil.criteria import Truth, evaluate
from ivigil.facts import Case, Exactly, Fact, Reason, Request, Settled, Statement, derive, settle
from ivigil.knowledge import Appraisal, Library, RuleSet, VerdictRow
from ivigil.review.compiled import ORDERED, Compiled, compile_appraisal
from ivigil.review.decision import Decision, FactShown, Missing
from ivigil.review.listed import Question, decide_listed
from ivigil.review.match import Match, Matcher
from ivigil.review.remarks import cited_in, ignored, warnings

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

    def decide(self, case: Case, rules: RuleSet, today: date) -> tuple[Decision, ...]:
        """The decisions on ``case`` under ``rules`` as of ``today``, in a stable order; never none."""
        if not case.requests:
            return (_Unlisted(self, case, None, rules, today).nothing_asked(),)
        return tuple(decision for request in case.requests for decision in self._requested(case, request, rules, today))

    def _requested(self, case: Case, request: Request, rules: RuleSet, today: date) -> Iterator[Decision]:
        unlisted = _Unlisted(self, case, request, rules, today)
        matching = self.matcher.matching(case, request, unlisted.known)
        remarked = tuple(
            f"{reason}: the request's reason is refuted, so it names no indication." for reason in matching.void
        )
        requested = {match.indication.id for match in matching.matches}
        remarked += self.matcher.also_listed(case, requested) if requested or matching.unlisted else ()
        if unlisted.ordered is Truth.NOT_MET or not (matching.matches or matching.unlisted):
            yield unlisted.nothing_asked(remarked)
            return
        for match in matching.matches:
            appraisal = rules.appraisals.get(match.indication.id)
            if appraisal is None:
                yield unlisted.asked(match.reason, match, remarked)
            else:
                known = self.known(case, request, match.onset, today) if match.onset else unlisted.known
                question = Question(case, request, match, appraisal, rules, today, known)
                yield decide_listed(question, self.compiled(rules, appraisal), self.library, remarked)
        for reason in matching.unlisted:
            yield unlisted.asked(reason, None, remarked)

    def known(
        self, case: Case, request: Request | None, more: tuple[Statement, ...], today: date
    ) -> dict[str, Settled]:
        """What is known of a case and of one of its requests, settled and derived."""
        stated = request.statements if request else ()
        catalogue = self.library.askable
        return derive(settle([*case.statements, *stated, *more], catalogue, today), catalogue, today)

    def compiled(self, rules: RuleSet, appraisal: Appraisal) -> Compiled:
        """The diagrams of an appraisal."""
        key = (rules.head.id, appraisal.indication)
        if key not in self._compiled:
            self._compiled[key] = compile_appraisal(appraisal, self.library, rules.head.scope)
        return self._compiled[key]


class _Unlisted:
    """Decisions on one request for which no appraisal is needed."""

    def __init__(self, judge: Judge, case: Case, request: Request | None, rules: RuleSet, today: date) -> None:
        self.judge, self.library = judge, judge.library
        self.case, self.request, self.rules, self.today = case, request, rules, today
        self.known: Mapping[str, Settled] = judge.known(case, request, (), today)

    @property
    def ordered(self) -> Truth:
        """Whether immunoglobulin is what is ordered: a draft may not yet say so."""
        if self.request is None or self.request.medication_named:
            return Truth.MET
        stated = self.known.get(ORDERED)
        if stated is None or not stated.known:
            return Truth.UNKNOWN
        return Truth.MET if stated.extent == Exactly(True) else Truth.NOT_MET

    def nothing_asked(self, remarked: tuple[str, ...] = ()) -> Decision:
        """No request, or none that names an indication."""
        return replace(self._plain(self._row(asked="nothing"), remarked), missing=(*self._drug(), _asking(INDICATION)))

    def asked(self, reason: Reason, match: Match | None, remarked: tuple[str, ...]) -> Decision:
        """A request for something of which the rule set does not speak, or whose drug is still open."""
        row = self._row(asked="indication", scope=self.rules.head.scope, standing="unlisted")
        indication = match.indication if match else None
        differences = self.library.differences_on(indication.id) if indication else ()
        plain = self._plain(row, remarked)
        sources = (*plain.sources, *(self.library.sources[one] for one in dict.fromkeys(cited_in(differences))))
        named = replace(
            plain, asked=reason, match=match, indication=indication, differences=differences, sources=sources
        )
        if not self._drug():
            return named
        reachable = (self._row(asked="nothing").verdict, row.verdict)
        return replace(named, verdict="needs-information", reachable=reachable, row=None, missing=self._drug())

    def _drug(self) -> tuple[Missing, ...]:
        """The question whether immunoglobulin is what is ordered, where that is open."""
        return (_asking(self.library.askable[ORDERED]),) if self.ordered is Truth.UNKNOWN else ()

    def _row(self, **columns: str) -> VerdictRow:
        """The row that holds for column values that need no facts; the table is checked to have exactly one."""
        given = {name: Exactly(value) for name, value in columns.items()}
        trees = self.library.column_trees
        return next(row for row in self.library.verdicts.rows if evaluate(trees[row.when], given).truth is Truth.MET)

    def _plain(self, row: VerdictRow, remarked: tuple[str, ...]) -> Decision:
        return Decision(
            case=self.case.name,
            today=self.today,
            rules=self.rules,
            knowledge_hash=self.library.hash,
            request=self.request,
            verdict=row.verdict,
            reachable=(row.verdict,),
            row=row,
            sources=(self.library.sources[self.rules.head.source],),
            warnings=warnings(self.library, self.case, self.known, remarked),
            ignored=ignored(self.case, self.known),
        )


def _asking(fact: Fact) -> Missing:
    """A question whose answer comes before any rule."""
    return Missing(FactShown(fact, Settled(fact.id)), ())
