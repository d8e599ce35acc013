"""How fast parsed rows of facts are judged: rows a second by Polars and DuckDB, for all appraisals of one rule set.

Run ``python benchmarks/populations_frames.py [ROWS]`` from a set-up checkout; a million rows unless said otherwise.
Each row is one request for one indication, drawn evenly; about half of its facts are known. The table is written to
Parquet first; what is timed is reading it, judging every row and writing the answers to Parquet again. Each engine
runs in a process of its own, on the same two threads, so that its peak memory is its own. The row evaluator judges a
sample in the same run. Nothing is asserted.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from ivigil.facts import Fact
from ivigil.knowledge import load
from ivigil.populations import RuleSetDiagram, compile_rule_set, judged, reach_of
from ivigil.populations.compiled import ESTABLISHED, INDICATION
from ivigil.review import Judge
from ivigil.review.compiled import ORDERED
from ivigil.tables import EngineName, start

ROWS = 1_000_000
RULES = "review-2015"
THREADS = 2
SAMPLE = 2_000
BLOCK = 10_000  # values drawn of each fact; the columns draw from them
KNOWN, DEFINITE = 0.5, 0.95  # shares of rows in which a fact is known; in which the request's own facts are


def main(arguments: Sequence[str]) -> None:
    """Make a table and time every engine on it, or, where called so by itself, one engine."""
    if len(arguments) > 1:
        _run(arguments[0], Path(arguments[1]))
        return
    rows = int(arguments[0]) if arguments else ROWS
    judge = Judge(load())
    plan = compile_rule_set(judge.library.rule_sets[RULES], judge)
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "facts.parquet"
        _table(plan, rows).write_parquet(table)
        lines = [_timed(name, table, rows) for name in ("polars", "duckdb")]
        lines.append(_row_evaluator(plan, judge, table))
    _print(lines, rows, plan)


def _table(plan: RuleSetDiagram, rows: int) -> pl.DataFrame:
    rng = random.Random(7)  # noqa: S311 - a made-up cohort
    columns = {"number": pl.Series(range(rows)), INDICATION: _drawn(list(plan.appraised), rows, 0)}
    for seed, name in enumerate(plan.facts, start=1):
        columns[name] = _drawn([_value(plan.catalogue[name], rng) for _ in range(BLOCK)], rows, seed)
    return pl.DataFrame(columns)


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
    drawn = rng.uniform(low, high)
    return float(int(drawn)) if fact.kind == "count" else round(drawn, 1)


def _timed(name: str, table: Path, rows: int) -> tuple[str, ...]:
    """One engine in a process of its own: seconds, rows a second and peak memory."""
    environment = {**os.environ, "POLARS_MAX_THREADS": str(THREADS)}
    command = [sys.executable, __file__, name, str(table)]
    out = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 - itself
    build, seconds, memory = (float(one) for one in out.stdout.split())
    return name, f"{build:.2f}", f"{seconds:.2f}", f"{rows / seconds:,.0f}", f"{memory:.2f}"


def _run(name: str, table: Path) -> None:
    judge = Judge(load())
    plan = compile_rule_set(judge.library.rule_sets[RULES], judge)
    chosen: Mapping[str, EngineName] = {"polars": "polars", "duckdb": "duckdb"}
    engine = start(chosen[name], threads=THREADS)
    begun = time.perf_counter()
    answers = judged(engine.read_parquet([table]), plan, ["number", INDICATION])
    built = time.perf_counter()
    engine.write_parquet(answers, table.with_name(f"{name}.parquet"))
    done = time.perf_counter()
    print(built - begun, done - built, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)


def _row_evaluator(plan: RuleSetDiagram, judge: Judge, table: Path) -> tuple[str, ...]:
    """The single-case evaluator on the first rows, and whether the table gave them the same verdicts."""
    facts = pl.read_parquet(table).head(SAMPLE).to_dicts()
    answers = pl.read_parquet(table.with_name("polars.parquet")).sort("number").head(SAMPLE)["verdict"].to_list()
    begun = time.process_time()
    found = [reach_of(row, plan, judge).verdicts for row in facts]
    seconds = time.process_time() - begun
    same = sum(
        (one[0] if len(one) == 1 else "needs-information") == two for one, two in zip(found, answers, strict=True)
    )
    return f"row evaluator ({same} of {SAMPLE} alike)", "", f"{seconds:.2f}", f"{SAMPLE / seconds:,.0f}", ""


def _print(lines: Sequence[tuple[str, ...]], rows: int, plan: RuleSetDiagram) -> None:
    title = f"{rows:,} rows, {len(plan.appraised)} appraisals of {RULES}, {THREADS} threads"
    table = Table("engine", "s to compile", "s to judge and write", "rows a second", "peak GiB", title=title)
    for line in lines:
        table.add_row(*line)
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
