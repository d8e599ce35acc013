"""The picture of an infusion: well-formed, inert, the same on every run, and true to the steps it draws."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.test_infusion import orders
from tests.unit.review.test_plan import octagam, timetable, well

from ivigil.dosing.infusion import Day, InfusionOrder, Timetable
from ivigil.dosing.infusion import timetable as timetable_of
from ivigil.explain.step_chart import clock, step_chart
from ivigil.review.infusion_plan import Settings

SVG = "{http://www.w3.org/2000/svg}"
# Coordinates are written to a tenth of a pixel.
TENTH = 0.1


def day() -> Day:
    """Five rates, the last for some minutes that are not whole."""
    return timetable(octagam(well())).days[0]


def drawn(one: Day, title: str = "Day 1") -> ET.Element:
    return ET.fromstring(step_chart(one, title))  # noqa: S314 - made here


def line_of(root: ET.Element) -> str:
    """The path that is drawn thickest: the rates; the others are lines behind it."""
    paths = sorted(root.iter(f"{SVG}path"), key=lambda one: float(one.get("stroke-width", "1")))
    assert len({one.get("stroke-width", "1") for one in paths}) == 2
    return paths[-1].attrib["d"]


def corners(path: str) -> tuple[float, float, list[tuple[float, float]], float]:
    """Where a line begins, the height and the end of each plateau, and where it comes down to."""
    match = re.fullmatch(r"M([\d.]+) ([\d.]+)((?:V[\d.]+H[\d.]+)*)V([\d.]+)", path)
    assert match, path
    plateaus = re.findall(r"V([\d.]+)H([\d.]+)", match[3])
    return float(match[1]), float(match[2]), [(float(y), float(x)) for y, x in plateaus], float(match[4])


def test_it_is_an_image_with_its_words_first() -> None:
    root = drawn(day(), "Day <1> & 2")
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    titles = list(root.iter(f"{SVG}title"))
    assert titles == [root[0]]
    assert (titles[0].text or "").startswith("Day <1> & 2: ")


def test_its_words_say_every_rate_as_a_pump_shows_it_and_when_it_begins() -> None:
    said = drawn(day())[0].text or ""
    for step in day().steps:
        assert f"from {clock(step.start_minute)} {step.rate.shown_ml_per_h} mL/h" in said
    assert said.count("from ") == len(day().steps)


def test_there_are_as_many_plateaus_as_steps() -> None:
    assert len(corners(line_of(drawn(day())))[2]) == len(day().steps) == 5


@given(orders())
def test_whatever_is_planned_the_line_is_that_of_the_steps(order: InfusionOrder) -> None:
    found = timetable_of(order)
    for one in found.days if isinstance(found, Timetable) else ():
        if not one.steps:
            assert step_chart(one, "Day") == ""
            continue
        root = drawn(one)
        left, floor, plateaus, end = corners(line_of(root))
        assert len(plateaus) == len(one.steps)
        assert end == floor
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        right = plateaus[-1][1]
        assert 0 <= left < right <= width
        assert 0 <= plateaus[-1][0] < floor <= height
        # Minutes lie evenly along the picture and rates evenly up it, so that twice the rate is twice as high.
        highest, whole = one.steps[-1].rate.ml_per_h, one.steps[-1].end_minute
        for (y, x), step in zip(plateaus, one.steps, strict=True):
            assert x - left == pytest.approx(float(step.end_minute / whole) * (right - left), abs=2 * TENTH)
            share = float(step.rate.ml_per_h / highest)
            assert floor - y == pytest.approx(share * (floor - plateaus[-1][0]), abs=2 * TENTH)
        assert all(one >= after for (one, _), (after, _) in pairwise(plateaus))


@given(orders())
def test_no_mark_lies_outside_the_picture(order: InfusionOrder) -> None:
    found = timetable_of(order)
    for one in found.days if isinstance(found, Timetable) else ():
        if not one.steps:
            continue
        root = drawn(one)
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for text in root.iter(f"{SVG}text"):
            assert 0 <= float(text.attrib["x"]) <= width
            assert 0 <= float(text.attrib["y"]) <= height


def test_the_marks_reach_the_highest_rate_and_no_tick_comes_twice() -> None:
    texts = ["".join(one.itertext()) for one in drawn(day()).iter(f"{SVG}text")]
    heights = [int(one) for one in texts if one.isdigit()]
    assert heights[0] == 0
    assert heights == sorted({*heights})
    assert heights[-1] >= max(step.rate.ml_per_h for step in day().steps)
    assert len({after - one for one, after in pairwise(heights)}) == 1


@pytest.mark.parametrize(
    "ml_per_h",
    [
        "480",
        "60",
        "5",
        pytest.param(
            "1",
        ),
    ],
)
def test_the_marks_of_time_stay_few_enough_to_be_read(ml_per_h: str) -> None:
    slow = timetable(octagam(well(), Settings(pump_ml_per_h=Decimal(ml_per_h)))).days[0]
    texts = ["".join(one.itertext()) for one in drawn(slow).iter(f"{SVG}text")]
    ticks = [text for text in texts if re.fullmatch(r"\d+:\d\d", text)]
    assert ticks[0] == "0:00"
    assert 2 <= len(ticks) <= 9


def test_the_same_bytes_come_again() -> None:
    assert step_chart(day(), "Day 1") == step_chart(day(), "Day 1")


@pytest.mark.parametrize("hostile", ["</title><script>x</script>", '"><image href="http://x"/>', "a & b", "]]>"])
def test_nothing_in_it_runs_or_asks_elsewhere(hostile: str) -> None:
    root = drawn(day(), hostile)
    assert {one.tag.removeprefix(SVG) for one in root.iter()} == {"svg", "title", "path", "text"}
    names = {name for one in root.iter() for name in one.attrib}
    assert not {name for name in names if "href" in name or name.startswith("on") or name == "style"}
    assert step_chart(day(), hostile).count("://") == 1 + hostile.count("://")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [("0", "0:00"), ("59", "0:59"), ("59.01", "1:00"), ("60", "1:00"), ("124.1", "2:05"), ("1440", "24:00")],
)
def test_minutes_read_as_a_clock(minutes: str, words: str) -> None:
    assert clock(Fraction(minutes)) == words


@given(st.fractions(0, 100_000))
def test_a_time_is_never_shown_shorter_than_it_is(minutes: Fraction) -> None:
    hours, rest = clock(minutes).split(":")
    assert len(rest) == 2
    assert 0 <= int(hours) * 60 + int(rest) - minutes < 1
