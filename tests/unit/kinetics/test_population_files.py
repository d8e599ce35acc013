"""Populations in files: Parquet written whole or taken up again, and people read from a table."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.unit.kinetics.linear_models import on_record

from ivigil.documents import BadInput, IvigilError
from ivigil.kinetics import parquet, population
from ivigil.kinetics.doses import every
from ivigil.kinetics.people import Covariates
from ivigil.kinetics.people_table import read_people
from ivigil.kinetics.population import Population, block_of, blocks_of
from ivigil.kinetics.population_linear import LinearKinetics
from ivigil.kinetics.population_people import WeightSpread
from ivigil.kinetics.population_summary import summarised
from ivigil.kinetics.targets_search import Target
from ivigil.kinetics.variability import variability_of

MODEL = on_record("zhang-2020")
PEOPLE = Population(
    LinearKinetics(MODEL, variability_of(MODEL)),
    WeightSpread(70.0, 20.0, Covariates(None, age_years=40.0)),
    every(30.0, 28.0, 3),
    count=25,
    seed=1,
    judged=(56.0, 84.0),
    days=(28.0, 56.5),
    block=10,
)
TARGETS = (Target("trough", 7.0),)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    pytest.importorskip("polars")
    return tmp_path / "people.parquet"


def read(path: Path) -> dict[str, np.ndarray]:
    import polars as pl  # noqa: PLC0415 - an extra

    return {name: column.to_numpy() for name, column in pl.read_parquet(path).to_dict().items()}


def test_a_row_for_everybody_and_the_summary_of_all(out: Path) -> None:
    summary = parquet.write_population(PEOPLE, out, TARGETS, workers=2)
    expected = summarised(PEOPLE, blocks_of(PEOPLE), TARGETS)
    assert (summary.quantiles, summary.reached) == (expected.quantiles, expected.reached)
    assert np.array_equal(summary.bands, expected.bands)
    columns = read(out)
    assert columns["person"].tolist() == list(range(25))
    blocks = [block_of(PEOPLE, place) for place in range(3)]
    assert np.array_equal(columns["day_56.5"], np.concatenate([block.levels[:, 1] for block in blocks]))
    assert np.array_equal(columns["trough"], np.concatenate([block.trough for block in blocks]))
    assert np.array_equal(columns["eta_CL"], np.concatenate([block.etas[:, 0] for block in blocks]))
    assert np.isnan(columns["igm_g_per_l"].astype(float)).all()
    assert {path.name for path in out.parent.iterdir()} == {out.name}


def test_an_interrupted_run_works_only_what_is_missing(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[int] = []

    def failing(people: Population, place: int) -> population.Block:
        worked.append(place)
        if place == 1 and worked.count(1) == 1:
            raise KeyboardInterrupt
        return block_of(people, place)

    monkeypatch.setattr(population, "block_of", failing)
    with pytest.raises(KeyboardInterrupt):
        parquet.write_population(PEOPLE, out)
    assert not out.exists()
    summary = parquet.write_population(PEOPLE, out, TARGETS)
    assert worked == [0, 1, 1, 2]
    assert summary.quantiles == summarised(PEOPLE, blocks_of(PEOPLE)).quantiles
    other = out.with_name("again.parquet")
    parquet.write_population(PEOPLE, other)
    assert other.read_bytes() == out.read_bytes()


def test_parts_of_another_population_are_not_mixed_in(out: Path) -> None:
    parts = out.with_name(out.name + ".parts")
    parts.mkdir()
    (parts / "key").write_text(PEOPLE.key)
    with pytest.raises(BadInput, match="another population"):
        parquet.write_population(replace(PEOPLE, seed=2), out)
    (parts / "key").unlink()
    (parts / "mine.txt").write_text("")
    with pytest.raises(BadInput, match="without a key"):
        parquet.write_population(PEOPLE, out)
    assert (parts / "mine.txt").exists()


def test_no_file_is_written_over(out: Path) -> None:
    out.write_text("mine")
    with pytest.raises(BadInput, match="no file of that name"):
        parquet.write_population(PEOPLE, out)
    with pytest.raises(BadInput, match="a folder to write in"):
        parquet.write_population(PEOPLE, out.parent / "none" / "people.parquet")
    assert out.read_text() == "mine"


def test_without_polars_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(IvigilError, match="extra populations"):
        parquet.write_population(PEOPLE, tmp_path / "people.parquet")
    assert not list(tmp_path.iterdir())


def test_people_are_read_with_their_units() -> None:
    table = read_people(b"ID,WT [[lb_av]],AGE [a],SAD,note\n1,100,41,0,x\n2,.,.,1,y\n", "people.csv", ignored=("note",))
    assert table.weight_kg[0] == pytest.approx(45.359237)
    assert table.person(1) == Covariates(None, secondary_deficiency=True)
    assert table.rows(slice(0, 1)).size == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "nothing"),
        (b"WT\n5\n", "no unit"),
        (b"WT [kg]\n", "without rows"),
        (b"ID\n1\n", "no covariate"),
        (b"AMT [g],WT [kg]\n1,2\n", "a column of events"),
        (b"WT [kg],WT [kg]\n1,2\n", "WT: found the column twice"),
        (b"WT [kg]\n-3\nx\n", r"row 2, WT: found -3(.|\n)*row 3, WT: found 'x'"),
        (b"WT [kg]\n3,4\n", "2 cells"),
        (b"\xff", "UTF-8"),
    ],
)
def test_people_that_cannot_be_read_are_refused(text: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_people(text, "people.csv")
