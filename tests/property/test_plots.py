"""Whatever is given, pictures of evidence stay readable, inert, the same every time, and told in their tables."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.explain.plots import NUMBER, covered, is_inert, numbers_untold, outside, texts

from ivigil.explain.forest import ForestContent, forest_narrow_svg, forest_page, forest_svg, forest_table
from ivigil.explain.funnel import FunnelContent, FunnelPoint, funnel_narrow_svg, funnel_svg, funnel_table
from ivigil.explain.labbe import LabbeContent, labbe_narrow_svg, labbe_svg, labbe_table
from ivigil.explain.plot_axis import axis_of
from ivigil.explain.plot_numbers import seen
from ivigil.explain.plot_scale import marked
from ivigil.explain.plot_text import width_of, wrapped
from ivigil.synthesis.measures import MEASURES, Measure
from ivigil.synthesis.results import Estimate, StudyLine
from ivigil.synthesis.rows import TwoByTwo

# Drawing is slow enough that more examples would not stay within seconds.
EXAMPLES = settings(max_examples=25, deadline=None)
# A label without digits, which the numbers of a picture are compared without.
LABELS = st.text(st.characters(exclude_categories=("Cs", "Nd", "No", "Nl")), max_size=60)
MEASURE = st.sampled_from(sorted(MEASURES.values(), key=lambda one: one.name))
ANY = st.floats(width=32)
COUNT = st.integers(0, 400)


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    """Ordinary effects, and any three floats."""
    if draw(st.booleans()):
        value, below, above = draw(st.floats(-3, 3)), draw(st.floats(0, 40)), draw(st.floats(0, 40))
        return Estimate(value, value - below, value + above)
    return Estimate(draw(ANY), draw(ANY), draw(ANY))


@st.composite
def lines(draw: st.DrawFn) -> StudyLine:
    effect = draw(st.none() | estimates())
    weight = draw(st.none() | st.floats(0, 100))
    why = draw(st.none() | LABELS)
    return StudyLine(
        draw(LABELS), f"{draw(COUNT)}/{draw(COUNT)}", f"{draw(COUNT)}/{draw(COUNT)}", effect, weight, None, why
    )


@st.composite
def contents(draw: st.DrawFn) -> ForestContent:
    words = [draw(LABELS) for _ in range(6)]
    given_lines = tuple(draw(st.lists(lines(), max_size=8)))
    title, outcome, a, b, left, right = words
    return ForestContent(title, outcome, a, b, left, right, given_lines, None, measure=draw(MEASURE))


@EXAMPLES
@given(contents())
def test_any_forest_plot_is_readable_inert_and_told(content: ForestContent) -> None:
    for draw in (forest_svg, forest_narrow_svg):
        svg = draw(content)
        assert covered(svg) == outside(svg) == []
        assert is_inert(svg)
        assert svg == draw(content)
        assert numbers_untold(svg, forest_table(content)) == set()
    assert len(forest_table(content).rows) == len(content.lines)
    assert "<script" not in forest_page([content])


@EXAMPLES
@given(
    st.lists(st.builds(FunnelPoint, LABELS, ANY | st.floats(-3, 3), ANY | st.floats(0, 3), st.booleans()), max_size=12),
    st.none() | st.floats(-3, 3) | ANY,
    MEASURE,
)
def test_any_funnel_plot_is_readable_inert_and_told(
    points: list[FunnelPoint], centre: float | None, measure: Measure
) -> None:
    content = FunnelContent("Title", "Outcome", measure, tuple(points), centre)
    for draw in (funnel_svg, funnel_narrow_svg):
        svg = draw(content)
        assert covered(svg) == outside(svg) == []
        assert is_inert(svg)
        assert numbers_untold(svg, funnel_table(content)) == set()


@st.composite
def tables(draw: st.DrawFn) -> TwoByTwo:
    n_a, n_b = draw(COUNT), draw(COUNT)
    return TwoByTwo(draw(LABELS), draw(st.integers(0, n_a)), n_a, draw(st.integers(0, n_b)), n_b)


@EXAMPLES
@given(
    st.lists(tables(), max_size=12),
    st.none() | st.floats(-3, 3) | ANY,
    st.sampled_from(["RR", "OR", "RD", "PETO", "HR"]),
)
def test_any_labbe_plot_is_readable_inert_and_told(rows: list[TwoByTwo], effect: float | None, name: str) -> None:
    content = LabbeContent("Title", "Outcome", "A", "B", tuple(rows), MEASURES[name], effect)
    for draw in (labbe_svg, labbe_narrow_svg):
        svg = draw(content)
        assert covered(svg) == outside(svg) == []
        assert is_inert(svg)
        assert numbers_untold(svg, labbe_table(content)) == set()


@given(MEASURE, st.lists(estimates(), max_size=12))
def test_an_axis_has_marks_in_order_and_holds_every_value_that_can_be_drawn(
    measure: Measure, effects: list[Estimate]
) -> None:
    axis = axis_of(measure, effects, (0.0, 300.0))
    assert axis.low < axis.high
    places = [axis.x(one) for one in axis.ticks]
    assert places == sorted(places)
    assert all(axis.holds(one) for one in axis.ticks)
    assert all(0 <= axis.x(one) <= 300 for one in (axis.low, *axis.ticks, axis.high))
    if measure.null is not None:
        assert axis.holds(seen(measure, measure.null))


@given(st.floats(-5, 5), st.floats(0.01, 6), st.booleans())
def test_ordinary_axes_have_a_handful_of_marks_that_stand_apart(low: float, wide: float, ratio: bool) -> None:  # noqa: FBT001 - drawn
    axis = marked((low, low + wide), (0.0, 300.0), ratio=ratio)
    assert 2 <= len(axis.ticks) <= 8
    assert all(after - one > 10 for one, after in pairwise(axis.x(tick) for tick in axis.ticks))


@given(st.text(max_size=200), st.floats(40, 300), st.integers(1, 4))
def test_lines_fit_their_room(words: str, room: float, most: int) -> None:
    found = wrapped(words, room, 13, most=most)
    assert len(found) <= most
    assert all(width_of(one, 13) <= room + 1e-6 for one in found)


def test_the_reading_of_a_picture_can_fail() -> None:
    text = '<text x="{}" y="12" font-size="13">{}</text>{}'
    near = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 50 20">{text}</svg>'
    other = '<text x="12" y="12" font-size="13">other</text>'
    assert covered(near.format(2, "words", other)) == [("words", "other")]
    assert outside(near.format(40, "words", "")) == ["words"]
    assert not is_inert(near.format(1, "x", "<script/>"))
    assert [one.text for one in texts(near.format(1, "12 of −3", ""))] == ["12 of −3"]
    assert NUMBER.findall("12 of −3, 0.5.") == ["12", "−3", "0.5"]
