"""``ivigil audit``: judge the requests of a cohort, and report on them."""

from __future__ import annotations

import gc
import os
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ivigil import __version__
from ivigil.cli.given import day, gathered
from ivigil.cli.numbers import Numbers
from ivigil.cli.output import library, say, unknown_id
from ivigil.cli.stages import stages
from ivigil.documents import BadInput, Fault
from ivigil.knowledge import Library, RuleSet
from ivigil.populations.audit.folder import begin
from ivigil.populations.audit.keeping import keep
from ivigil.populations.audit.question import Question, policy_of
from ivigil.populations.landing import land
from ivigil.populations.landing.runs import run_of
from ivigil.populations.landing.sources import find_sources
from ivigil.tables import Engine, EngineMissingError, demand, start

if TYPE_CHECKING:
    from ivigil.cli.audit_report import Judged

_ALLOCATIONS = 100_000


def audit(given: Namespace) -> int:
    """Land, judge and count; nothing is done where anything given cannot be used."""
    few_collections()
    faults: list[Fault] = []
    known = library(given.knowledge)
    numbers = Numbers(given)
    workers, least = numbers.whole("workers"), numbers.whole("hide_up_to")
    faults += numbers.faults
    question = gathered(faults, lambda: _question(given, known, least))
    today = gathered(faults, lambda: day(given.today)) if given.today else None
    engine = gathered(faults, lambda: _engine_to_come(given))
    begun = gathered(faults, lambda: _run(given, known, question, today))
    if faults or question is None or engine is None or begun is None:
        raise BadInput(faults)
    begin(Path(given.out), begun)
    keep(known, Path(given.out))
    say(_answer(given, question, engine, today=today, workers=workers or os.cpu_count() or 1))
    return 0


def few_collections() -> None:
    """Look for garbage seldom: expressions and records are made by the hundred thousand, and hardly any are circular.

    That saves a fifth of the time of a small cohort, and costs some memory that is soon given back.
    """
    gc.set_threshold(_ALLOCATIONS)


def engine_named(name: str, master: str | None = None) -> Engine:
    """The engine. Raises :class:`BadInput` where it is not installed or does not start."""
    if master is not None and name != "spark":
        raise BadInput([Fault("--master", master, "--engine spark with it")])
    try:
        return start(name, master=master)  # type: ignore[arg-type] # the options allow only names of engines
    except EngineMissingError as error:
        raise BadInput([Fault("--engine", name, "an engine that is installed", f"{error}.")]) from None


def _engine_to_come(given: Namespace) -> Callable[[], Engine]:
    """The engine, for when it is needed. A cluster that does not answer is told of now.

    Polars and DuckDB are loaded after landing: processes are forked quickly only while there is one thread.
    """
    if given.engine == "spark" or given.master is not None:
        started = engine_named(given.engine, given.master)
        return lambda: started
    try:
        demand(given.engine)
    except EngineMissingError as error:
        raise BadInput([Fault("--engine", given.engine, "an engine that is installed", f"{error}.")]) from None
    return lambda: engine_named(given.engine)


def rule_set(known: Library, wanted: str, option: str) -> RuleSet:
    """The rule set of an option."""
    if wanted not in known.rule_sets:
        (fault,) = unknown_id("rule set", wanted, tuple(known.rule_sets)).faults
        raise BadInput([replace(fault, where=option)])
    return known.rule_sets[wanted]


def _question(given: Namespace, known: Library, least: int | None) -> Question:
    faults: list[Fault] = []
    rules = gathered(faults, lambda: rule_set(known, given.rules, "--rules"))
    other = gathered(faults, lambda: rule_set(known, given.compare, "--compare")) if given.compare else None
    if given.compare and given.compare == given.rules:
        faults.append(Fault("--compare", given.compare, "another rule set than --rules"))
    if faults or rules is None:
        raise BadInput(faults)
    policy = policy_of(known, exact=given.exact, at_least=least)
    return Question(Path(given.input).resolve().name, known, rules, other, policy)


def _run(given: Namespace, known: Library, question: Question | None, today: date | None) -> dict[str, Any]:
    """What the run is of; a folder with another run in it is not touched."""
    mapping = Path(given.mapping) if given.mapping else None
    if mapping is not None and not mapping.is_file():
        raise BadInput([Fault("--mapping", str(mapping), "a file that says what the columns mean")])
    landing = run_of(find_sources([Path(given.input)], mapped=mapping is not None), known, today, mapping)
    chosen = [one for one in (question.rules, question.other) if one] if question else []
    return {
        "ivigil": __version__,
        "input": landing.as_json(),
        "rules": [{"id": one.head.id, "version": one.head.version, "hash": one.hash} for one in chosen],
        "knowledge": known.hash,
    }


def _answer(
    given: Namespace, question: Question, engine: Callable[[], Engine], *, today: date | None, workers: int
) -> str:
    """Land, and let the rest be made ready while other processes do."""
    out, mapping = Path(given.out), Path(given.mapping) if given.mapping else None
    judged = cache(lambda: _judged(question, engine))
    with stages() as told:
        landed = land(
            [Path(given.input)],
            out,
            question.library,
            today=today,
            workers=workers,
            mapping=mapping,
            progress=told,
            meanwhile=judged,
        )
        return judged().reported(landed, out, told)


def _judged(question: Question, engine: Callable[[], Engine]) -> Judged:
    from ivigil.cli.audit_report import Judged  # noqa: PLC0415 - not needed to land

    return Judged.by(question, engine())
