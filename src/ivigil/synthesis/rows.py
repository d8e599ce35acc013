"""What a study gives to an analysis: counts, means, a proportion, a correlation, or an effect as it reports it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TwoByTwo:
    """Events among participants with the treatment (``a``) and with the comparator (``b``)."""

    label: str
    events_a: float
    n_a: float
    events_b: float
    n_b: float


@dataclass(frozen=True)
class TwoMeans:
    """Mean, standard deviation and number with the treatment (``a``) and with the comparator (``b``)."""

    label: str
    mean_a: float
    sd_a: float
    n_a: float
    mean_b: float
    sd_b: float
    n_b: float


@dataclass(frozen=True)
class OneProportion:
    """Events among participants of one group."""

    label: str
    events: float
    n: float


@dataclass(frozen=True)
class OneCorrelation:
    """A correlation coefficient and the number of pairs."""

    label: str
    r: float
    n: float


@dataclass(frozen=True)
class Reported:
    """An effect as the study reports it, on the scale a reader sees (a ratio as a ratio), with its interval.

    ``level`` is the confidence level of ``low`` and ``high``. Where the standard error on the pooling scale is given,
    ``se`` holds it and the interval may be absent.
    """

    label: str
    estimate: float
    low: float | None = None
    high: float | None = None
    se: float | None = None
    level: float = 0.95


StudyData = TwoByTwo | TwoMeans | OneProportion | OneCorrelation | Reported
