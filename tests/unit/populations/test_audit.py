"""An audit from made-up records to its report: every figure is worked out again here, by plain DuckDB and Polars."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from ivigil.cli.app import run
from ivigil.explain.audit_words import grams_words, number_words
from ivigil.knowledge import load

PATIENTS = 60
SEED = 11
Json = dict[str, Any]  # what the JSON holds
MEASURES = (
    "count(distinct patient), count(distinct patient || '|' || request), count(*), "
    "coalesce(sum(milligrams), 0), count(*) filter (where milligrams is null)"
)
NAMES = ("patients", "requests", "rows", "milligrams", "without_grams")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up patients, of whom no file but those of FHIR is kept."""
    out = tmp_path_factory.mktemp("records") / "cohort"
    assert run(["synth", str(out), "--patients", str(PATIENTS), "--seed", str(SEED)]) == 0
    return out


@pytest.fixture(scope="module")
def exact(records: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("exact") / "out"
    assert run(["audit", str(records), str(out), "--compare", "ontario-excerpt", "--exact"]) == 0
    return out


@pytest.fixture(scope="module")
def public(exact: Path, records: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run reported again, with small numbers hidden."""
    out = tmp_path_factory.mktemp("public") / "out"
    shutil.copytree(exact, out)
    assert run(["audit", str(records), str(out), "--compare", "ontario-excerpt"]) == 0
    return out


def figures(out: Path) -> Json:
    found: Json = json.loads((out / "audit.json").read_text(encoding="utf-8"))
    return found


def groups(report: Json) -> Iterator[tuple[str, Json]]:
    for name, table in report["tables"].items():
        for group in (*table["groups"], *table["margins"], table["total"]):
            yield name, group


def again(out: Path, where: str) -> dict[str, int]:
    """What a condition finds in the decisions."""
    query = f"select {MEASURES} from '{out}/decisions/*.parquet' where {where}"  # noqa: S608 - the report's own condition
    (row,) = duckdb.sql(query).fetchall()
    return dict(zip(NAMES, map(int, row), strict=True))


def decisions(out: Path) -> pl.DataFrame:
    return pl.read_parquet(out / "decisions" / "*.parquet")


def test_every_figure_is_found_again_by_its_condition(exact: Path) -> None:
    report = figures(exact)
    seen = 0
    for _, group in groups(report):
        assert {name: group[name] for name in NAMES} == again(exact, group["where"]), group["where"]
        seen += 1
    assert seen > 200
    assert {"indication", "standing", "evidence_level", "verdict", "site", "month", "review"} <= set(report["tables"])


def test_a_page_says_whether_it_may_be_passed_on(exact: Path, public: Path) -> None:
    for folder, shown in ((exact, False), (public, True)):
        page = (folder / "report.html").read_text(encoding="utf-8")
        assert ("may be passed on" in page) == shown
        assert ">1 rows" not in page


def test_the_figures_stand_in_the_page(exact: Path) -> None:
    page = unescape((exact / "report.html").read_text(encoding="utf-8"))
    for name in ("indication", "standing", "evidence_level", "verdict", "site", "month"):
        for group in figures(exact)["tables"][name]["groups"]:
            row = next(one for one in page.split("<tr") if f"<code>{group['where']}</code>" in one)
            assert f">{number_words(group['patients'])}</td>" in row
            assert f">{number_words(group['requests'])}</td>" in row
            assert f">{grams_words(group['milligrams'])}</td>" in row


def test_grams_and_rows_are_the_same_however_they_are_divided(exact: Path) -> None:
    found = decisions(exact)
    for table in figures(exact)["tables"].values():
        assert (
            sum(one["milligrams"] for one in table["groups"])
            == found["milligrams"].sum()
            == table["total"]["milligrams"]
        )
        assert sum(one["rows"] for one in table["groups"]) == len(found)


def test_a_request_counts_its_grams_once(exact: Path) -> None:
    """The parts of a request that names several indications add up to what it asks for, to a milligram each."""
    asked = decisions(exact).filter(pl.col("grams").is_not_null())
    requests = asked.group_by("patient", "request").agg(
        pl.col("milligrams").sum(), pl.col("grams").first(), pl.len().alias("parts"), pl.col("of_request").first()
    )
    assert requests.filter(pl.col("parts") > 1).height
    assert requests.filter(pl.col("parts") != pl.col("of_request")).is_empty()
    wrong = requests.filter((pl.col("milligrams") - pl.col("grams") * 1000).abs() > pl.col("parts"))
    assert wrong.is_empty()


def test_what_was_read_was_judged_or_set_aside(exact: Path) -> None:
    counts = figures(exact)["counts"]
    found = decisions(exact)
    assert counts["requests"] == counts["judged"] + counts["quarantined"]
    assert counts["judged"] == found.select("patient", "request").unique().height
    assert counts["rows"] == len(found)
    orders = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in Path(exact).glob("quarantine.ndjson"))
    assert orders == counts["quarantined"] + counts["lines_set_aside"]


def test_grams_saved_are_those_above_the_highest_regimen(exact: Path) -> None:
    found = decisions(exact)
    step = float(load().rounding.step_g)
    seen = 0
    for name, table in figures(exact)["tables"].items():
        if not name.startswith("dose:"):
            continue
        rule = name.removeprefix("dose:")
        above = (pl.col("grams") - pl.col(f"regimen_high_g:{rule}")) * 1000 / pl.col("of_request")
        rows = found.filter(
            (pl.col("grams") - pl.col(f"regimen_high_g:{rule}") >= step) & (pl.col(f"weight_state:{rule}") == "certain")
        )
        saved = sum(one["saved_milligrams"] for one in table["groups"])
        assert abs(saved - (rows.select(above.sum()).item() or 0)) <= len(rows)
        assert sum(one["rows"] for one in table["groups"] if one["key"][name] == "above") == len(rows)
        seen += len(rows)
    assert seen


def test_small_numbers_are_hidden_and_the_others_rounded(exact: Path, public: Path) -> None:
    policy = load().audits.disclosure["disclosure"]
    true = {(name, group["where"]): group for name, group in groups(figures(exact))}
    report = figures(public)
    assert report["exact"] is False
    hidden = 0
    for name, group in groups(report):
        own = true[name, group["where"]]
        if group.get("hidden"):
            hidden += 1
            assert all(group[one] is None for one in NAMES)
        else:
            assert not 0 < own["patients"] <= policy.hide_up_to
            assert all(abs(group[one] - own[one]) * 2 <= policy.round_to for one in NAMES if one != "milligrams")
            assert all(group[one] % policy.round_to == 0 for one in NAMES if one != "milligrams")
            assert abs(group["milligrams"] - own["milligrams"]) * 2 <= 1000
            assert group["milligrams"] % 1000 == 0
    assert hidden


def test_no_name_of_a_row_or_patient_is_passed_on(exact: Path, public: Path) -> None:
    names = decisions(exact)["patient"].unique().to_list()
    for name in ("report.html", "audit.json"):
        text = (public / name).read_text(encoding="utf-8")
        assert not any(one in text for one in names)
    shown = figures(exact)["open_rows"]
    assert shown
    assert all(one["missing"] for one in shown)
    assert any(one in (exact / "report.html").read_text(encoding="utf-8") for one in names)


def test_the_page_loads_and_runs_nothing(public: Path) -> None:
    page = (public / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert page.count("<h1") == 1
    assert all(f'id="{one}"' in page for one in re.findall(r'href="#([^"]+)"', page))
    assert all("<title>" in one for one in page.split("<svg")[1:])


def test_what_another_rule_set_says_is_what_it_says_alone(exact: Path, records: Path, tmp_path: Path) -> None:
    out = tmp_path / "alone"
    assert run(["audit", str(records), str(out), "--rules", "ontario-excerpt", "--engine", "duckdb"]) == 0
    both = decisions(exact).join(decisions(out).select("row", alone="verdict", stood="standing"), on="row")
    assert len(both) == len(decisions(exact))
    assert both.filter(pl.col("other:verdict") != pl.col("alone")).is_empty()
    assert both.filter(pl.col("other:standing") != pl.col("stood")).is_empty()
    assert both.filter(pl.col("moved") != (pl.col("verdict") != pl.col("alone"))).is_empty()


def test_engines_give_the_same_report(records: Path, exact: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    given = ["audit", str(records), str(out), "--compare", "ontario-excerpt", "--exact", "--engine", "duckdb"]
    assert run(given) == 0
    for name in ("audit.json", "report.html"):
        assert (out / name).read_bytes() == (exact / name).read_bytes()
    assert decisions(out).equals(decisions(exact))


def test_a_run_that_was_stopped_ends_with_the_same_bytes(records: Path, exact: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(exact, out)
    (out / "decisions" / "part-0000.parquet").unlink()
    (out / "report.html").unlink()
    (out / "decisions" / "part-0000.unfinished").write_bytes(b"half")
    assert run(["audit", str(records), str(out), "--compare", "ontario-excerpt", "--exact"]) == 0
    assert contents(out) == contents(exact)


def contents(out: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
