"""Draws the synthetic data sets: figures from a seeded formula, for options and measures no published set exercises.

They stand for no study and count as none. Run it again only to change them, and then regenerate the pins.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ivigil.documents import write_whole

SEED = 20_150_611
HERE = Path(__file__).parent / "data"
SOURCE = """sources:
  - citation: "none: drawn by validation/metafor/draw_synthetic.py"
    url: none
    origin: drawn
    text: nothing
    read: "nothing; the figures stand for no study"
"""
Row = Sequence[str | float]


def main() -> int:
    """Writes every synthetic data set."""
    rng = np.random.default_rng(SEED)
    _write("hazard-ratios", "reported", "HR", "label, estimate, low, high, year, group", _hazard_ratios(rng))
    _write("means", "two means", "SMD, MD, ROM", f"label, {_MEANS}, year, dose, group", _means(rng, 15))
    _write("two-means-of-two", "two means", "MD, SMD, ROM", f"label, {_MEANS}", [row[:7] for row in _means(rng, 2)])
    _write("one-correlation", "correlation", "ZCOR, COR", "label, r, n", [["study 1", 0.42, 38]])
    _write("one-proportion-of-none", "proportion", "PLO, PR, PLN, PAS, PFT", "label, events, n", [["study 1", 0, 25]])
    _write("proportions", "proportion", "PFT, PAS, PLO, PR, PLN", "label, events, n, year, group", _proportions(rng))
    return 0


_MEANS = "mean_a, sd_a, n_a, mean_b, sd_b, n_b"


def _hazard_ratios(rng: np.random.Generator) -> list[Row]:
    rows: list[Row] = []
    for place in range(11):
        error = float(rng.uniform(0.08, 0.5))
        # Small studies show more, so that the funnel is lopsided and trim and fill has something to do.
        effect = float(rng.normal(-0.1 - 0.9 * error, 0.15))
        low, high = effect - 1.96 * error, effect + 1.96 * error
        figures = [round(math.exp(one), 3) for one in (effect, low, high)]
        rows.append([f"study {place + 1}", *figures, 2001 + place, "adults" if place % 3 else "children"])
    return rows


def _means(rng: np.random.Generator, k: int) -> list[Row]:
    rows: list[Row] = []
    for place in range(k):
        n_a, n_b = int(rng.integers(8, 90)), int(rng.integers(8, 90))
        dose = round(float(rng.uniform(0.4, 2.0)), 1)
        mean_b = round(float(rng.normal(10.0, 1.0)), 2)
        mean_a = round(mean_b + 0.9 * dose + float(rng.normal(0.0, 0.7)), 2)
        sd_a, sd_b = round(float(rng.uniform(1.5, 3.0)), 2), round(float(rng.uniform(1.5, 3.0)), 2)
        group = ("home", "hospital", "mixed")[place % 3]
        rows.append([f"study {place + 1}", mean_a, sd_a, n_a, mean_b, sd_b, n_b, 1995 + 2 * place, dose, group])
    return rows


def _proportions(rng: np.random.Generator) -> list[Row]:
    rows: list[Row] = []
    for place in range(10):
        n = int(rng.integers(12, 120))
        drawn = int(rng.binomial(n, float(rng.beta(2, 6))))
        # One study with no event and one with nothing but events.
        events = {2: 0, 7: n}.get(place, drawn)
        rows.append([f"study {place + 1}", events, n, 2010 + place, ("early", "late")[place // 5]])
    return rows


def _write(name: str, kind: str, measures: str, columns: str, rows: Sequence[Row]) -> None:
    identity = f"synthetic-{name}"
    roles = {"year": "order: year", "group": "group: group", "dose": "moderators: [dose, year]"}
    lines = [
        f"id: {identity}",
        f"title: Synthetic figures, {name.replace('-', ' ')}",
        f"kind: {kind}",
        f"measures: [{measures}]",
        SOURCE.rstrip(),
        *(text for column, text in roles.items() if column in columns.split(", ")),
        f"columns: [{columns}]",
        "rows:",
        *(f"  - [{', '.join(str(cell) for cell in row)}]" for row in rows),
    ]
    write_whole(HERE / f"{identity}.yaml", "\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
