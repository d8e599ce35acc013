"""The figures of a made-up cohort: each with its source, or plainly marked as made up for demonstration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import ClassVar, Literal, TypeVar

from ivigil.documents import BadInput, Fault, decode, parse_yaml
from ivigil.synthetic.course_figures import STRICT, Courses, Figure

T = TypeVar("T")
Of = Literal["patient", "measurement", "diagnosis", "order", "form", "answer"]


@dataclass(frozen=True)
class Use:
    """Patients of one indication (of every other one, where it is not named): how many, who, and in what course."""

    people: str
    course: str
    share: Figure
    indication: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class Unlisted:
    """A reason that the library does not know, in words or with a code."""

    text: str
    system: str | None = None
    code: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class Mix:
    """Who is treated for what."""

    id: str
    uses: tuple[Use, ...]
    others: Use
    unlisted: tuple[Unlisted, ...]

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class Group:
    """People of one range of ages in years: least, most frequent, most."""

    id: str
    ages: tuple[int, ...]
    made_up: bool
    women: Figure | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class Curve:
    """A size by age: points of age and size, with straight lines between them, and how far people lie around them."""

    at: tuple[tuple[Decimal, ...], ...]
    spread_percent: Decimal
    made_up: bool
    lean_percent: Decimal = Decimal(0)

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class People:
    """How people differ in age, sex and size."""

    id: str
    weighing_percent: Figure
    women: Figure
    groups: tuple[Group, ...]
    heights: Mapping[str, Curve]
    body_mass_index: Curve

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class OtherUnit:
    """Another unit of a measurement; ``times`` is the factor where UCUM alone does not tell it."""

    unit: str
    times: Decimal | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class Measure:
    """What is measured, its usual values in the unit of the fact, and how it is written."""

    fact: str
    low: Decimal | None = None
    high: Decimal | None = None
    decimals: int = 0
    other_units: tuple[OtherUnit, ...] = ()
    once: bool = False

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class Often:
    """How often a truth holds."""

    fact: str
    share: Figure

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class Measures:
    """What is recorded of everybody."""

    id: str
    made_up: bool
    measures: tuple[Measure, ...]
    weight: Measure
    height: Measure
    extra_weights: Figure
    comorbidity: Figure
    anything_else: Figure
    often: tuple[Often, ...]

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class Times:
    """Days between what is recorded; a pair is the least and the most."""

    id: str
    made_up: bool
    order_off_its_rhythm: int
    new_for: tuple[int, ...]
    known_for: tuple[int, ...]
    recorded_within: int
    conditions_before: tuple[int, ...]
    anything_else_before: tuple[int, ...]
    codes_before: tuple[int, ...]
    other_orders_within: int
    height_within: int
    height_every: int
    weight_within: int
    earlier_weights: int
    earlier_weights_within: int
    stale: int
    ahead: int

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class DirtKind:
    """One way in which records are wrong, and its share."""

    id: str
    of: Of
    share: Decimal
    text: str

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class Dirt:
    """Everything that is wrong with records."""

    id: str
    made_up: bool
    kinds: tuple[DirtKind, ...]

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT

    def with_shares(self, shares: Mapping[str, Decimal]) -> Dirt:
        """The same kinds with some shares replaced. Raises :class:`BadInput` for each that cannot be."""
        known = {one.id for one in self.kinds}
        faults = [
            Fault(
                "share", f"{kind}={share}", "a kind of dirt and a share from 0 to 1", "ivigil synth --kinds lists them."
            )
            for kind, share in shares.items()
            if kind not in known or not 0 <= share <= 1
        ]
        if faults:
            raise BadInput(faults)
        return replace(self, kinds=tuple(replace(one, share=shares.get(one.id, one.share)) for one in self.kinds))


@dataclass(frozen=True)
class Figures:
    """All figures of a cohort."""

    mix: Mix
    people: People
    courses: Courses
    measures: Measures
    times: Times
    dirt: Dirt


KINDS: Mapping[str, type] = {
    "mix": Mix,
    "people": People,
    "courses": Courses,
    "measures": Measures,
    "times": Times,
    "dirt": Dirt,
}


@cache
def figures() -> Figures:
    """The figures that ivigil ships."""
    return Figures(**{name: _read(name, kind) for name, kind in KINDS.items()})


def _read(name: str, kind: type[T]) -> T:
    content = files("ivigil.synthetic").joinpath("data", f"{name}.yaml").read_bytes()
    return decode(kind, parse_yaml(content, f"{name}.yaml")[0])
