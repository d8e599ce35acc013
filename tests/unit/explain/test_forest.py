"""A forest plot: a table with a drawing column, the same numbers in words, and a page that fits either width."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from tests.unit.explain.plots import (
    KAWASAKI,
    MIXED,
    SVG,
    arrows,
    case,
    covered,
    is_inert,
    numbers_untold,
    outside,
    read,
    texts,
    written,
)

from ivigil.explain.forest import (
    ForestContent,
    SubgroupContent,
    forest_narrow_svg,
    forest_page,
    forest_svg,
    forest_table,
)
from ivigil.explain.plot_axis import axis_of
from ivigil.explain.plot_numbers import NOT_ESTIMABLE, effect_words
from ivigil.synthesis.measures import MEASURES
from ivigil.synthesis.options import Options
from ivigil.synthesis.results import Estimate, StudyLine
from ivigil.synthesis.rows import OneProportion, Reported, TwoByTwo, TwoMeans

DRAWINGS = (forest_svg, forest_narrow_svg)
# Squares are at most this wide and coordinates are written to a tenth.
ROUNDING = 0.11


def grouped() -> ForestContent:
    """The mixed studies in two subgroups, each pooled."""
    content = case(MIXED).content
    groups = tuple(
        SubgroupContent(name, content.lines[start : start + 2], case(MIXED[start : start + 2]).pooled)
        for name, start in (("Randomised", 0), ("Not randomised", 2))
    )
    return replace(content, subgroups=groups, subgroup_test="Q = 0.33 (df 1), p = 0.57")


def line(value: float, low: float, high: float, label: str = "A 2001") -> StudyLine:
    return StudyLine(label, "1/10", "2/10", Estimate(value, low, high), 50.0)


def alone(*lines: StudyLine) -> ForestContent:
    """A plot of risk ratios that are not pooled."""
    return ForestContent("Title", "Outcome", "A", "B", "Favours A", "Favours B", lines, None, measure=MEASURES["RR"])


CONTENTS = {
    "two studies": case().content,
    "empty cells": case(MIXED).content,
    "Mantel–Haenszel": case(MIXED, options=Options("common", "mantel-haenszel", zero_cells="revman")).content,
    "Hartung–Knapp": case(MIXED, options=Options(interval="hartung-knapp")).content,
    "one study": case(KAWASAKI[:1]).content,
    "risk difference": case(MIXED, "RD").content,
    "subgroups": grouped(),
    "not pooled": alone(line(0.1, -0.5, 0.7), line(-1, -2, 0, "B 2002")),
    "no study": alone(),
    "means": case(
        (TwoMeans("A", -3.4, 2.3, 46, -2.9, 2.7, 41), TwoMeans("B", -3.2, 4.1, 43, -4.7, 4.9, 41)), "MD"
    ).content,
    "proportions": case(
        (OneProportion("A", 11, 20), OneProportion("B", 30, 41), OneProportion("C", 0, 9)), "PLO"
    ).content,
    "reported": case((Reported("A", 0.41, 0.2, 0.83), Reported("B", 0.9, 0.4, 2.1)), "HR").content,
    "huge intervals": alone(line(0, -700, 700), line(1, -math.inf, math.inf), line(0.2, -0.1, math.nan)),
    "huge effects": alone(line(300, 290, 310), line(-300, -305, -295)),
    "effects beyond any number": alone(line(900, 800, 1000), line(0, -1, 1)),
    "no effects": alone(line(math.inf, 0, math.inf), line(math.nan, math.nan, math.nan), StudyLine("C", "", "", None)),
    "forty studies": case(
        tuple(TwoByTwo(f"Study {n} 19{50 + n}", n % 7, 40 + n, n % 5 + 2, 41) for n in range(40))
    ).content,
    "long words": replace(case().content, a_name="Immunoglobulinsubstitutionstherapie " * 3, title="Word " * 60),
}
ALL = pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
BOTH = pytest.mark.parametrize("draw", DRAWINGS)


@ALL
@BOTH
def test_no_text_covers_another_or_leaves_the_picture(draw: type, content: ForestContent) -> None:
    assert covered(draw(content)) == []
    assert outside(draw(content)) == []


@ALL
@BOTH
def test_it_is_a_picture_with_words_without_script_and_the_same_every_time(draw: type, content: ForestContent) -> None:
    svg = draw(content)
    root = read(svg)
    assert root.get("role") == "img"
    assert [root[0].tag, root[1].tag] == [f"{SVG}title", f"{SVG}desc"]
    assert root[0].text == content.title
    assert is_inert(svg)
    assert svg == draw(content)


@ALL
@BOTH
def test_every_number_of_the_picture_is_in_the_table(draw: type, content: ForestContent) -> None:
    plain = replace(content, title="Title", outcome="Outcome", subgroups=content.subgroups)
    assert numbers_untold(draw(plain), forest_table(plain)) == set()


@ALL
def test_every_study_has_a_row_of_the_table_in_its_order(content: ForestContent) -> None:
    rows = [row[0] for row in forest_table(content).rows]
    places = [rows.index(one.label) for one in content.lines]
    assert places == sorted(places)
    assert {len(row) for row in forest_table(content).rows} <= {len(forest_table(content).columns)}


@ALL
@BOTH
def test_every_study_stands_in_the_picture(draw: type, content: ForestContent) -> None:
    words = written(draw(content))
    for one in content.lines:
        assert one.label[:20] in words or " ".join(one.label.split()[:2]) in words


@BOTH
def test_studies_come_before_the_pooled_effect_and_then_the_prediction_the_axis_and_what_was_found(draw: type) -> None:
    words = written(draw(case(MIXED).content))
    order = ["Alpha 2001", "Delta 2011", "All 4 studies, random effects", "Prediction interval", "← Favours"]
    places = [words.index(one) for one in (*order, "Between studies", "How: Random effects")]
    assert places == sorted(places)


@BOTH
def test_subgroups_head_their_studies_and_come_before_the_whole(draw: type) -> None:
    words = written(draw(grouped()))
    order = ["Randomised", "Alpha 2001", "Not randomised", "Delta 2011", "All 4 studies"]
    assert [words.index(one) for one in order] == sorted(words.index(one) for one in order)
    assert words.count("Subgroup: 2 studies") == 2
    assert "Between subgroups: Q = 0.33 (df 1), p = 0.57" in words


def test_a_study_in_no_subgroup_is_drawn_after_them() -> None:
    content = grouped()
    words = written(forest_svg(replace(content, subgroups=content.subgroups[:1])))
    assert words.index("Subgroup: 2 studies") < words.index("In no subgroup") < words.index("Delta 2011")


def test_the_figures_are_those_of_the_analysis() -> None:
    one = case()
    words = written(forest_svg(one.content))
    for drawn in (*(line.effect for line in one.content.lines), one.pooled.effect):
        assert effect_words(one.pooled.measure, drawn) in words
    assert "0.36 [0.16, 0.80]" in words
    assert "6/40" in words
    assert "events/total" in words
    assert all(f"{weight:.1f} %" in words for weight in one.pooled.weights)


def test_the_area_of_a_square_is_the_weight_of_its_study() -> None:
    one = case(tuple(TwoByTwo(f"S{n}", 10 * n, 40 * n, 14 * n, 40 * n) for n in (1, 2, 4)), options=Options("common"))
    sides = [float(each.attrib["width"]) for each in rects(forest_svg(one.content))]
    assert len(sides) == 3
    for side, weight in zip(sides, one.pooled.weights, strict=True):
        assert side == pytest.approx(max(sides) * math.sqrt(weight / max(one.pooled.weights)), abs=ROUNDING)


def rects(svg: str) -> list:  # type: ignore[type-arg] - of elements
    return [one for one in read(svg).iter(f"{SVG}rect") if one.get("class") is None]


def test_a_square_stands_on_its_value_and_its_whisker_on_its_interval() -> None:
    content = CONTENTS["two studies"]
    svg = forest_svg(content)
    ticks = {float(one.text): one.x for one in texts(svg) if one.kind == "tick"}
    (first, x1), *_, (last, x2) = ticks.items()
    square = rects(svg)[0]
    effect = content.lines[0].effect
    assert effect is not None
    middle = float(square.attrib["x"]) + float(square.attrib["width"]) / 2
    share = (effect.value - math.log(first)) / (math.log(last) - math.log(first))
    assert middle == pytest.approx(x1 + share * (x2 - x1), abs=3 * ROUNDING)


@BOTH
def test_an_interval_beyond_the_axis_gets_an_arrow_on_that_side_and_only_there(draw: type) -> None:
    near = [line(0.1 * n, -0.2, 0.4, f"S{n}") for n in range(3)]
    assert arrows(draw(alone(*near))) == 0
    assert arrows(draw(alone(*near, line(0.1, -0.3, 12.0, "Wide")))) == 1
    assert arrows(draw(alone(*near, line(0.1, -9, 12.0, "Wider")))) == 2
    assert arrows(draw(alone(*near, line(0.1, -0.2, math.inf, "Endless")))) == 1


@BOTH
def test_a_study_left_out_is_shown_with_its_reason_and_without_a_mark(draw: type) -> None:
    left = StudyLine("Epsilon 2013", "0/9", "0/8", None, left_out="no events in either arm")
    content = replace(case().content, lines=(*case().content.lines, left))
    words = written(draw(content))
    assert "Epsilon 2013" in words
    assert NOT_ESTIMABLE in words
    assert "No events in either arm" in words
    assert len(rects(draw(content))) == 2
    assert [row[-1] for row in forest_table(content).rows if row[0] == left.label] == ["No events in either arm"]


def test_without_a_pooled_effect_there_is_neither_diamond_nor_reference() -> None:
    svg = forest_svg(CONTENTS["not pooled"])
    assert "plot-diamond" not in svg
    assert "stroke-dasharray" not in svg
    assert "The studies are not pooled." in written(svg)
    assert "plot-diamond" in forest_svg(case().content)


def test_a_plot_that_cannot_know_its_measure_is_refused() -> None:
    with pytest.raises(ValueError, match="has to name its measure"):
        forest_svg(replace(CONTENTS["not pooled"], measure=None))


@pytest.mark.parametrize("option", [Options(), Options(tau2="DL", interval="hartung-knapp"), Options("common", "peto")])
def test_the_conventions_are_named(option: Options) -> None:
    words = written(forest_svg(case(MIXED, "OR" if option.method != "peto" else "PETO", option).content))
    assert "95 % intervals" in words
    assert "empty cells" in words
    assert ("DerSimonian–Laird" in words) == (option.tau2 == "DL")
    assert ("Hartung–Knapp" in words) == (option.interval == "hartung-knapp")
    assert ("weights by Peto" in words) == (option.method == "peto")
    assert ("τ² by" in words) == (option.model == "random")


def test_a_mean_below_nothing_has_a_minus_sign() -> None:
    words = written(forest_svg(CONTENTS["means"]))
    assert "−3.4 (2.3), 46" in words
    assert "-3.4" not in words


@pytest.mark.parametrize(
    "hostile", ["</title><script>x</script>", '"><image href="http://x"/>', "a & b", "]]>", "\x07"]
)
@BOTH
def test_nothing_given_can_run(draw: type, hostile: str) -> None:
    content = replace(
        case().content, title=hostile, outcome=hostile, a_name=hostile, favours_left=hostile, notes=(hostile,)
    )
    content = replace(content, lines=(replace(content.lines[0], label=hostile, a=hostile), content.lines[1]))
    assert is_inert(draw(content))
    assert "<script" not in forest_page([content])
    assert "<image" not in forest_page([content])


def test_what_was_found_stands_in_the_table_and_under_no_measure() -> None:
    table = forest_table(case(MIXED).content)
    found = {row[0]: row[-1] for row in table.rows[-4:]}
    assert list(found) == ["τ²", "I²", "Q", "Pooled effect, test"]
    assert found["Q"] in written(forest_svg(case(MIXED).content))
    assert all(set(row[1:-1]) == {""} for row in table.rows[-4:])


def test_the_page_holds_both_pictures_and_the_table_and_loads_nothing() -> None:
    page = forest_page([case().content, grouped()], "Evidence <here>")
    assert page.count('class="plot forest"') == page.count('class="plot forest narrow"') == 2
    assert page.count("<details>") == page.count("<table>") == 2
    assert "<script" not in page
    assert not re.findall(r"(?:src|href)=", page)
    assert "<title>Evidence &lt;here&gt;</title>" in page
    assert "prefers-color-scheme: dark" in page
    assert page == forest_page([case().content, grouped()], "Evidence <here>")


def test_the_narrow_picture_is_narrow_and_its_words_are_as_large_as_on_a_page() -> None:
    svg = forest_narrow_svg(case(MIXED).content)
    assert float(read(svg).attrib["viewBox"].split()[2]) <= 380
    assert min(one.size for one in texts(svg)) >= 13


def test_the_axis_of_a_ratio_has_its_null_in_sight_and_round_marks() -> None:
    axis = axis_of(MEASURES["RR"], [Estimate(-1, -1.8, -0.2)], (0, 250))
    assert axis.holds(1.0)
    assert axis.ticks == (0.2, 0.3, 0.5, 0.7, 1.0)
    assert axis_of(MEASURES["RR"], [Estimate(0, -2.4, 2.4)], (0, 250)).ticks == (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
