"""What is known of one case: statements with date and origin, requests, diagnoses, and what was not used."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal, Protocol, TypeVar

from ivigil.facts.codes import Coding
from ivigil.facts.extent import Extent, stable
from ivigil.facts.when import When

DiagnosisState = Literal["confirmed", "provisional", "refuted", "not-current"]


class _Ordered(Protocol):
    """Something read; ``head`` is what its order begins with, and seldom leaves two alike."""

    @property
    def head(self) -> tuple[str, ...]: ...

    @property
    def order(self) -> tuple[Any, ...]: ...  # Any: texts, or tuples of them


_Found = TypeVar("_Found", bound=_Ordered)


def arranged(found: Sequence[_Found]) -> Sequence[_Found]:
    """``found`` by its order."""
    by_head = _by_head(found)
    return sorted(found, key=lambda one: one.order) if by_head is None else by_head


def each_once(found: Sequence[_Found]) -> tuple[_Found, ...]:
    """Each of ``found`` once, by its order."""
    by_head = _by_head(found)
    return tuple(sorted(set(found), key=lambda one: one.order) if by_head is None else by_head)


def _by_head(found: Sequence[_Found]) -> Sequence[_Found] | None:
    """``found`` by the head of its order, as the whole order is dear; ``None`` where the head leaves two alike."""
    if len(found) <= 1:
        return found
    heads = [one.head for one in found]
    if len(set(heads)) < len(heads):
        return None
    return [found[place] for place in sorted(range(len(heads)), key=heads.__getitem__)]


class Standing(IntEnum):
    """How much weight a statement has; a higher one is preferred whatever the dates."""

    PRELIMINARY = 0
    FINAL = 1


@dataclass(frozen=True)
class Statement:
    """One thing a record says of one fact. ``says`` is ``None`` where the record states that it is not known.

    ``follows_from`` holds the statements that a derived value was worked out from; a record's own has none.
    """

    fact: str
    says: Extent | None
    written: str
    origin: str
    when: When | None = None
    standing: Standing = Standing.FINAL
    undated_is_current: bool = False
    follows_from: tuple[Statement, ...] = ()

    def __hash__(self) -> int:
        # Of two statements that agree in these, hardly ever anything else differs.
        return hash((self.fact, self.origin, self.written))

    def rests_on(self, facts: Collection[str]) -> bool:
        """Whether one of the statements behind it is on one of ``facts``."""
        if not self.follows_from:
            return self.fact in facts
        return any(one.rests_on(facts) for one in self.follows_from)

    @property
    def roots(self) -> tuple[Statement, ...]:
        """The statements of the record that stand behind it, each once: itself where nothing else does."""
        if not self.follows_from:
            return (self,)
        return tuple(dict.fromkeys(root for one in self.follows_from for root in one.roots))

    @property
    def head(self) -> tuple[str, ...]:
        """What its order begins with."""
        return self.fact, str(self.when), self.origin, self.written

    @property
    def order(self) -> tuple[str, ...]:
        """A key that does not depend on the order of the record and tells all statements apart."""
        moment = str(self.when.moment) if self.when else ""
        return *self.head, stable(self.says), moment, str(self.standing), str(self.undated_is_current)


@dataclass(frozen=True)
class Reason:
    """One indication that a request names: by id, by codes, by words, or through a recorded condition."""

    origin: str
    indication: str | None = None
    codings: tuple[Coding, ...] = ()
    text: str | None = None
    state: DiagnosisState = "confirmed"
    onset: When | None = None

    def __str__(self) -> str:
        """The reason as a reader would cite it."""
        codes = ", ".join(str(coding) for coding in self.codings)
        words = f"{self.text} [{codes}]" if self.text and codes else self.text or codes or "no words"
        return self.indication or words

    @property
    def head(self) -> tuple[str, ...]:
        """What its order begins with."""
        return str(self), self.origin

    @property
    def order(self) -> tuple[str, ...]:
        """A key that does not depend on the order of the record."""
        return *self.head, self.state, repr(self.onset)


@dataclass(frozen=True)
class Diagnosis:
    """A condition on the problem list and what the record says of its state."""

    origin: str
    codings: tuple[Coding, ...]
    text: str | None
    state: DiagnosisState
    when: When | None = None
    indication: str | None = None
    onset: When | None = None

    @property
    def head(self) -> tuple[str, ...]:
        """What its order begins with."""
        return self.origin, self.state

    @property
    def order(self) -> tuple[str, ...]:
        """A key that does not depend on the order of the record."""
        what = (repr(self.codings), str(self.text), str(self.indication))
        return *self.head, *what, repr(self.when), repr(self.onset)


@dataclass(frozen=True)
class Request:
    """One request for immunoglobulin. ``medication_named`` is false for a draft that does not yet say which drug."""

    origin: str
    authored: When | None = None
    medication_named: bool = True
    medication: str | None = None
    reasons: tuple[Reason, ...] = ()
    statements: tuple[Statement, ...] = ()

    @property
    def head(self) -> tuple[str, ...]:
        """What its order begins with."""
        return (self.origin,)

    @property
    def order(self) -> tuple[tuple[str, ...], ...]:
        """A key that does not depend on the order of the record."""
        own = (self.origin, repr(self.authored), str(self.medication_named), str(self.medication))
        return own, *(one.order for one in self.reasons), *(one.order for one in self.statements)


@dataclass(frozen=True, order=True)
class Unused:
    """Something in the record that was not used, why, how often and where."""

    what: str
    why: str
    count: int
    origins: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """Everything read of one patient and the requests made for them; nothing is chosen or dropped yet.

    ``patient`` is how the record refers to them, where it does.
    """

    name: str
    statements: tuple[Statement, ...] = ()
    requests: tuple[Request, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    unused: tuple[Unused, ...] = ()
    warnings: tuple[str, ...] = ()
    patient: str | None = None
