"""How fast parsed rows of facts are judged and planned: rows a second by each engine, under one rule set.

Run ``python benchmarks/populations_frames.py [ROWS]`` from a set-up checkout; a million rows unless said otherwise.
Each row is one request for one indication, drawn evenly; about half of its facts are known. The table is written to
Parquet first; what is timed is reading it, judging every row (*judged*), or judging it with dose check, weight rules
and hazards (*planned*), and writing the answers to Parquet again. Each run has a process of its own, on the same two
threads, so that its peak memory is its own; Spark is left out where it is not installed. The row evaluators answer a
sample in the same run. Nothing is asserted.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import polars as pl
from populations_watch import watched
from rich.console import Console
from rich.table import Table

from ivigil.criteria import facts_of
from ivigil.facts import Fact
from ivigil.knowledge import load
from ivigil.populations import RuleSetDiagram, compile_rule_set, judged, planned, planned_in, planned_kinds, reach_of
from ivigil.populations.compiled import ESTABLISHED, INDICATION
from ivigil.populations.planning import EXACT_NEEDED
from ivigil.populations.rows import MEASURES
from ivigil.review import Judge
from ivigil.review.compiled import ORDERED
from ivigil.tables import ENGINES, start

ROWS = 1_000_000
RULES = "review-2015"
THREADS = 2
SAMPLE = 2_000
BLOCK = 10_000  # values drawn of each fact; the columns draw from them
_ANSWERS = {"judged": judged, "planned": planned}
_USUAL = {"request_total_dose_per_kg": 3.0, "request_daily_dose_per_kg": 1.0, "weight": 150.0, "height": 210.0}
_USUAL |= {"request_infusion_days": 5.0, "request_total_dose": 200.0, "request_daily_dose": 80.0}
KNOWN, DEFINITE = 0.5, 0.95  # shares of rows in which a fact is known; in which the request's own facts are


def main(arguments: Sequence[str]) -> None:
    """Make a table and time every engine on it, or, where called so by itself, one engine."""
    if len(arguments) > 1:
        _run(arguments[0], arguments[1], Path(arguments[2]))
        return
    rows = int(arguments[0]) if arguments else ROWS
    judge = Judge(load())
    plan = compile_rule_set(judge.library.rule_sets[RULES], judge)
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "facts.parquet"
        _table(plan, rows).write_parquet(table)
        lines = [_timed(name, what, table, rows) for what in _ANSWERS for name in engines()]
        lines += [_row_evaluator(plan, judge, table), _row_planner(plan, table)]
    _print(lines, rows, plan)


def engines() -> list[str]:
    """The engines that this machine has."""
    has_spark = find_spec("pyspark") is not None and shutil.which("java") is not None
    return ["polars", "duckdb", *(["spark"] if has_spark else [])]


def _table(plan: RuleSetDiagram, rows: int) -> pl.DataFrame:
    rng = random.Random(7)  # noqa: S311 - a made-up cohort
    columns = {"number": pl.Series(range(rows)), INDICATION: _drawn(list(plan.appraised), rows, 0)}
    for seed, name in enumerate(_facts(plan), start=1):
        columns[name] = _drawn([_value(plan.catalogue[name], rng) for _ in range(BLOCK)], rows, seed)
    return pl.DataFrame(columns)


def _facts(plan: RuleSetDiagram) -> list[str]:
    """Those that rules of verdicts, hazards and weights, and the dose check, may ask for."""
    library = plan.library
    rules = [factor.rule for hazard in library.hazards.values() for factor in hazard.risk_factors if factor.rule]
    asked = (fact for rule in rules for fact in facts_of(library.trees[rule]))
    return list(dict.fromkeys((*plan.facts, *asked, *MEASURES, "sex", "pregnant", "request_route")))


def _drawn(values: list[str] | list[bool | str | float | None], rows: int, seed: int) -> pl.Series:
    return pl.Series(values).sample(rows, with_replacement=True, shuffle=True, seed=seed)


def _value(fact: Fact, rng: random.Random) -> bool | str | float | None:
    share = DEFINITE if fact.id in {ORDERED, ESTABLISHED, "request_phase"} else KNOWN
    if rng.random() > share:
        return None
    if fact.kind == "truth":
        return rng.random() < share
    if fact.kind == "code":
        return rng.choice(fact.option_ids())
    low, high = (float(fact.range.min), float(fact.range.max)) if fact.range else (0.0, 100.0)
    drawn = rng.uniform(low, min(high, _USUAL.get(fact.id, high)))
    return float(int(drawn) + 1) if fact.kind == "count" else round(drawn, 1)


def _timed(name: str, what: str, table: Path, rows: int) -> tuple[str, ...]:
    """One engine in a process of its own: seconds, rows a second and peak memory."""
    environment = {**os.environ, "POLARS_MAX_THREADS": str(THREADS)}
    command = [sys.executable, __file__, name, what, str(table)]
    done = watched(command, environment)
    build, seconds = (float(one) for one in done.lines[-1].split())
    memory = "" if done.peak_gib is None else f"{done.peak_gib:.2f}"
    return f"{name}, {what}", f"{build:.2f}", f"{seconds:.2f}", f"{rows / seconds:,.0f}", memory


def _run(name: str, what: str, table: Path) -> None:
    judge = Judge(load())
    plan = compile_rule_set(judge.library.rule_sets[RULES], judge)
    engine = start(next(one for one in ENGINES if one == name), threads=THREADS)
    begun = time.perf_counter()
    answers = _ANSWERS[what](engine.read_parquet([table]), plan, ["number", INDICATION])
    built = time.perf_counter()
    engine.write_parquet(answers, table.with_name(f"{name} {what}.parquet"))
    done = time.perf_counter()
    print(built - begun, done - built)
    engine.stop()


def _row_evaluator(plan: RuleSetDiagram, judge: Judge, table: Path) -> tuple[str, ...]:
    """The single-case evaluator on the first rows, and whether the table gave them the same verdicts."""
    facts = pl.read_parquet(table).head(SAMPLE).to_dicts()
    answers = pl.read_parquet(table.with_name("polars judged.parquet")).sort("number").head(SAMPLE)["verdict"].to_list()
    begun = time.process_time()
    found = [reach_of(row, plan, judge).verdicts for row in facts]
    seconds = time.process_time() - begun
    same = sum(
        (one[0] if len(one) == 1 else "needs-information") == two for one, two in zip(found, answers, strict=True)
    )
    return f"row evaluator, judged ({same} of {SAMPLE} alike)", "", f"{seconds:.2f}", f"{SAMPLE / seconds:,.0f}", ""


def _row_planner(plan: RuleSetDiagram, table: Path) -> tuple[str, ...]:
    """The single-case evaluators of dose, weight and hazards on the same rows, and whether all they say is alike."""
    facts = pl.read_parquet(table).head(SAMPLE).to_dicts()
    answers = pl.read_parquet(table.with_name("polars planned.parquet")).sort("number").head(SAMPLE).to_dicts()
    begun = time.process_time()
    found = [planned_in(row, plan, answer["standing"]) for row, answer in zip(facts, answers, strict=True)]
    seconds = time.process_time() - begun
    left = sum(answer[EXACT_NEEDED] for answer in answers)
    texts = [name for name, kind in planned_kinds(plan.library).items() if kind != "number"]
    same = sum(
        answer[EXACT_NEEDED] or all(row[name] == answer[name] for name in texts)
        for row, answer in zip(found, answers, strict=True)
    )
    name = f"row evaluators, planned ({same} of {SAMPLE} alike, {left} of them left to it)"
    return name, "", f"{seconds:.2f}", f"{SAMPLE / seconds:,.0f}", ""


def _print(lines: Sequence[tuple[str, ...]], rows: int, plan: RuleSetDiagram) -> None:
    title = f"{rows:,} rows, {len(plan.appraised)} appraisals of {RULES}, {THREADS} threads"
    table = Table("engine", "s to compile", "s to judge and write", "rows a second", "peak GiB", title=title)
    for line in lines:
        table.add_row(*line)
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
