"""The library as a whole: its hash, the facts it adds, and walking its parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

import pytest
from tests.unit.review.judged import library

from ivigil.facts import Fact
from ivigil.knowledge import Library, Source, every_criterion, has, passages_of
from ivigil.knowledge.building import library_hash
from ivigil.knowledge.parts import rules_of
from ivigil.knowledge.records import Criterion, Passage


def other_facts(given: Library) -> Library:
    weight = given.catalogue["weight"]
    return replace(given, catalogue=given.catalogue.extended({"weight": replace(weight, question="How heavy?")}))


def other_claim(given: Library) -> Library:
    key, claim = next(iter(given.claims.items()))
    return replace(given, claims=MappingProxyType({**given.claims, key: replace(claim, text="Something else.")}))


def other_source(given: Library) -> Library:
    key, source = next(iter(given.sources.items()))
    changed: Source = replace(source, note="Read again.")
    return replace(given, sources=MappingProxyType({**given.sources, key: changed}))


def other_verdict(given: Library) -> Library:
    first, *rest = given.verdicts.rows
    return replace(given, verdicts=replace(given.verdicts, rows=(replace(first, verdict="avoid"), *rest)))


def other_indication(given: Library) -> Library:
    found = given.indications["alpha"]
    return replace(
        given, indications=MappingProxyType({**given.indications, "alpha": replace(found, synonyms=("first disease",))})
    )


def other_rules(given: Library) -> Library:
    rules = given.rule_sets["house"]
    return replace(
        given, rule_sets=MappingProxyType({**given.rule_sets, "house": replace(rules, hash=rules.hash[::-1])})
    )


CHANGES: list[Callable[[Library], Library]] = [
    other_facts,
    other_claim,
    other_source,
    other_verdict,
    other_indication,
    other_rules,
    lambda given: replace(given, rounding=replace(given.rounding, step_g=Decimal(10))),
    lambda given: replace(given, medication=replace(given.medication, names=(*given.medication.names, "another name"))),
    lambda given: replace(given, catalogue=replace(given.catalogue, truth_answers=given.catalogue.truth_answers[1:])),
]


def test_the_hash_is_that_of_the_content() -> None:
    assert library_hash(library()) == library().hash


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_can_alter_an_answer_alters_the_hash(change: Callable[[Library], Library]) -> None:
    assert library_hash(change(library())) != library().hash


def test_the_order_of_files_does_not_alter_the_hash() -> None:
    turned = MappingProxyType(dict(reversed(library().sources.items())))
    assert library_hash(replace(library(), sources=turned)) == library().hash


def test_whether_an_indication_is_established_can_be_asked() -> None:
    for indication in library().indications.values():
        fact: Fact = library().askable[has(indication.id)]
        assert fact.kind == "truth"
        assert fact.question == f"Is the diagnosis of {indication.name} established and current?"
    assert has("alpha") not in library().catalogue


def test_names_are_written_as_inside_a_sentence() -> None:
    names = {one.id: one.name for one in library().indications.values()}
    assert names["myasthenia-gravis"] == "myasthenia gravis"
    assert names["immune-thrombocytopenia"] == "immune thrombocytopenia"
    assert names["guillain-barre"] == "Guillain–Barré syndrome"


def test_every_rule_of_an_appraisal_is_found_with_its_path() -> None:
    alpha = library().rule_sets["house"].appraisals["alpha"]
    assert {path: text for text, path in rules_of(alpha)} == {
        ("criteria", "all_of", 0, "rule"): "platelets < 30 '10*9/L'",
        ("criteria", "all_of", 1, "any_of", 0, "rule"): "active_bleeding",
        ("criteria", "all_of", 1, "any_of", 1, "rule"): "days_to_surgery <= 7 'd'",
        ("criteria", "all_of", 1, "any_of", 1, "applies_when"): "age >= 18 'a'",
        ("urgency", "when"): "life_threatening_bleeding",
        ("standing_exceptions", 0, "when"): "venous_thromboembolism",
        ("standing_exceptions", 1, "when"): "pregnant",
        ("alternatives", 0, "when"): "corticosteroids = 'failed'",
    }


def test_every_passage_is_found_with_its_path() -> None:
    inner = Criterion("b", "b", Passage("two", "b"), rule="pregnant")
    criterion = Criterion("a", "a", Passage("one", "a"), all_of=(inner,))
    assert [(passage.source, path) for passage, path in passages_of(criterion)] == [
        ("one", ("passage",)),
        ("two", ("all_of", 0, "passage")),
    ]
    assert [one.id for one in every_criterion(criterion)] == ["a", "b"]
