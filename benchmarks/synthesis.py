"""How fast meta-analyses are pooled: ivigil one at a time and all at once, and other programs beside it.

Run ``python benchmarks/synthesis.py`` from a set-up checkout. Effects of 10,000 random-effects analyses of 2 to 30
studies are drawn; each program pools as many of the first of them as its turn allows, by DL and by REML. Times are CPU
seconds of the program itself, without its start. statsmodels and PyMetaAnalysis come with the development set-up;
PyMARE (``pip install pymare``) and metafor (``apt-get install r-cran-metafor``) are measured where they are installed.

What each does for its time: ``pool`` gives the pooled effect, Q, I², H², weights, prediction interval, and the
Q-profile intervals of τ² and I²; ``rma`` leaves those intervals to ``confint``, so that both are shown; ``pool_many``
and statsmodels give the pooled effect, Q, τ² and I²; PyMARE the estimates and τ² only. ``pool_many`` takes all at once.
metafor's REML stops at its own threshold of 1e-5; where likelihoods have two tops programs may end on either.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from ivigil.synthesis import MEASURES, Effects, Options, Reported, Tau2, pool, pool_many

ANALYSES, MOST_STUDIES, SEED = 10_000, 30, 20261123
BY_PEERS = 1_000  # so many of the first analyses by the slower programs
METHODS: tuple[Tau2, ...] = ("DL", "REML")
Floats = NDArray[np.float64]

R_SCRIPT = """\
suppressPackageStartupMessages(library(metafor))
given <- commandArgs(trailingOnly = TRUE)
studies <- split(read.csv(given[1]), read.csv(given[1])$analysis)
with_intervals <- given[4] == "yes"
found <- matrix(NA_real_, length(studies), 2)
before <- proc.time()
for (i in seq_along(studies)) {
  one <- tryCatch(rma(studies[[i]]$y, studies[[i]]$v, method = given[2]), error = function(e) NULL)
  if (is.null(one)) next
  if (with_intervals) { predict(one); confint(one) }
  found[i, ] <- c(one$beta[1], one$tau2)
}
used <- proc.time() - before
cat(used[["user.self"]] + used[["sys.self"]], "\\n")
options(digits = 17)
write.table(found, given[3], row.names = FALSE, col.names = FALSE)
"""


@dataclass(frozen=True)
class Drawn:
    """Effects and variances of the analyses, ``(A, k)``, with a mask of the studies that are there."""

    estimates: Floats
    variances: Floats
    mask: NDArray[np.bool_]

    def study(self, row: int) -> tuple[Floats, Floats]:
        """Effects and variances of one analysis."""
        there = self.mask[row]
        return self.estimates[row, there], self.variances[row, there]


@dataclass(frozen=True)
class Measured:
    """CPU seconds an analysis, how many were pooled, and what was found: pooled effect and τ², ``(n, 2)``."""

    program: str
    method: Tau2
    seconds: float
    found: Floats


def draw() -> Drawn:
    """Analyses whose effects vary not at all, little or much between studies."""
    rng = np.random.default_rng(SEED)
    studies = rng.integers(2, MOST_STUDIES + 1, ANALYSES)
    shape = (ANALYSES, MOST_STUDIES)
    variances = rng.gamma(1.5, 0.1, shape) + 0.005
    between = rng.choice([0.0, 0.02, 0.2, 1.0], ANALYSES)
    estimates = rng.normal(0.3, np.sqrt(variances + between[:, None]))
    return Drawn(estimates, variances, np.arange(MOST_STUDIES) < studies[:, None])


def ours_at_once(drawn: Drawn, method: Tau2) -> Measured:
    """``pool_many``."""
    start = time.process_time()
    found = pool_many(drawn.estimates, drawn.variances, drawn.mask, Options(tau2=method))
    seconds = time.process_time() - start
    return Measured("ivigil pool_many", method, seconds / ANALYSES, np.column_stack([found.effect, found.tau2]))


def ours(drawn: Drawn, method: Tau2) -> Measured:
    """``pool``, one analysis at a time."""
    options = Options(tau2=method)
    effects = [_effects(*drawn.study(row)) for row in range(ANALYSES)]

    def one(row: int) -> tuple[float, float]:
        found = pool(effects[row], options)
        return found.effect.value, found.heterogeneity.tau2

    return _timed("ivigil pool", method, ANALYSES, one)


def _effects(estimates: Floats, variances: Floats) -> Effects:
    rows = tuple(Reported(f"study {at}", float(value), se=1.0) for at, value in enumerate(estimates))
    return Effects(MEASURES["MD"], rows, estimates, variances)


def statsmodels(drawn: Drawn, method: Tau2) -> Measured | None:
    """``combine_effects``; of the two methods it has DL."""
    if method != "DL" or not find_spec("statsmodels"):
        return None
    warnings.simplefilter("ignore", RuntimeWarning)  # roots of the negative variances that come with a negative τ²
    from statsmodels.stats.meta_analysis import combine_effects  # noqa: PLC0415

    def one(row: int) -> tuple[float, float]:
        found = combine_effects(*drawn.study(row), method_re="dl")
        # It does not cut τ² off at 0; what the others answer there is its common effect.
        return (
            (float(found.mean_effect_re), float(found.tau2)) if found.tau2 > 0 else (float(found.mean_effect_fe), 0.0)
        )

    return _timed("statsmodels combine_effects", method, BY_PEERS, one)


def pymetaanalysis(drawn: Drawn, method: Tau2) -> Measured | None:
    """``meta_analysis`` of the package PyMetaAnalysis."""
    if not find_spec("meta_analyze"):
        return None
    from meta_analyze import meta_analysis  # noqa: PLC0415

    def one(row: int) -> tuple[float, float]:
        effect, variance = drawn.study(row)
        found = meta_analysis(effect=effect, variance=variance, tau2_method=method)
        return float(found.estimate), float(found.tau2)

    return _timed("PyMetaAnalysis", method, BY_PEERS, one)


def pymare(drawn: Drawn, method: Tau2) -> Measured | None:
    """The estimators of PyMARE."""
    if not find_spec("pymare"):
        return None
    from pymare.estimators import DerSimonianLaird, VarianceBasedLikelihoodEstimator  # noqa: PLC0415

    def one(row: int) -> tuple[float, float]:
        effect, variance = (values[:, None] for values in drawn.study(row))
        estimator = DerSimonianLaird() if method == "DL" else VarianceBasedLikelihoodEstimator("REML")
        estimator.fit(effect, variance, np.ones_like(effect))
        found = estimator.params_
        return float(np.ravel(found["fe_params"])[0]), float(np.ravel(found["tau2"])[0])

    return _timed("PyMARE", method, BY_PEERS, one)


def metafor(drawn: Drawn, method: Tau2, *, intervals: bool) -> Measured | None:
    """``rma`` of metafor, its loop timed inside R; with ``intervals`` also ``predict`` and ``confint``."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script, given, answer = folder / "pool.R", folder / "studies.csv", folder / "found.txt"
        script.write_text(R_SCRIPT, encoding="utf-8")
        given.write_text(_csv(drawn), encoding="utf-8")
        arguments = [rscript, str(script), str(given), method, str(answer), "yes" if intervals else "no"]
        run = subprocess.run(arguments, capture_output=True, text=True, check=False)  # noqa: S603 - R, with our script
        if run.returncode != 0:
            return None
        found = np.genfromtxt(answer)
    program = "metafor rma, predict, confint" if intervals else "metafor rma"
    return Measured(program, method, float(run.stdout.split()[-1]) / BY_PEERS, found)


