"""Where Spark runs, and what is said where it does not: one sentence, told before anything is begun."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.differential.frames_drawn import skipped_where_missing
from tests.differential.spark_cluster import spark_home

from ivigil.tables import EngineMissingError, start


@pytest.fixture(autouse=True)
def _spark() -> None:
    with skipped_where_missing("spark"):
        spark_home()


def test_a_master_that_means_nothing_is_told_in_one_line() -> None:
    with pytest.raises(EngineMissingError) as caught:
        start("spark", master="nowhere")
    assert str(caught.value).startswith("Spark did not start at nowhere: ")
    assert "\n" not in str(caught.value)


def test_without_java_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineMissingError, match="there is none in"):
        start("spark")
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineMissingError, match="none was found on the path"):
        start("spark")


def test_where_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    from ivigil.tables.spark.session import _settings  # noqa: PLC0415 - imports pyspark

    assert _settings(3, None)["spark.master"] == "local[3]"
    assert _settings(3, "spark://host:7077")["spark.master"] == "spark://host:7077"
    monkeypatch.setenv("PYSPARK_GATEWAY_PORT", "1")
    assert "spark.master" not in _settings(3, None)  # spark-submit has said it
    assert not any(name.startswith("spark.driver") for name in _settings(3, "yarn"))


def test_a_session_that_runs_is_joined_and_left_running() -> None:
    first = start("spark")
    second = start("spark")
    second.stop()
    assert first.rows(first.table({"n": "whole"}, [(1,)])) == [(1,)]
    first.stop()
