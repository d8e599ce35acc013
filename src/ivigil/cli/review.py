"""``ivigil review``: judge the requests in files."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from ivigil.cli.output import library, report, say, unknown_id
from ivigil.documents import BadInput, Fault, write_whole
from ivigil.explain import answer, decision_text, page
from ivigil.facts import Case, read_case
from ivigil.facts.merge import merged
from ivigil.knowledge import Library, RuleSet
from ivigil.review import Decision, Judge

_MANY = 20


def review(given: Namespace) -> int:
    """Judge each request in the files; good files are answered even where others are bad."""
    known = library(given.knowledge)
    chosen = _rule_sets(known, given.rules)
    day = _day(given.today)
    cases, faults = _cases(given.files, given.more, known)
    judge = Judge(known)
    decisions = [decision for case in cases for one in chosen for decision in judge.decide(case, one, day)]
    if given.html is not None and decisions:
        _write(Path(given.html), page([answer(decision) for decision in decisions]))
    if given.svg is not None and decisions:
        _write(Path(given.svg), _picture(decisions[0]))
    _print(decisions, as_json=given.json, everything=given.all)
    if faults:
        report(BadInput(faults))
    return 2 if faults else 0


def _rule_sets(known: Library, wanted: str) -> list[RuleSet]:
    if wanted == "all":
        return [known.rule_sets[key] for key in sorted(known.rule_sets)]
    if wanted not in known.rule_sets:
        raise unknown_id("rule set", wanted, tuple(known.rule_sets))
    return [known.rule_sets[wanted]]


def _day(given: str | None) -> date:
    if given is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BadInput([Fault("--today", repr(given), "a date such as 2026-11-20")]) from None


def _cases(files: Sequence[str], more: Sequence[str], known: Library) -> tuple[list[Case], list[Fault]]:
    """The cases that could be read, and every fault of the others: one bad file does not silence the good ones."""
    faults: list[Fault] = []
    added = [case for path in more if (case := _case(path, known, faults))]
    if faults:
        raise BadInput(faults)
    cases = []
    for name in _with_progress(files):
        case = _case(name, known, faults)
        for other in added if case else ():
            case = merged(case, other) if case else None
        cases += [case] if case else []
    return cases, faults


def _case(name: str, known: Library, faults: list[Fault]) -> Case | None:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return read_case(content, "standard input" if name == "-" else Path(name).name, known.vocabulary)
    except BadInput as error:
        faults += error.faults
    except OSError as error:
        faults.append(Fault(name, (error.strerror or str(error)).lower(), "a file that can be read"))
    return None


def _with_progress(files: Sequence[str]) -> Iterator[str]:
    if len(files) < _MANY or not sys.stderr.isatty():
        yield from files
        return
    from rich.console import Console  # noqa: PLC0415 - only for long work on a terminal
    from rich.progress import track  # noqa: PLC0415

    yield from track(files, description="Reading", console=Console(stderr=True))


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text.encode("utf-8", "backslashreplace").decode("utf-8"))
    except OSError as error:
        raise BadInput(
            [Fault(str(path), (error.strerror or str(error)).lower(), "a file that can be written")]
        ) from None


def _picture(decision: Decision) -> str:
    from ivigil.explain.terminal import terminal_svg  # noqa: PLC0415 - rich is not read for JSON

    return terminal_svg(answer(decision), f"ivigil review {decision.case}")


def _print(decisions: Sequence[Decision], *, as_json: bool, everything: bool) -> None:
    if as_json:
        for decision in decisions:
            say(decision_text(decision))
        return
    from rich.console import Console  # noqa: PLC0415 - rich is not read for JSON

    from ivigil.explain.terminal import WIDTH, render  # noqa: PLC0415

    console = Console(highlight=False)
    console.width = min(console.width, WIDTH)
    for decision in decisions:
        console.print(render(answer(decision), everything=everything))
