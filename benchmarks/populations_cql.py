"""The criteria of a rule set as CQL, for the engine that ``peers/run.mjs`` starts.

What a fact is on a record stands in ``peers/Facts.cql``, written by hand for the kinds of fact that these criteria
need: numbers measured, truths answered on a form, and the age. Everything else comes from the knowledge: the rules, the
codes, the plausible ranges, and for how long a value counts.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from ivigil.criteria import Tree, facts_of
from ivigil.facts import Fact
from ivigil.interop.cql import cql_expression
from ivigil.knowledge import Library, RuleSet

PEERS = Path(__file__).with_name("peers")
ASKED = ("active", "draft", "on-hold", "completed", "stopped", "unknown")
SYSTEMS = {
    "icd-10-cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd-10": "http://hl7.org/fhir/sid/icd-10",
    "snomed": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
}
HEAD = """\
library Criteria version '1.0.0'

using FHIR version '4.0.1'

include Facts version '1.0.0' called Facts

{value_sets}

context Patient
"""
ANSWERS = """
define "Answers on {indication}":
  [MedicationRequest] R
    where R.status.value in {{ {statuses} }}
      and R.doNotPerform.value is not true
      and exists (R.reasonCode.coding C where (C.system.value + '|' + C.code.value) in {{ {codes} }})
    return all Tuple {{
      request: R.id.value,
      indication: '{indication}',
      answer: "{indication}"(date from R.authoredOn.value)
    }}
"""


def write_cql(library: Library, rules: RuleSet, folder: Path) -> None:
    """Write ``Criteria.cql`` with what it includes and its value sets."""
    trees = criteria_of(library, rules)
    facts = [
        library.askable[name] for name in dict.fromkeys(name for tree in trees.values() for name in facts_of(tree))
    ]
    shutil.copytree(PEERS, folder, ignore=shutil.ignore_patterns("knowledge"), dirs_exist_ok=True)
    coded = {fact.id: _codings(fact) for fact in facts if fact.found_in}
    (folder / "valuesets.json").write_text(json.dumps({f"urn:{name}": {"1": one} for name, one in coded.items()}))
    sets = "\n".join(f"valueset \"codes of {name}\": 'urn:{name}'" for name in coded)
    text = [HEAD.format(value_sets=sets), *map(_defined, facts), *_answers(library, trees)]
    (folder / "Criteria.cql").write_text("".join(text))


def criteria_of(library: Library, rules: RuleSet) -> Mapping[str, Tree]:
    """The one rule of each appraisal, by indication."""
    found = {}
    for indication, appraisal in rules.appraisals.items():
        if appraisal.criteria is None or appraisal.criteria.rule is None:
            message = f"{indication}: criteria of one rule were expected"
            raise ValueError(message)
        found[indication] = library.trees[appraisal.criteria.rule]
    return found


def _codings(fact: Fact) -> list[dict[str, str]]:
    return [{"code": one.code, "system": SYSTEMS[one.system], "version": "1"} for one in fact.codes]


def _defined(fact: Fact) -> str:
    """The fact on a day: as a number, or as a truth."""
    if fact.id == "age":
        return '\ndefine function "age"(at Date): Facts.Age(at)\n'
    truth = " = 1.0" if fact.kind == "truth" else ""
    stated = f'\ndefine "{fact.id} stated": {_stated(fact)}\n'
    counts = (
        f'Recent("{fact.id} stated", at, {fact.recency.days})' if fact.recency else f'Lasting("{fact.id} stated", at)'
    )
    return f'{stated}define function "{fact.id}"(at Date): Facts.{counts}{truth}\n'


def _stated(fact: Fact) -> str:
    if fact.kind == "truth" and not fact.found_in:
        return f"Facts.Answered('{fact.id}')"
    if fact.kind != "quantity" or fact.found_in != ("Observation",) or fact.range is None:
        message = f"{fact.id}: Facts.cql does not say how this fact is read"
        raise ValueError(message)
    measured = f"Facts.Measured([Observation: \"codes of {fact.id}\"], '{fact.unit}')"
    return f"Facts.Plausible({measured}, {fact.range.min:.1f}, {fact.range.max:.1f})"


def _answers(library: Library, trees: Mapping[str, Tree]) -> Iterator[str]:
    statuses = ", ".join(f"'{one}'" for one in ASKED)
    for indication, tree in trees.items():
        rule = cql_expression(tree, lambda fact: f'"{fact}"(at)')
        yield f'\ndefine function "{indication}"(at Date):\n  {rule}\n'
        codes = ", ".join(f"'{one}'" for one in codes_naming(library, indication))
        yield ANSWERS.format(indication=indication, statuses=statuses, codes=codes)
    lists = ", ".join(f'"Answers on {indication}"' for indication in trees)
    yield f'\ndefine "Answers":\n  flatten {{ {lists} }}\n'


def codes_naming(library: Library, indication: str) -> list[str]:
    """The codes that name an indication, each with the address of its system."""
    return [
        f"{SYSTEMS[one.system]}|{one.code}" for one in library.indications[indication].names if one.system in SYSTEMS
    ]