def _csv(drawn: Drawn) -> str:
    lines = ["analysis,y,v"]
    for row in range(BY_PEERS):
        lines += [f"{row},{y!r},{v!r}" for y, v in zip(*(part.tolist() for part in drawn.study(row)), strict=True)]
    return "\n".join(lines)


def _timed(program: str, method: Tau2, number: int, one: Callable[[int], tuple[float, float]]) -> Measured:
    one(0)
    start = time.process_time()
    found = [one(row) for row in range(number)]
    return Measured(program, method, (time.process_time() - start) / number, np.array(found))


def measure(drawn: Drawn, method: Tau2) -> list[Measured]:
    """Every program that is installed, ours first."""
    found = [
        ours_at_once(drawn, method),
        ours(drawn, method),
        statsmodels(drawn, method),
        pymetaanalysis(drawn, method),
        pymare(drawn, method),
        metafor(drawn, method, intervals=False),
        metafor(drawn, method, intervals=True),
    ]
    return [one for one in found if one is not None]


def add_rows(table: Table, found: list[Measured]) -> None:
    """The programs of one method: time, ratio to metafor's ``rma``, farthest from ``pool`` in effect and in τ²."""
    rma = next((one.seconds for one in found if one.program == "metafor rma"), None)
    reference = next(one.found for one in found if one.program == "ivigil pool")
    for one in found:
        apart = np.abs(one.found - reference[: len(one.found)])
        failed = int(np.isnan(apart).any(axis=1).sum())
        table.add_row(
            one.method,
            one.program,
            f"{len(one.found):,}" + (f" ({failed} failed)" if failed else ""),
            f"{one.seconds * 1e6:,.1f} µs",
            "" if rma is None else f"{rma / one.seconds:,.1f}",
            *(f"{value:.1e}" for value in np.nanmax(apart, axis=0)),
        )
    table.add_section()


def main() -> None:
    """Print the table."""
    drawn = draw()
    table = Table(title=f"Random-effects analyses of 2 to {MOST_STUDIES} studies, Python {sys.version.split()[0]}")
    for name in ("τ²", "program"):
        table.add_column(name)
    for name in ("analyses", "CPU each", "times rma", "apart: effect", "apart: τ²"):
        table.add_column(name, justify="right")
    for method in METHODS:
        add_rows(table, measure(drawn, method))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
