"""What was found by pooling and by which conventions, in sentences and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator

from ivigil.explain.plot_figures import figure, interval, level_words, per_cent
from ivigil.explain.plot_numbers import begun, effect_words, estimable, p_words
from ivigil.synthesis.options import IntervalMethod, Method, Options, Prediction, Tau2, ZeroCells
from ivigil.synthesis.results import Heterogeneity, Pooled

METHODS: dict[Method, str] = {
    "inverse-variance": "inverse variance",
    "mantel-haenszel": "Mantel–Haenszel",
    "peto": "Peto",
}
TAU2: dict[Tau2, str] = {
    "DL": "DerSimonian–Laird",
    "PM": "Paule–Mandel",
    "REML": "restricted maximum likelihood (REML)",
    "ML": "maximum likelihood",
    "HE": "Hedges",
    "SJ": "Sidik–Jonkman",
    "EB": "empirical Bayes",
    "HS": "Hunter–Schmidt",
}
INTERVALS: dict[IntervalMethod, str] = {
    "normal": "normal",
    "hartung-knapp": "Hartung–Knapp",
    "hartung-knapp-at-least-normal": "Hartung–Knapp, never narrower than normal",
}
PREDICTIONS: dict[Prediction, str] = {
    "t-k-2": "t with k − 2 degrees of freedom",
    "t-k-1": "t with k − 1 degrees of freedom",
    "normal": "normal",
}
ZERO_CELLS: dict[ZeroCells, str] = {
    "none": "nothing added; tables that need it are left out",
    "metafor": "as metafor does: one half added to the four cells of a table that has an empty one",
    "revman": "as RevMan does: one half added to the four cells of a table that has an empty one, and tables without "
    "events, or with nothing but events, left out",
}


def model_words(options: Options) -> str:
    """``random effects``, ``common effect``."""
    return "random effects" if options.model == "random" else "common effect"


def pooled_name(pooled: Pooled, scope: str = "") -> str:
    """The name of a diamond: ``All 4 studies, random effects``; ``scope`` names a subgroup instead of *all*."""
    model = model_words(pooled.options)
    if pooled.k == 1:
        return f"{scope or 'Pooled'}: one study only"
    return f"{scope}: {pooled.k} studies, {model}" if scope else f"All {pooled.k} studies, {model}"


def heterogeneity_words(found: Heterogeneity) -> str:
    """How far the studies agree: ``τ² = 0.02 [0.00, 0.31] · I² = 12 % [0 %, 76 %] · Q = 3.41 (df 3), p = 0.33``.

    Lines break between the three only.
    """
    figures = (f"{name} = {value}" for name, value in heterogeneity_figures(found))
    return " · ".join(one.replace(" ", "\u00a0") for one in figures)


def heterogeneity_figures(found: Heterogeneity) -> tuple[tuple[str, str], ...]:
    """τ², I² and Q, each with its name, its interval or its p value."""
    p = f", {p_words(found.p)}" if found.p is not None else ""
    return (
        ("τ²", figure(found.tau2) + _span(found.tau2_low, found.tau2_high)),
        ("I²", per_cent(found.i2) + _shares(found.i2_low, found.i2_high)),
        ("Q", f"{figure(found.q)} (df {found.df}){p}"),
    )


def _span(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" {interval(low, high)}"


def _shares(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" [{per_cent(low)}, {per_cent(high)}]"


def statistic_words(pooled: Pooled) -> str:
    """``z = −3.46, p < 0.001``; t with its degrees of freedom."""
    name = "z" if pooled.df is None else f"t (df {pooled.df:g})"
    return f"{name} = {figure(pooled.statistic)}, {p_words(pooled.p)}"


def findings(pooled: Pooled, subgroup_test: str | None = None) -> tuple[str, ...]:
    """Heterogeneity, the test of the effect, and what a reader must know of this result, as sentences."""
    if not estimable(pooled.effect):
        return (*map(_sentence, pooled.warnings),)
    lines = [f"Between studies: {heterogeneity_words(pooled.heterogeneity)}"] if pooled.k > 1 else []
    if subgroup_test:
        lines.append(f"Between subgroups: {subgroup_test}")
    if pooled.measure.null is not None:
        lines.append(f"Pooled effect: {statistic_words(pooled)}")
    return (*lines, *map(_sentence, pooled.warnings))


def finding_rows(pooled: Pooled, subgroup_test: str | None = None) -> Iterator[tuple[str, str]]:
    """The same as names and values."""
    if estimable(pooled.effect):
        if pooled.k > 1:
            yield from heterogeneity_figures(pooled.heterogeneity)
        if pooled.measure.null is not None:
            yield "Pooled effect, test", statistic_words(pooled)
    if subgroup_test:
        yield "Between subgroups", subgroup_test


def prediction_words(pooled: Pooled) -> str:
    """The prediction interval as a reader sees it, or nothing."""
    if pooled.prediction is None:
        return ""
    low, high = pooled.prediction
    return effect_words(pooled.measure, type(pooled.effect)(pooled.effect.value, low, high)).split(" ", 1)[1]


def conventions(pooled: Pooled, *, prediction: bool = True) -> str:
    """Every convention of the analysis by its name, of those that bore on it; ``prediction`` where that is shown."""
    options = pooled.options
    parts = [f"{begun(model_words(options))}, weights by {METHODS[options.method]}"]
    if options.model == "random":
        parts.append(f"τ² by {TAU2[options.tau2]}")
    parts.append(f"{level_words(options.level)} intervals, pooled effect {INTERVALS[options.interval]}")
    if prediction and pooled.prediction is not None:
        parts.append(f"prediction interval by {PREDICTIONS[options.prediction]}")
    if pooled.measure.of == "two-by-two":
        parts.append(f"empty cells {ZERO_CELLS[options.zero_cells]}")
    return f"How: {'; '.join(parts)}."


def _sentence(words: str) -> str:
    return begun(words).rstrip(".") + "."
