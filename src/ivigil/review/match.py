"""Which indications a request names, and whether the record bears them out.

The indication judged is the one requested; the problem list only corroborates or contradicts it. A more general code, a
provisional or past diagnosis and a contradiction leave it unknown whether the patient has the indication.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ivigil.facts import Case, Coding, Diagnosis, Exactly, Reason, Request, Settled, Statement
from ivigil.facts.extent import period
from ivigil.facts.readers.vocabulary import plain_words
from ivigil.knowledge import Indication, Library, has

How = Literal["named", "more general", "ambiguous"]


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
        self._codes: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._names: dict[str, str] = {}
        for indication in library.indications.values():
            for role in ("names", "broader", "excludes"):
                for code in getattr(indication, role):
                    self._codes.setdefault((code.system, code.code), []).append((role, indication.id))
            for name in (indication.id, indication.name, *indication.synonyms):
                self._names[plain_words(name)] = indication.id

    def roles(self, codings: tuple[Coding, ...], role: str) -> set[str]:
        """The indications for which one of ``codings`` has ``role``."""
        return {
            found
            for coding in codings
            for kind, found in self._codes.get((coding.system, coding.code), ())
            if kind == role
        } | ({coding.code for coding in codings if role == "names" and coding.system == "ivigil"} & set(self.library.indications))

    def named(self, reason: Reason) -> list[Named]:
        """The indications that a reason may mean."""
        if reason.indication is not None:
            return [Named(reason.indication, "named")]
        exact = self.roles(reason.codings, "names")
        if not exact and not any(self.roles(reason.codings, role) for role in ("broader", "excludes")):
            name = self._names.get(plain_words(reason.text or ""))
            exact = {name} if name and not reason.codings else set()
        if exact:
            return [Named(one, "named" if len(exact) == 1 else "ambiguous") for one in sorted(exact)]
        broader = self.roles(reason.codings, "broader") - self.roles(reason.codings, "excludes")
        return [Named(one, "more general") for one in sorted(broader)]

    def matching(self, case: Case, request: Request, settled: Mapping[str, Settled]) -> Matching:
        """What ``request`` asks for, given the problem list and answers of ``case``."""
        matches: dict[str, Match] = {}
        unlisted: list[Reason] = []
        void = tuple(reason for reason in request.reasons if reason.state == "refuted")
        for reason in request.reasons:
            if reason in void:
                continue
            named = self.named(reason)
            if not named:
                unlisted.append(reason)
            for one in named:
                match = self._match(one, reason, case, settled)
                if one.id not in matches or _better(match, matches[one.id]):
                    matches[one.id] = match
        return Matching(tuple(matches[key] for key in sorted(matches)), tuple(unlisted), void)

    def _match(self, named: Named, reason: Reason, case: Case, settled: Mapping[str, Settled]) -> Match:
        indication = self.library.indications[named.id]
        evidence = list(self._evidence(named, reason, case))
        answered = settled.get(has(named.id))
        established = answered if answered is not None and answered.known else _established(named.id, evidence)
        onset = tuple(_onsets(reason, self.listed(named.id, case)))
        return Match(indication, reason, established, _how_words(named, indication, reason), onset)

    def listed(self, indication_id: str, case: Case) -> list[Diagnosis]:
        """The diagnoses on the problem list that name the indication."""
        return [
            diagnosis
            for diagnosis in case.diagnoses
            if diagnosis.indication == indication_id or indication_id in self.roles(diagnosis.codings, "names")
        ]

    def _evidence(self, named: Named, reason: Reason, case: Case) -> Iterator[Statement]:
        """Each thing that speaks for (true), against (false) or leaves open (unknown) that the patient has it."""
        fact = has(named.id)
        listed = self.listed(named.id, case)
        for diagnosis in listed:
            says = {"confirmed": Exactly(True), "refuted": Exactly(False)}.get(diagnosis.state)
            written = f"{_words(diagnosis)} {diagnosis.state.replace('-', ' ')}"
            yield Statement(fact, says, written, diagnosis.origin, diagnosis.when)
        for diagnosis in case.diagnoses:
            if diagnosis.state == "confirmed" and named.id in self.roles(diagnosis.codings, "excludes"):
                yield Statement(fact, Exactly(False), f"{_words(diagnosis)}, another disease", diagnosis.origin, diagnosis.when)
        if reason.state != "confirmed":
            yield Statement(fact, None, f"{reason} {reason.state.replace('-', ' ')}", reason.origin)
        elif named.how == "named":
            yield Statement(fact, Exactly(True), f"requested as {reason}", reason.origin)
        else:
            yield Statement(fact, None, f"{reason} is {_how(named.how)}", reason.origin)


def _how(how: How) -> str:
    return {"more general": "more general", "ambiguous": "a name of several indications", "named": "the indication"}[how]


def _established(indication_id: str, evidence: list[Statement]) -> Settled:
    """Whether the patient has the indication: what speaks for and against must agree, and doubt needs a confirmation."""
    fact = has(indication_id)
    used = tuple(sorted(set(evidence), key=lambda statement: statement.order))
    values = {statement.says for statement in used if statement.says is not None}
    doubted = any(statement.says is None for statement in used)
    confirmed_elsewhere = any(one.says == Exactly(True) and not one.written.startswith("requested as") for one in used)
    if len(values) == 1 and (not doubted or confirmed_elsewhere or values == {Exactly(False)}):
        return Settled(fact, values.pop(), used, (), None)
    return Settled(fact, None, used, (), "conflicting" if len(values) > 1 else "not recorded")


def _onsets(reason: Reason, listed: list[Diagnosis]) -> Iterator[Statement]:
    for origin, onset in [(reason.origin, reason.onset), *((one.origin, one.onset) for one in listed if one.state != "refuted")]:
        if onset is not None:
            yield Statement("onset_date", period(onset.first, onset.last), str(onset), origin)


def _how_words(named: Named, indication: Indication, reason: Reason) -> str:
    if named.how == "named":
        return f"requested as {reason}"
    if named.how == "ambiguous":
        return f"requested as {reason}, which names several indications"
    return f"requested as {reason}, which is more general than {indication.name}"


def _words(diagnosis: Diagnosis) -> str:
    return diagnosis.text or ", ".join(str(coding) for coding in diagnosis.codings) or "a condition"


def _better(one: Match, other: Match) -> bool:
    return one.established.known and not other.established.known
