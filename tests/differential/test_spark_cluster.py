"""A cluster of two workers gives the decisions that Polars gives here, compared as sorted CSV byte for byte."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.differential.frames_drawn import skipped_where_missing
from tests.differential.spark_cluster import WORKERS, Cluster, running_cluster, spark_home
from tests.differential.test_frames_verdicts import Material, judge, library, materials

from ivigil.cli.app import run as ivigil
from ivigil.criteria.frames import cell_kinds
from ivigil.populations import judged
from ivigil.populations.audit.folder import decisions_in
from ivigil.populations.sorted_csv import sorted_csv
from ivigil.review.compiled import ORDERED
from ivigil.tables import Engine, Frame, Kind, start

__all__ = ["judge", "library", "materials"]  # fixtures
PATIENTS = "40"
SMALL = "australia-excerpt"
PARTS = 4
DRIVER = Path(__file__).with_name("cluster_judging.py")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with skipped_where_missing("spark"):
        home = spark_home()
    with running_cluster(home, tmp_path_factory.mktemp("cluster")) as found:
        yield found


def run(command: list[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]


def text_in(paths: list[Path]) -> str:
    engine = start("polars")
    return sorted_csv(engine, engine.read_parquet(paths))


def test_an_audit_on_a_cluster_decides_as_polars_does(cluster: Cluster, tmp_path: Path) -> None:
    """No worker has a Python, and both do some of the work."""
    records, here, there = (str(tmp_path / name) for name in ("records", "here", "there"))
    assert ivigil(["synth", records, "--patients", PATIENTS, "--workers", "1"]) == 0
    assert ivigil(["audit", records, here, "--workers", "1"]) == 0
    options = " ".join([*cluster.options, "pyspark-shell"])
    words = ["audit", records, there, "--workers", "1", "--engine", "spark", "--master", cluster.master]
    run([sys.executable, "-m", "ivigil", *words], {**cluster.environment(), "PYSPARK_SUBMIT_ARGS": options})
    expected = text_in(decisions_in(Path(here)))
    assert len(expected.splitlines()) > int(PATIENTS)
    assert text_in(decisions_in(Path(there))) == expected
    for name in ("report.html", "audit.json"):
        assert Path(there, name).read_bytes() == Path(here, name).read_bytes()
    done = cluster.tasks_done()
    assert len(done) == WORKERS
    assert all(done), done


def test_what_is_submitted_runs_where_it_was_submitted_to(
    cluster: Cluster, materials: Mapping[str, Material], tmp_path: Path
) -> None:
    before = sum(cluster.tasks_done())
    engine = start("polars")
    table = in_parts(engine, materials[SMALL], tmp_path / "parts")
    submit = [str(cluster.home / "bin" / "spark-submit"), "--master", cluster.master, *cluster.options]
    run([*submit, str(DRIVER), SMALL, str(tmp_path / "parts"), str(tmp_path / "decisions")], cluster.environment())
    expected = sorted_csv(engine, judged(table, materials[SMALL].plan, ["number"]))
    assert text_in(sorted((tmp_path / "decisions").glob("*.parquet"))) == expected
    assert sum(cluster.tasks_done()) > before


def in_parts(engine: Engine, material: Material, folder: Path) -> Frame:
    """The rows of a rule set, written to several files."""
    kinds: dict[str, Kind] = {"number": "whole", "indication": "text", ORDERED: "truth", "established": "truth"}
    for name in material.plan.facts:
        kinds |= cell_kinds(material.plan.catalogue[name])
    rows = [(number, *(row.get(name) for name in list(kinds)[1:])) for number, row in enumerate(material.rows)]
    paths = [folder / f"part-{place:04}.parquet" for place in range(PARTS)]
    folder.mkdir()
    for place, path in enumerate(paths):
        engine.write_parquet(engine.table(kinds, rows[place::PARTS]), path)
    return engine.read_parquet(paths)
