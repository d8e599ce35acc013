"""``ivigil review``: judge the requests in files."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from functools import partial, reduce
from pathlib import Path

from ivigil.cli.given import day, gathered
from ivigil.cli.output import library, report, say, unknown_id
from ivigil.cli.settings import settings
from ivigil.documents import BadInput, Fault, write_whole
from ivigil.explain.answer import answer
from ivigil.explain.as_json import decision_text
from ivigil.explain.comparison import comparisons
from ivigil.explain.page import page
from ivigil.facts import Case, Catalogue, read_case
from ivigil.facts.merge import merged
from ivigil.knowledge import Library, RuleSet
from ivigil.review import Decision, Judge
from ivigil.review.plan import Plan, plan_decision

Answered = tuple[Decision, Plan | None]
_MANY = 20


def review(given: Namespace) -> int:
    """Judge each request in the files; good files are answered even where others are bad."""
    faults: list[Fault] = []
    known = library(given.knowledge)
    chosen = gathered(faults, lambda: _rule_sets(known, given.rules)) or []
    today = gathered(faults, lambda: day(given.today))
    how = gathered(faults, lambda: settings(given, known))
    cases = _cases(given.files, given.more, known, faults)
    decisions: list[Decision] = []
    if today is not None and how is not None:
        judge = Judge(known)
        decisions = [decision for case in cases for one in chosen for decision in judge.decide(case, one, today)]
    compared = len(chosen) > 1
    planned = [(one, plan_decision(one, known, how)) for one in decisions] if how is not None else []
    catalogue = known.askable
    for path, drawn in ((given.html, partial(_page, compared=compared)), (given.svg, _picture)):
        if path is not None and planned:
            gathered(faults, partial(write, Path(path), drawn(planned, catalogue)))
    if given.pdf is not None and planned:
        gathered(faults, partial(_write_sheet, Path(given.pdf), planned, catalogue))
    if compared and decisions and not given.json:
        _print_comparisons(decisions)
    if given.json or given.all or not compared:
        _print(planned, catalogue, as_json=given.json, everything=given.all)
    if faults:
        report(BadInput(faults))
    return 2 if faults else 0


def _rule_sets(known: Library, wanted: str) -> list[RuleSet]:
    if wanted == "all":
        return sorted(known.rule_sets.values(), key=lambda rules: (rules.head.scope == "excerpt", rules.head.id))
    if wanted not in known.rule_sets:
        raise unknown_id("rule set", wanted, tuple(known.rule_sets))
    return [known.rule_sets[wanted]]


def _cases(files: Sequence[str], more: Sequence[str], known: Library, faults: list[Fault]) -> list[Case]:
    """The cases that could be read, with what is added to each; none where what is to be added cannot be read."""
    found_before = len(faults)
    added = [case for path in more if (case := gathered(faults, partial(read_file, path, known)))]
    if len(faults) > found_before:
        return []
    given = (gathered(faults, partial(_complete, name, added, known)) for name in _with_progress(files))
    return [case for case in given if case]


def _complete(name: str, added: Sequence[Case], known: Library) -> Case:
    return reduce(merged, added, read_file(name, known))


def read_file(name: str, known: Library) -> Case:
    """The case in a file, or on standard input for ``-``."""
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise BadInput([Fault(name, (error.strerror or str(error)).lower(), "a file that can be read")]) from None
    return read_case(content, "standard input" if name == "-" else Path(name).name, known.vocabulary)


def _with_progress(files: Sequence[str]) -> Iterator[str]:
    if len(files) < _MANY or not sys.stderr.isatty():
        yield from files
        return
    from rich.console import Console  # noqa: PLC0415 - only for long work on a terminal
    from rich.progress import track  # noqa: PLC0415

    yield from track(files, description="Reading", console=Console(stderr=True))


def write(path: Path, text: str) -> None:
    """Write a whole file, or none of it."""
    try:
        write_whole(path, text.encode("utf-8", "backslashreplace").decode("utf-8"))
    except OSError as error:
        raise BadInput(
            [Fault(str(path), (error.strerror or str(error)).lower(), "a file that can be written")]
        ) from None


def _write_sheet(path: Path, planned: Sequence[Answered], catalogue: Catalogue) -> None:
    """The bedside sheet of the first infusion that has rates, or that says why it has none."""
    from ivigil.explain.sheet import bedside_sheet  # noqa: PLC0415 - Typst is read only for a sheet

    found = ((decision, plan, one) for decision, plan in planned if plan for one in plan.infusions)
    first = next(found, None)
    if first is None:
        expected = "a request that is not refused, and a product"
        raise BadInput([Fault("--pdf", "no infusion to print", expected, "Name one with --product.")])
    try:
        write_whole(path, bedside_sheet(*first, catalogue))
    except OSError as error:
        raise BadInput(
            [Fault(str(path), (error.strerror or str(error)).lower(), "a file that can be written")]
        ) from None


def _page(planned: Sequence[Answered], catalogue: Catalogue, *, compared: bool) -> str:
    side_by_side = comparisons(decision for decision, _ in planned) if compared else ()
    return page([answer(decision, plan, catalogue) for decision, plan in planned], compared=side_by_side)


def _picture(planned: Sequence[Answered], catalogue: Catalogue) -> str:
    from ivigil.explain.terminal import terminal_svg  # noqa: PLC0415 - rich is not read for JSON

    decision, plan = planned[0]
    return terminal_svg(answer(decision, plan, catalogue), f"ivigil review {decision.case}")


def _print_comparisons(decisions: Sequence[Decision]) -> None:
    from ivigil.explain.terminal import print_comparison  # noqa: PLC0415 - rich is not read for JSON

    for comparison in comparisons(decisions):
        print_comparison(comparison)
    say("Each answer in full: --all, or --rules with one of the names above.")


def _print(planned: Sequence[Answered], catalogue: Catalogue, *, as_json: bool, everything: bool) -> None:
    if as_json:
        for decision, plan in planned:
            say(decision_text(decision, plan))
        return
    from ivigil.explain.terminal import print_answer  # noqa: PLC0415 - rich is not read for JSON

    for decision, plan in planned:
        print_answer(answer(decision, plan, catalogue), everything=everything)
