"""``ivigil replay``: judge an earlier audit again under other rules, and list who moves and why."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ivigil.cli.audit import engine_named, few_collections, rule_set
from ivigil.cli.files import output_faults, write
from ivigil.cli.given import gathered
from ivigil.cli.output import library, say
from ivigil.cli.stages import stages
from ivigil.documents import BadInput, Fault, canonical_json
from ivigil.explain.page import plan_page
from ivigil.explain.replay_sections import replay_sections, replay_title, replay_values
from ivigil.knowledge import Library, RuleSet
from ivigil.populations.audit.causes import Side
from ivigil.populations.audit.folder import decisions_in, run_of
from ivigil.populations.audit.keeping import kept
from ivigil.populations.audit.replay import Replay, replayed
from ivigil.populations.compiled import compile_rule_set
from ivigil.review import Judge


def replay(given: Namespace) -> int:
    """Judge again; nothing in the folder of the audit is changed."""
    few_collections()
    faults: list[Fault] = []
    known = library(given.knowledge)
    rules = gathered(faults, lambda: rule_set(known, given.rules, "--rules"))
    engine = gathered(faults, lambda: engine_named(given.engine, given.master))
    before = gathered(faults, lambda: _before(Path(given.out)))
    faults += output_faults([Path(given.html)] if given.html else [])
    if faults or rules is None or engine is None or before is None:
        raise BadInput(faults)
    try:
        with stages() as told:
            found = replayed(Path(given.out), before, _side(known, rules), engine, told)
    finally:
        engine.stop()
    _answer(given, found)
    return 0


def _before(out: Path) -> Side:
    """What the audit was judged by, as it was kept beside it."""
    run = run_of(out)
    if not decisions_in(out):
        raise BadInput([Fault(str(out), "no decisions", "a finished audit: ivigil audit IN OUT")])
    known, name = kept(out), str(run["rules"][0]["id"])
    return _side(known, known.rule_sets[name])


def _side(known: Library, rules: RuleSet) -> Side:
    judge = Judge(known)
    return Side(compile_rule_set(rules, judge), judge)


def _answer(given: Namespace, found: Replay) -> None:
    title = replay_title(found)
    if given.html:
        write(Path(given.html), plan_page(title, replay_sections(found, everything=True)))
    if given.json:
        say(canonical_json(replay_values(found), indent=2))
        return
    from ivigil.explain.terminal import print_sections  # noqa: PLC0415 - rich is not read for JSON

    print_sections(title, replay_sections(found, everything=given.all))
