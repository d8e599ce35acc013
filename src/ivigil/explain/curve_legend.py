"""What each line, shade and mark of a picture of IgG over time means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ivigil.explain.curve_content import Band, CurveContent, LevelCurve
from ivigil.explain.plot_figures import level_words
from ivigil.explain.plot_legend import Entry, Shape

TOTAL, GIVEN, OWN = "", "5 3", "1 3"
THICK, THIN = 2.2, 1.5
_TARGETS = ("12 4", "12 3 3 3", "12 3 3 3 3 3")
# How dark one band is; where bands lie on each other, their shades add up.
SHADE, EDGES = 0.16, "2 2"
_MARKS: Mapping[str, Shape] = {
    "intravenous": "dose",
    "subcutaneous": "hollow dose",
    "facilitated subcutaneous": "barred dose",
}


def mark_of(route: str) -> Shape:
    """The mark of a dose by this route."""
    return _MARKS.get(route, "dose")


def target_dashes(place: int) -> str:
    """How the line of the target at this place is broken."""
    return _TARGETS[min(place, len(_TARGETS) - 1)]


def widest_first(curve: LevelCurve) -> tuple[Band, ...]:
    """The bands in the order they are laid on each other."""
    return tuple(sorted(curve.bands, key=lambda band: -band.level))


def entries(contents: Sequence[CurveContent]) -> tuple[Entry, ...]:
    """The legend of all ``contents`` in one picture, each meaning once."""
    return tuple(dict.fromkeys(one for content in contents for one in _entries(content)))


def _entries(content: CurveContent) -> Iterator[Entry]:
    if content.total is not None:
        yield Entry("total IgG, median" if content.total.bands else "total IgG", "line", TOTAL, THICK)
        yield from _bands(content.total)
    if content.exogenous is not None:
        yield Entry("given (exogenous) IgG", "line", GIVEN, THIN)
        for band in widest_first(content.exogenous)[:1]:
            yield Entry(f"{level_words(band.level)} of curves of given IgG", "edges", EDGES, 0.9)
    for place, target in enumerate(content.targets):
        yield Entry(f"target: {target.words}", "line", target_dashes(place), 1.2)
    if content.baseline_g_per_l is not None:
        yield Entry("own level before treatment", "line", OWN, 1.6)
    for route in dict.fromkeys(dose.route for dose in content.doses):
        yield Entry(f"dose, {route}", mark_of(route))
    if any(one.g_per_l is not None for one in content.measured):
        ranged = any(one.low is not None and one.high is not None for one in content.measured)
        yield Entry("measured, with the assay’s error" if ranged else "measured", "point")
    if any(one.g_per_l is None for one in content.measured):
        yield Entry("measured below the limit of quantification", "below")


def _bands(curve: LevelCurve) -> Iterator[Entry]:
    # The innermost band lies on all wider ones and is as dark as they are together.
    shades = (1 - (1 - SHADE) ** (place + 1) for place in range(len(curve.bands)))
    pairs = zip(widest_first(curve), shades, strict=True)
    yield from reversed([Entry(f"{level_words(band.level)} of curves", "band", shade=shade) for band, shade in pairs])
