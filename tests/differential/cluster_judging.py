"""A driver of its own, run with RULES IN OUT [MASTER]: the rows of Parquet files judged on Spark.

Without a master it joins what spark-submit says.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ivigil.knowledge import load
from ivigil.populations import compile_rule_set, judged
from ivigil.review import Judge
from ivigil.tables import start


def main(rules: str, parts: str, out: str, master: str | None = None) -> None:
    judge = Judge(load())
    plan = compile_rule_set(judge.library.rule_sets[rules], judge)
    engine = start("spark", master=master)
    answers = judged(engine.read_parquet([Path(parts)]), plan, ["number"])
    engine.write_parquet(answers, Path(out))
    engine.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
