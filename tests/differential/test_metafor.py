"""ivigil's synthesis beside metafor: every pinned value of every data set, and that the pins cover every option.

The pins are made by ``validation/metafor/regenerate.py``; reading them needs no R. Why each tolerance is what it is
stands beside it in ``validation/metafor/agreement.py``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from ivigil.synthesis.measures import MEASURES
from ivigil.synthesis.options import IntervalMethod, Method, Model, Prediction, Tau2, ZeroCells

VALIDATION = Path(__file__).resolve().parents[2] / "validation" / "metafor"
sys.path.insert(0, str(VALIDATION))  # the scripts are no package

import agreement  # noqa: E402 - found by the line above
import readme_table  # noqa: E402
from datasets import DataSet, data_sets, digest  # noqa: E402
from sources import PRIMARY, Source, source_faults, sources_of  # noqa: E402

# How many data sets, of different papers, have to be read in the reports of their studies or in the papers that
# published them: none of metafor's own (GPL) collection, and none as a tutorial prints it.
FEWEST_PRIMARY = 12
# What of a paper can be read; a program of its authors that says its table is that of the paper is not the paper.
READ_IN_A_PAPER = {"abstract", "table", "full text"}
# An event is rare where no arm has it in more than this share.
RARE = 0.05
SETS = data_sets()


@pytest.mark.parametrize("data", SETS, ids=lambda one: one.id)
def test_every_value_agrees_with_metafor(data: DataSet) -> None:
    values = list(agreement.compared(data))
    assert values
    assert [str(one) for one in values if not one.agrees and not one.is_departure] == []


@pytest.mark.parametrize("data", SETS, ids=lambda one: one.id)
def test_what_differs_on_purpose_still_differs(data: DataSet) -> None:
    expected = {path for path in agreement.DEPARTURES if path.startswith(f"{data.id}/")}
    assert {one.path for one in agreement.compared(data) if one.is_departure and not one.agrees} == expected


def test_the_tolerances_are_no_looser_than_promised() -> None:
    assert agreement.CLOSED_FORM <= 1e-8
    assert agreement.LIKELIHOOD <= 1e-6


def test_only_likelihood_is_compared_loosely() -> None:
    loose = [one for data in SETS[:3] for one in agreement.compared(data) if one.tolerance > agreement.CLOSED_FORM]
    assert loose
    assert all({"REML", "ML"} & set(one.name.split("/")) for one in loose)


def test_the_pins_are_of_the_data_as_they_stand() -> None:
    assert agreement.pinned()["data_digest"] == digest(), "run validation/metafor/regenerate.py again"


def test_every_data_set_and_measure_is_pinned() -> None:
    wanted = {(data.id, measure) for data in SETS for measure in data.measures}
    assert {tuple(of.split("/")[:2]) for of in agreement.pinned()["values"]} == wanted


def test_no_pin_is_left_empty() -> None:
    empty = [f"{of}/{path}" for of, path, values in _pins() if not values and not path.endswith("/kept")]
    # A share of variance explained has no meaning under a common effect: the one gap that metafor leaves.
    holes = [f"{of}/{path}" for of, path, values in _pins() if None in values and "/common/" not in path]
    assert empty + holes == []


def test_every_measure_is_pinned() -> None:
    assert {of.split("/")[1] for of, _, _ in _pins()} == set(MEASURES)


@pytest.mark.parametrize(
    ("section", "part", "names"),
    [
        ("pooled", 0, get_args(ZeroCells)),
        ("pooled", 1, ("common", *get_args(Tau2))),
        ("pooled", 2, get_args(IntervalMethod)),
        ("pooled", 3, ("0.9", "0.95")),
        ("regression", 1, ("common", *get_args(Tau2))),
        ("regression", 2, get_args(IntervalMethod)),
        ("subgroups", 0, ("separate", "common")),
        ("prediction", 2, get_args(Prediction)),
        ("mantel-haenszel", 0, get_args(ZeroCells)),
        ("peto", 0, get_args(ZeroCells)),
        ("leave-one-out", 0, ("common", "DL", "REML")),
        ("cumulative", 0, ("common", "DL", "REML")),
        ("trim-and-fill", 1, ("L0", "R0")),
    ],
)
def test_every_option_is_pinned(section: str, part: int, names: tuple[str, ...]) -> None:
    pinned = {path.split("/")[part] for of, path, _ in _pins() if of.endswith(f"/{section}")}
    assert pinned == set(names)


def test_every_method_and_model_is_pinned() -> None:
    sections = {of.split("/")[2] for of, _, _ in _pins()}
    pooled_by = {"inverse-variance": "pooled", "mantel-haenszel": "mantel-haenszel", "peto": "peto"}
    assert set(pooled_by) == set(get_args(Method))
    assert sections >= set(pooled_by.values())
    assert set(get_args(Model)) == {"common", "random"}


@pytest.mark.parametrize("section", ["egger", "egger-mixed", "begg", "harbord", "peters", "profile", "weights"])
def test_every_test_is_pinned(section: str) -> None:
    assert any(of.endswith(f"/{section}") for of, _, _ in _pins())


def test_enough_primary_data_sets_of_different_papers() -> None:
    papers = {frozenset(source.url for source in data.sources) for data in _primary()}
    assert len(papers) >= FEWEST_PRIMARY


def test_the_primary_data_sets_are_of_every_kind() -> None:
    primary = _primary()
    assert {data.kind for data in primary} == {"two-by-two", "two means", "proportion", "correlation", "reported"}
    assert {1, 2} <= {len(data.studies) for data in primary}
    assert any(_is_rare(data) and _has_an_empty_cell(data) for data in primary)


def test_the_figures_of_a_primary_set_were_read_in_the_paper_itself() -> None:
    read = {source.text for data in _primary() for source in data.sources}
    assert read <= READ_IN_A_PAPER


def test_correlations_were_read_in_primary_papers_and_of_several_lengths() -> None:
    lengths = {len(data.studies) for data in _primary() if data.kind == "correlation"}
    assert 2 in lengths
    assert max(lengths) > 2


def test_the_readme_shows_how_every_data_set_was_read() -> None:
    text = readme_table.README.read_text(encoding="utf-8")
    assert readme_table.with_table(text, readme_table.table(SETS)) == text, "run validation/metafor/readme_table.py"


def test_a_set_is_primary_only_where_every_study_of_it_is() -> None:
    for data in SETS:
        assert data.is_primary == all(_source_of(data, label).origin in PRIMARY for label in data.labels)


READ = {"citation": "a", "url": "https://a.test", "origin": "study report", "text": "abstract", "read": "counts"}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"origin": "primary"}, "origin"),
        ({"text": "data file"}, "text"),
        ({"origin": "own paper", "text": "data of the authors"}, "text"),
        ({"url": "somewhere"}, "url"),
        ({"studies": ["one"]}, "two"),
        ({"studies": ["one", "two", "three"]}, "three"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_source_is_read_strictly(changed: dict[str, object], named: str) -> None:
    faults = list(source_faults([{**READ, **changed}], ["one", "two"], "a.yaml"))
    assert [fault for fault in faults if named in fault.where or named == fault.found]


@pytest.mark.parametrize("name", READ)
def test_no_field_of_a_source_may_be_missing(name: str) -> None:
    written = {key: value for key, value in READ.items() if key != name}
    assert any(fault.found == f"no {name}" for fault in source_faults([written], ["one"], "a.yaml"))


def test_two_sources_may_share_a_set_but_not_a_study() -> None:
    halves = [{**READ, "studies": ["one"]}, {**READ, "origin": "secondary", "text": "page", "studies": ["two"]}]
    assert list(source_faults(halves, ["one", "two"], "a.yaml")) == []
    assert [one.is_primary for one in sources_of(halves)] == [True, False]
    assert list(source_faults([READ, READ], ["one"], "a.yaml"))


def _primary() -> list[DataSet]:
    return [data for data in SETS if data.is_primary]


def _source_of(data: DataSet, label: str) -> Source:
    (found,) = (one for one in data.sources if not one.studies or label in one.studies)
    return found


def _is_rare(data: DataSet) -> bool:
    arms = [(row[f"events_{arm}"], row[f"n_{arm}"]) for row in data.table for arm in "ab" if "events_a" in row]
    return bool(arms) and all(events <= RARE * n for events, n in arms)


def _has_an_empty_cell(data: DataSet) -> bool:
    return data.kind == "two-by-two" and any(0 in (row["events_a"], row["events_b"]) for row in data.table)


def _pins() -> Iterator[tuple[str, str, list[float | None]]]:
    for of, pins in agreement.pinned()["values"].items():
        for path, values in pins.items():
            yield of, path, values
