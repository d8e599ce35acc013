"""What kinetics is made of: published models with their parameters, the FcRn model, actions, and validation targets.

Each figure carries ``status``, how far it was read: see :data:`FigureStatus`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from ivigil.knowledge.records import Passage

FigureStatus = Literal[
    "read in the source",
    "read in a secondary source",
    "read in code that transcribes the source",
    "read in other code",
    "stated by the seed",
    "derived",
    "model",
]
ParameterName = Literal["CL", "kel", "Vc", "Q", "Vp", "F_sc", "F_fsc", "ka"]
CovariateName = Literal["body weight", "lean body mass", "IgM", "secondary antibody deficiency"]
_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class CovariateEffect:
    """How a covariate multiplies a parameter.

    ``(covariate / reference) ** exponent`` for a measured one; ``factor`` while a yes-or-no one holds.
    """

    covariate: CovariateName
    reference: Decimal | None = None
    exponent: Decimal | None = None
    factor: Decimal | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class KineticParameter:
    """A parameter as printed: value with its UCUM unit, covariate effects, and variability between patients.

    ``cv_percent`` is the apparent coefficient of variation; the variance on the log scale is ln(1 + CV²).
    """

    name: ParameterName
    value: Decimal
    unit: str
    status: FigureStatus
    covariates: tuple[CovariateEffect, ...] = ()
    cv_percent: Decimal | None = None
    fixed: bool = False
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class EndogenousBaseline:
    """The IgG a model adds to what was given: its own constant, an observed one, or none where it was taken away."""

    kind: Literal["fixed", "estimated", "observed", "subtracted", "not reported"]
    status: FigureStatus
    g_per_l: Decimal | None = None
    covariates: tuple[CovariateEffect, ...] = ()
    cv_percent: Decimal | None = None
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class ResidualError:
    """What one assay adds: a standard deviation in g/L and a proportion, both as standard deviations.

    ``usable`` is false where the source leaves open whether it prints variances or standard deviations.
    """

    status: FigureStatus
    additive_sd_g_per_l: Decimal | None = None
    proportional_sd: Decimal | None = None
    usable: bool = True
    as_printed: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class BuiltOn:
    """Whom a model was built on. A patient outside is told so; what the source does not state is left out."""

    text: str
    n: int | None = None
    indications: tuple[str, ...] = ()
    routes: tuple[Literal["intravenous", "subcutaneous", "facilitated subcutaneous"], ...] = ()
    weight_kg: tuple[Decimal, ...] = ()
    age_years: tuple[Decimal, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class LinearModel:
    """A published linear model of the IgG that was given, with a constant baseline added to it.

    Its clearance is an apparent one, of exogenous IgG at the doses studied: it does not carry over to other doses.
    """

    id: str
    title: str
    compartments: Literal[1, 2]
    parameters: tuple[KineticParameter, ...]
    baseline: EndogenousBaseline
    built_on: BuiltOn
    passage: Passage
    residual: ResidualError | None = None
    primary: Passage | None = None
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class ModelFigure:
    """A figure of a mechanistic model, with its UCUM unit and where it comes from."""

    name: str
    value: Decimal
    unit: str
    status: FigureStatus
    text: str
    passage: Passage | None = None
    script: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class FcRnModel:
    """The recycling model: all IgG shares one saturable recycling fraction. Calibrated figures are *model*."""

    id: str
    title: str
    figures: tuple[ModelFigure, ...]
    passage: Passage
    fitted_to: tuple[str, ...]
    script: str
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


ActionName = Literal[
    "neutralisation by the idiotypic network",
    "Fc receptors and antigen-presenting cells",
    "antibody synthesis and B-cell repertoire",
    "helper-cell balance and cytokines",
    "cellular cytotoxicity",
    "complement",
]


@dataclass(frozen=True)
class Hypothesis:
    """One way an action may work, as a switch: ships ``on`` only where data calibrate it."""

    id: str
    action: ActionName
    title: str
    term: str
    acts_on: tuple[str, ...]
    figures: tuple[ModelFigure, ...]
    ships: Literal["on", "off"]
    why: str
    evidence: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    passage: Passage | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class KineticTarget:
    """A published quantity that a model should give: its value and spread, and whether it was used in the fit.

    ``low`` and ``high`` are what counts as a pass. ``expects`` says what is known of the model: a *fail* is shown as an
    expected failure with ``why``, never hidden.
    """

    id: str
    text: str
    model: str
    scenario: str
    unit: str
    published: Decimal
    low: Decimal
    high: Decimal
    status: FigureStatus
    passage: Passage
    used_in_fit: bool
    expects: Literal["pass", "fail"]
    why: str
    species: Literal["human", "mouse", "rat"] = "human"

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
