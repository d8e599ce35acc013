"""How fast one request is judged: decisions a second, the cold start of the command, and rule engines beside it.

Run ``python benchmarks/review.py`` from a set-up checkout. Times are CPU seconds of this process or of the command, so
that a busy machine disturbs them little. The peers are measured in the same run where they are installed
(``pip install rule-engine zen-engine``); they evaluate the same rule over the same, wholly known facts in two-valued
logic, without trace, missing facts or verdict table, so their figures bound what a bare rule costs.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ivigil.criteria import evaluate, parse_rule, relevant_unknowns
from ivigil.explain.as_json import decision_text
from ivigil.facts import Exactly, Extent, read_case
from ivigil.knowledge import load
from ivigil.review import Judge

TODAY = date(2026, 11, 20)
SECONDS = 2.0
STARTS = 10
RULE = "platelets < 30 '10*9/L' and (active_bleeding or days_to_surgery <= 7 'd')"
CASES = {
    "all known": """\
request: {indication: guillain-barre, request_phase: initial, request_daily_dose: 30 g/d, request_infusion_days: 5 d}
facts: {onset_date: 2026-11-14, weight: 154 lb, birth_date: 1970-02-01, gbs_disability_score: 4, sex: female}
""",
    "nothing known": "request: {indication: guillain-barre}\n",
    "general code": "request: {indication: {system: icd-10-cm, code: D69.6}}\n",
    "several unknown": "request: {indication: myasthenia-gravis, request_total_dose_per_kg: 2 g/kg}\n",
}


def per_second(work: Callable[[], object]) -> float:
    """How often ``work`` runs in a CPU second, measured over about :data:`SECONDS`."""
    work()
    count, start = 0, time.process_time()
    while time.process_time() - start < SECONDS:
        work()
        count += 1
    return count / (time.process_time() - start)


def decisions() -> list[tuple[str, float]]:
    """Decisions a second from facts already read, with trace, exact missing facts and dose check."""
    library = load()
    judge, rules = Judge(library), library.rule_sets["review-2015"]
    rows = []
    for name, text in CASES.items():
        case = read_case(text.encode(), "case.yaml", library.vocabulary)
        rows.append((f"decision, {name}", per_second(lambda case=case: judge.decide(case, rules, TODAY))))
    case = read_case(CASES["all known"].encode(), "case.yaml", library.vocabulary)
    rows.append(
        ("decision and its JSON", per_second(lambda: [decision_text(one) for one in judge.decide(case, rules, TODAY)]))
    )
    bundle = Path(__file__).parent.parent / "examples" / "first.json"
    content = bundle.read_bytes()
    rows.append(
        (
            f"reading a Bundle of {len(content) // 1024} kB",
            per_second(lambda: read_case(content, "first.json", library.vocabulary)),
        )
    )
    return rows


def rules() -> list[tuple[str, float]]:
    """One rule, all facts known: ours with its trace, and other rule engines."""
    catalogue = load().catalogue
    tree = parse_rule(RULE, catalogue)
    from decimal import Decimal  # noqa: PLC0415

    extents: dict[str, Extent | None] = {
        "platelets": Exactly(Decimal(12)),
        "active_bleeding": Exactly(False),
        "days_to_surgery": Exactly(Decimal(3)),
    }
    rows = [("rule: ivigil, Kleene with trace", per_second(lambda: evaluate(tree, extents)))]
    rows.append(
        ("rule: ivigil, compile and find what matters", per_second(lambda: relevant_unknowns(tree, catalogue, {})))
    )
    return rows + _peers()


def _peers() -> list[tuple[str, float]]:
    facts = {"platelets": 12, "active_bleeding": False, "days_to_surgery": 3}
    plain = "platelets < 30 and (active_bleeding or days_to_surgery <= 7)"
    rows = []
    if find_spec("rule_engine"):
        import rule_engine  # noqa: PLC0415

        rule = rule_engine.Rule(plain)
        rows.append(("rule: rule-engine, two-valued", per_second(lambda: rule.matches(facts))))
    if find_spec("zen"):
        import zen  # noqa: PLC0415

        rows.append(("rule: zen-engine, two-valued", per_second(lambda: zen.evaluate_expression(plain, facts))))
    return rows


def cold_start() -> list[tuple[str, float]]:
    """CPU seconds of the whole command, median of several runs."""
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "case.yaml"
        case.write_text(CASES["all known"], encoding="utf-8")
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "ivigil --version": [sys.executable, "-m", "ivigil", "--version"],
            "ivigil review --json": [
                sys.executable,
                "-m",
                "ivigil",
                "review",
                str(case),
                "--json",
                "--today",
                str(TODAY),
            ],
            "ivigil review": [sys.executable, "-m", "ivigil", "review", str(case), "--today", str(TODAY)],
        }
        return [(name, _cpu_seconds(command)) for name, command in commands.items()]


def _cpu_seconds(command: list[str]) -> float:
    used = []
    for _ in range(STARTS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - the project's own command
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return sorted(used)[STARTS // 2]


def main() -> None:
    """Print the table."""
    table = Table(title=f"One request, Python {sys.version.split()[0]}")
    table.add_column("what")
    table.add_column("per CPU second", justify="right")
    table.add_column("each", justify="right")
    for name, rate in [*decisions(), *rules()]:
        table.add_row(name, f"{rate:,.0f}", f"{1e6 / rate:,.0f} µs")
    table.add_section()
    for name, seconds in cold_start():
        table.add_row(f"start: {name}", "", f"{seconds * 1000:,.0f} ms CPU")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
