"""Judging flat documents in tests: text in, decisions out, under ivigil's own rules or the invented ones."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.knowledge.own_rules import RULES, write_own_rules

from ivigil.documents import parse_yaml
from ivigil.facts import Case, read_case
from ivigil.facts.readers.flat import read_flat
from ivigil.knowledge import Library, load
from ivigil.review import Decision, Judge

TODAY = date(2026, 11, 20)


@cache
def library() -> Library:
    """ivigil's own knowledge with the invented rules beside it."""
    with TemporaryDirectory() as folder:
        return load([write_own_rules(Path(folder))])


@cache
def judge() -> Judge:
    return Judge(library())


def case_of(text: str) -> Case:
    data, place = parse_yaml(text.encode(), "case.yaml")
    return read_flat(data, place, library().vocabulary)


def decide(case: Case, rules: str = "review-2015") -> tuple[Decision, ...]:
    return judge().decide(case, library().rule_sets[rules], TODAY)


def judged(text: str, rules: str = "review-2015") -> tuple[Decision, ...]:
    return decide(case_of(text), rules)


def one(text: str, rules: str = "review-2015") -> Decision:
    (decision,) = judged(text, rules)
    return decision


def house(request: str, facts: str = "") -> Decision:
    """The decision under the invented rules; ``facts`` are the inside of a flow mapping."""
    return one(f"request: {{{request}}}\nfacts: {{{facts}}}\n", RULES)


def judged_json(content: str) -> tuple[Decision, ...]:
    """The decisions on a FHIR document or CDS Hooks call."""
    return decide(read_case(content.encode(), "case.json", library().vocabulary))


def missing(decision: Decision) -> list[str]:
    return [question.shown.fact.id for question in decision.missing]
