"""A cluster of two workers gives the decisions that Polars gives here, compared as sorted CSV byte for byte."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.differential.frames_drawn import engine_named
from tests.differential.spark_cluster import WORKERS, Cluster, running_cluster
from tests.differential.test_frames_verdicts import Material, judge, library, materials

from ivigil.criteria.frames import cell_kinds
from ivigil.populations import judged
from ivigil.populations.sorted_csv import sorted_csv
from ivigil.review.compiled import ORDERED
from ivigil.tables import Kind, start

__all__ = ["judge", "library", "materials"]  # fixtures
LARGE, SMALL = "review-2015", "australia-excerpt"
PARTS = 6
DRIVER = Path(__file__).with_name("cluster_judging.py")


@dataclass(frozen=True)
class Task:
    """Parts of a table, the rules to judge it by, and what Polars says of all its rows."""

    rules: str
    parts: Path
    expected: str


def task_of(rules: str, materials: Mapping[str, Material], folder: Path) -> Task:
    material, engine = materials[rules], start("polars")
    kinds: dict[str, Kind] = {"number": "whole", "indication": "text", ORDERED: "truth", "established": "truth"}
    for name in material.plan.facts:
        kinds |= cell_kinds(material.plan.catalogue[name])
    rows = [(number, *(row.get(name) for name in list(kinds)[1:])) for number, row in enumerate(material.rows)]
    folder.mkdir()
    paths = [folder / f"part-{place:04}.parquet" for place in range(PARTS)]
    for place, path in enumerate(paths):
        engine.write_parquet(engine.table(kinds, rows[place::PARTS]), path)
    return Task(rules, folder, sorted_csv(engine, judged(engine.read_parquet(paths), material.plan, ["number"])))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    engine_named("spark").stop()  # or a skip that says why there is none
    import pyspark  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415 - an extra

    with running_cluster(Path(pyspark.__file__).parent, tmp_path_factory.mktemp("cluster")) as found:
        yield found


def decisions_in(folder: Path) -> str:
    engine = start("polars")
    return sorted_csv(engine, engine.read_parquet(sorted(folder.glob("*.parquet"))))


def run(command: list[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]


def test_a_cluster_decides_as_polars_does(cluster: Cluster, materials: Mapping[str, Material], tmp_path: Path) -> None:
    """No worker has a Python, and both do some of the work."""
    task = task_of(LARGE, materials, tmp_path / "parts")
    words = [str(DRIVER), task.rules, str(task.parts), str(tmp_path / "decisions"), cluster.master]
    options = " ".join([*cluster.options, "pyspark-shell"])
    run([sys.executable, *words], {**cluster.environment(), "PYSPARK_SUBMIT_ARGS": options})
    assert decisions_in(tmp_path / "decisions") == task.expected
    done = cluster.tasks_done()
    assert len(done) == WORKERS
    assert all(done), done


def test_what_is_submitted_runs_where_it_was_submitted_to(
    cluster: Cluster, materials: Mapping[str, Material], tmp_path: Path
) -> None:
    before = sum(cluster.tasks_done())
    task = task_of(SMALL, materials, tmp_path / "parts")
    submit = [str(cluster.home / "bin" / "spark-submit"), "--master", cluster.master, *cluster.options]
    run([*submit, str(DRIVER), task.rules, str(task.parts), str(tmp_path / "decisions")], cluster.environment())
    assert decisions_in(tmp_path / "decisions") == task.expected
    assert sum(cluster.tasks_done()) > before
