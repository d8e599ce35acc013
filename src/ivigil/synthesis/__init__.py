"""Floor 4: meta-analysis. Effects from what studies report, pooled under named conventions, with how far they agree.

What stands around a pooled effect (subgroups, regression, tests of small studies, trim and fill, absolute effects,
grading) is imported from its own module, so that pooling does not wait for it.
"""

from ivigil.synthesis.effects import effects_of
from ivigil.synthesis.many import ManyPooled, pool_many
from ivigil.synthesis.measures import MEASURES, Measure, MeasureName
from ivigil.synthesis.options import IntervalMethod, Method, Model, Options, Prediction, Tau2, ZeroCells
from ivigil.synthesis.pool import pool
from ivigil.synthesis.results import Effects, Estimate, Heterogeneity, LeftOut, Pooled, StudyLine
from ivigil.synthesis.rows import OneCorrelation, OneProportion, Reported, StudyData, TwoByTwo, TwoMeans
from ivigil.synthesis.scales import pooled_scale, shown, shown_double_arcsine
from ivigil.synthesis.study_lines import lines_of
from ivigil.synthesis.tau2 import Tau2Found, between_study_variance

__all__ = [
    "MEASURES",
    "Effects",
    "Estimate",
    "Heterogeneity",
    "IntervalMethod",
    "LeftOut",
    "ManyPooled",
    "Measure",
    "MeasureName",
    "Method",
    "Model",
    "OneCorrelation",
    "OneProportion",
    "Options",
    "Pooled",
    "Prediction",
    "Reported",
    "StudyData",
    "StudyLine",
    "Tau2",
    "Tau2Found",
    "TwoByTwo",
    "TwoMeans",
    "ZeroCells",
    "between_study_variance",
    "effects_of",
    "lines_of",
    "pool",
    "pool_many",
    "pooled_scale",
    "shown",
    "shown_double_arcsine",
]
