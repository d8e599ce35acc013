"""Which indications a request names, and whether the record bears them out.

The indication judged is the one requested; the problem list only corroborates or contradicts it. A more general code, a
provisional or past diagnosis and a contradiction leave it unknown whether the patient has the indication.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ivigil.facts import Case, Coding, Diagnosis, Exactly, Reason, Request, Settled, Statement
from ivigil.facts.case import each_once
from ivigil.facts.extent import period
from ivigil.facts.when import When
from ivigil.knowledge import Indication, Library, has
from ivigil.review.said import Names

How = Literal["named", "more general", "ambiguous", "contradictory", "in words only", "in doubt", "other words"]
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Match:
    """One indication that a request names, and what the record says of the patient having it."""

    indication: Indication
    reason: Reason
    established: Settled
    how: str
    onset: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Named:
    """An indication that a reason may mean, and how surely."""

    id: str
    how: How
    doubt: str | None = None


@dataclass(frozen=True)
class Matching:
    """What a request asks for: indications that have an id, reasons that have none, and reasons that are void."""

    matches: tuple[Match, ...]
    unlisted: tuple[Reason, ...]
    void: tuple[Reason, ...]


class Matcher:
    """Finds indications by id, code or name."""

    def __init__(self, library: Library) -> None:
        """Index the codes and names of all indications."""
        self.library = library
        self._codes: dict[tuple[str, str, str], set[str]] = {}
        self.names = Names(library)
        for indication in library.indications.values():
            self._codes.setdefault(("names", "ivigil", indication.id), set()).add(indication.id)
            for role in ("names", "broader", "excludes"):
                for code in getattr(indication, role):
                    self._codes.setdefault((role, code.system, code.code), set()).add(indication.id)

    def roles(self, codings: tuple[Coding, ...], role: str) -> set[str]:
        """The indications for which one of ``codings`` has ``role``."""
        found: set[str] = set()
        for coding in codings:
            found |= self._codes.get((role, coding.system, coding.code), _NONE)
        return found

    def named(self, reason: Reason) -> list[Named]:
        """The indications that a reason may mean."""
        if reason.indication is not None:
            return [Named(reason.indication, "named")]
        exact, excluded = self.roles(reason.codings, "names"), self.roles(reason.codings, "excludes")
        if exact:
            return [self._coded(one, exact, excluded, reason) for one in sorted(exact)]
        broader = self.roles(reason.codings, "broader")
        if broader or excluded:
            return [Named(one, "more general") for one in sorted(broader - excluded)]
        return self._in_words(reason)

    def _coded(self, named: str, exact: set[str], excluded: set[str], reason: Reason) -> Named:
        """An indication that a code names, as surely as the other codes and the words beside it allow."""
        said = self.names.said(reason.text).ids
        if named in excluded:
            return Named(named, "contradictory")
        if said and named not in said:
            return Named(named, "other words")
        if self.names.doubted(reason.text):
            return Named(named, "in doubt", "with words that put it in doubt")
        return Named(named, "named" if len(exact) == 1 else "ambiguous")

    def _in_words(self, reason: Reason) -> list[Named]:
        """The indications that a reason names in words; codes that ivigil does not know may say something else."""
        texts = (reason.text, *(coding.display for coding in reason.codings))
        spoken = [said for text in texts if (said := self.names.said(text)).ids]
        found = {one for said in spoken for one in said.ids}
        doubt = next((said.doubt for said in spoken if said.doubt), None)
        if len(found) > 1:
            return [Named(one, "ambiguous") for one in sorted(found)]
        how: How = "in doubt" if doubt else "in words only" if reason.codings else "named"
        return [Named(one, how, doubt) for one in found]

    def matching(self, case: Case, request: Request, settled: Mapping[str, Settled]) -> Matching:
        """What ``request`` asks for, given the problem list and answers of ``case``."""
        matches: dict[str, Match] = {}
        unlisted: list[Reason] = []
        void = tuple(reason for reason in request.reasons if reason.state == "refuted")
        for reason in request.reasons:
            if reason in void or not (reason.indication or reason.codings or reason.text):
                continue
            named = self.named(reason)
            if not named:
                unlisted.append(reason)
            for one in named:
                match = self._match(one, reason, case, settled, request.authored)
                if one.id not in matches or _better(match, matches[one.id]):
                    matches[one.id] = match
        return Matching(tuple(matches[key] for key in sorted(matches)), tuple(unlisted), void)

    def _match(
        self, named: Named, reason: Reason, case: Case, settled: Mapping[str, Settled], authored: When | None
    ) -> Match:
        indication = self.library.indications[named.id]
        how = _how_words(named, indication, reason)
        requested = _requested(named, reason, how, authored)
        established = _established(requested, list(self._recorded(named.id, case)))
        answer = settled.get(has(named.id))
        if answer is not None and answer.why_unknown in _ANSWERS:
            established = _answered(answer, established)
        onset = tuple(_onsets(reason, self.listed(named.id, case)))
        return Match(indication, reason, established, how, onset)

    def listed(self, indication_id: str, case: Case) -> list[Diagnosis]:
        """The diagnoses on the problem list that name the indication."""
        return [
            diagnosis
            for diagnosis in case.diagnoses
            if diagnosis.indication == indication_id or indication_id in self.roles(diagnosis.codings, "names")
        ]

    def also_listed(self, case: Case, requested: set[str]) -> tuple[str, ...]:
        """What the problem list confirms that names an indication which the request does not ask for."""
        return tuple(
            f"{diagnosis.origin}: the problem list also holds {_words(diagnosis)}; the request does not ask for it."
            for diagnosis in case.diagnoses
            if diagnosis.state == "confirmed"
            and (named := self._ids(diagnosis))
            and not named & requested
            and not self.names.doubted(diagnosis.text)
        )

    def _ids(self, diagnosis: Diagnosis) -> set[str]:
        own = {diagnosis.indication} if diagnosis.indication else set()
        return own | self.roles(diagnosis.codings, "names")

    def _recorded(self, indication_id: str, case: Case) -> Iterator[Statement]:
        """What the problem list says of the patient having the indication: yes, no, or doubtful."""
        fact = has(indication_id)
        for diagnosis in self.listed(indication_id, case):
            says = {"confirmed": Exactly(True), "refuted": Exactly(False)}.get(diagnosis.state)
            says = None if self.names.doubted(diagnosis.text) else says
            written = f"{_words(diagnosis)} {diagnosis.state.replace('-', ' ')}"
            yield Statement(fact, says, written, diagnosis.origin, diagnosis.when)
        for diagnosis in case.diagnoses:
            if diagnosis.state == "confirmed" and indication_id in self.roles(diagnosis.codings, "excludes"):
                written = f"{_words(diagnosis)}, another disease"
                yield Statement(fact, Exactly(False), written, diagnosis.origin, diagnosis.when)


# An answer to the question whether the diagnosis is established counts, also where it is "unknown" or there are two.
_ANSWERS = (None, "conflicting", "recorded as unknown")


def _requested(named: Named, reason: Reason, how: str, authored: When | None) -> Statement:
    """What the request itself says: a confirmed reason that names the indication asserts it."""
    fact = has(named.id)
    if reason.state != "confirmed":
        return Statement(fact, None, f"{how}, {reason.state.replace('-', ' ')}", reason.origin, authored)
    return Statement(fact, Exactly(True) if named.how == "named" else None, how, reason.origin, authored)


def _established(requested: Statement, recorded: list[Statement]) -> Settled:
    """Whether the patient has the indication.

    What speaks for it and against it must not disagree, and a doubt (a general code, a provisional or past diagnosis)
    is lifted only by a diagnosis that the record confirms, and not by one of long before.
    """
    used = each_once((requested, *recorded))
    values = {statement.says for statement in used if statement.says is not None}
    doubted = any(statement.says is None for statement in used)
    confirmed = any(statement.says == Exactly(True) for statement in recorded) and not _doubted_since(recorded)
    if len(values) > 1:
        return Settled(requested.fact, None, used, (), "conflicting")
    if not values or (doubted and not confirmed):
        return Settled(requested.fact, None, used, (), "partly known")
    return Settled(requested.fact, values.pop(), used, (), None)


def _doubted_since(recorded: list[Statement]) -> bool:
    """Whether the record came to doubt the diagnosis after it last confirmed it, where both are dated."""
    doubts = [one.when.first for one in recorded if one.says is None and one.when]
    confirmed = [one.when.last for one in recorded if one.says == Exactly(True) and one.when]
    undated = any(one.says == Exactly(True) and one.when is None for one in recorded)
    return bool(doubts and confirmed) and not undated and max(doubts) > max(confirmed)


def _answered(answer: Settled, established: Settled) -> Settled:
    """The answer whether the diagnosis is established; a "no" does not outweigh a request that says yes."""
    if answer.extent == Exactly(False) and established.known:
        return Settled(answer.fact, None, (*established.used, *answer.used), answer.set_aside, "conflicting")
    return answer


def _onsets(reason: Reason, listed: list[Diagnosis]) -> Iterator[Statement]:
    for origin, onset in [
        (reason.origin, reason.onset),
        *((one.origin, one.onset) for one in listed if one.state != "refuted"),
    ]:
        if onset is not None:
            yield Statement("onset_date", period(onset.first, onset.last), str(onset), origin)


def _how_words(named: Named, indication: Indication, reason: Reason) -> str:
    requested = f"requested as {reason}"
    if named.how == "named":
        return requested
    doubts: dict[How, str] = {
        "more general": f"which is more general than {indication.name}",
        "ambiguous": "which names several indications",
        "contradictory": "whose codes also name another disease",
        "in words only": "which names it in words beside codes that are not known",
        "in doubt": f"which names it {named.doubt}",
        "other words": "whose words name another disease than its code",
    }
    return f"{requested}, {doubts[named.how]}"


def _words(diagnosis: Diagnosis) -> str:
    return diagnosis.text or ", ".join(str(coding) for coding in diagnosis.codings) or "a condition"


def _better(one: Match, other: Match) -> bool:
    return one.established.known and not other.established.known
