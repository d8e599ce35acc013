"""What a fact is: its kind, unit, plausible range, question, codes and how it is found in a record."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

Kind = Literal["truth", "quantity", "count", "code", "date"]
System = Literal["loinc", "snomed", "icd-10", "icd-10-cm", "atc", "rxnorm", "orpha"]
Place = Literal[
    "Patient.birthDate",
    "Patient.gender",
    "Observation",
    "Condition",
    "Procedure",
    "MedicationStatement",
    "MedicationAdministration",
    "AllergyIntolerance",
    "FamilyMemberHistory",
    "MedicationRequest",
    "QuestionnaireResponse",
]
SeenAs = Literal["ongoing", "past", "allergy"]
Derivation = Literal["years-since", "days-since", "quotient", "product", "body-mass-index"]

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class Checked:
    """How a code was verified: against a package or a page, and which."""

    method: Literal["package", "page"]
    ref: str

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class FactCode:
    """One code of a terminology; ``means`` is the value it asserts where the code alone carries one."""

    system: System
    code: str
    display: str
    checked: Checked
    means: bool | str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Option:
    """One value of a coded fact; ``seen_as`` says which states of a treatment record it is compatible with."""

    id: str
    label: str
    seen_as: tuple[SeenAs, ...] = ()
    codes: tuple[FactCode, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Bounds:
    """The plausible range of a measurement in the fact's unit; a value outside is a slip, not a patient."""

    min: Decimal
    max: Decimal
    source: str

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Recency:
    """How many days a value of the fact still speaks of today."""

    days: int
    source: str

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Derived:
    """How the fact follows from others. Unless ``only_if_missing``, a recorded value is compared with it."""

    how: Derivation
    of: tuple[str, ...]
    only_if_missing: bool = False

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Fact:
    """Something that can be known of a case, declared once for every reader, form and rule.

    ``see_also`` are facts that do not settle this one but that whoever is asked would want to see.
    """

    id: str
    label: str
    kind: Kind
    group: str
    question: str
    found_in: tuple[Place, ...] = ()
    unit: str | None = None
    range: Bounds | None = None
    options: tuple[Option, ...] = ()
    options_from: str | None = None
    codes: tuple[FactCode, ...] = ()
    recency: Recency | None = None
    answers: tuple[FactCode, ...] = ()
    choose: Literal["latest", "any-true"] = "latest"
    derived: tuple[Derived, ...] = ()
    see_also: tuple[str, ...] = ()
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    @property
    def is_number(self) -> bool:
        """Whether values of the fact are numbers in :attr:`unit`."""
        return self.kind in {"quantity", "count"}

    def is_covered_by(self, code: FactCode) -> bool:
        """Whether to deny ``code`` is to deny the fact: it is a question about it, or the one finding of its system."""
        same_system = [one for one in self.codes if one.system == code.system]
        return self.kind == "truth" and (code.system == "loinc" or same_system == [code])

    def option_ids(self) -> tuple[str, ...]:
        """The values a coded fact can take, in the order a form shows them."""
        return tuple(option.id for option in self.options)

    def label_of(self, value: object) -> str:
        """The words for one value of a coded fact; any other value as text."""
        return next((option.label for option in self.options if option.id == value), str(value))
