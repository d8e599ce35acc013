"""Numbers and words as a picture prints them."""

from __future__ import annotations

import math

import pytest

from ivigil.explain.plot_figures import figure, per_cent, tick_words
from ivigil.explain.plot_numbers import effect_words, p_words, printed
from ivigil.explain.plot_text import number, shortened, width_of, wrapped
from ivigil.explain.pooling_words import findings
from ivigil.synthesis.measures import MEASURES
from ivigil.synthesis.results import Estimate

from tests.unit.explain.plots import KAWASAKI, case  # isort: skip


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.3553, "0.36"), (1, "1.00"), (0, "0.00"), (0.0671, "0.067"), (0.0049, "0.0049"), (12.54, "12.5"),
        (144.4, "144"), (-0.25, "−0.25"), (6.5e-11, "6.5×10⁻¹¹"), (-2.5e7, "−2.5×10⁷"),
        (math.inf, "∞"), (-math.inf, "−∞"), (math.nan, "–"),
    ],
)  # fmt: skip
def test_a_value_keeps_the_figures_that_say_something(value: float, words: str) -> None:
    assert figure(value) == words


@pytest.mark.parametrize(
    ("p", "words"),
    [(0.0004, "p < 0.001"), (0.0067, "p = 0.007"), (0.0949, "p = 0.095"), (0.334, "p = 0.33"), (1, "p = 1.00")],
)
def test_p_values(p: float, words: str) -> None:
    assert p_words(p) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.2, "0.2"), (10.0, "10"), (-4, "−4"), (1e-5, "10⁻⁵"), (2e6, "2×10⁶"), (0, "0"), (1000, "1000")],
)
def test_marks_of_an_axis(value: float, words: str) -> None:
    assert tick_words(value) == words


@pytest.mark.parametrize(
    ("data", "words"),
    [("-3.4 (2.3), 46", "−3.4 (2.3), 46"), ("6/40", "6/40"), ("3-4", "3-4"), ("0.2 (-1)", "0.2 (−1)")],
)
def test_only_a_hyphen_before_a_number_is_a_minus(data: str, words: str) -> None:
    assert printed(data) == words


def test_an_effect_is_shown_on_the_scale_of_its_reader() -> None:
    assert effect_words(MEASURES["RR"], Estimate(0.0, -math.log(2), math.log(2))) == "1.00 [0.50, 2.00]"
    assert effect_words(MEASURES["MD"], Estimate(0.0, -2, 2)) == "0.00 [−2.00, 2.00]"
    assert effect_words(MEASURES["RR"], Estimate(1.0, 0.0, 5000.0)) == "2.72 [1.00, ∞]"
    assert (
        effect_words(MEASURES["RR"], Estimate(math.nan, 0, 1)) == effect_words(MEASURES["RR"], None) == "not estimable"
    )


def test_per_cents_and_coordinates_have_one_spelling() -> None:
    assert [per_cent(0), per_cent(12.34), per_cent(100)] == ["0 %", "12.3 %", "100 %"]
    assert [number(-0.04), number(3.0), number(2.25)] == ["0", "3", "2.2"]


def test_words_break_into_lines_no_wider_than_the_room_and_say_where_some_are_missing() -> None:
    assert wrapped("one two three", 60, 13) == ("one two", "three")
    assert wrapped("", 60, 13) == ()
    assert wrapped("word " * 40, 60, 13, most=2)[-1].endswith("…")
    assert "".join(wrapped("Immunoglobulinsubstitution", 60, 13, most=9)) == "Immunoglobulinsubstitution"
    assert shortened("short", 100, 13) == "short"
    assert width_of("W", 10, bold=True) > width_of("W", 10) > width_of("i", 10)
    assert width_of("e\u0301", 10) == width_of("e", 10)


def test_what_was_found_says_what_a_reader_must_know() -> None:
    lines = findings(case().pooled)
    assert lines[0].startswith("Between studies: τ²")
    assert lines[1].startswith("Pooled effect: z = −")
    assert [one for one in findings(case(KAWASAKI[:1]).pooled) if one.startswith("Between studies")] == []
