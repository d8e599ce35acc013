"""The generated pages are those of the knowledge."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from ivigil.knowledge import load
from ivigil.knowledge.records import Difference

ROOT = Path(__file__).parents[2]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_indications", ROOT / "docs" / "generate_indications.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where its dataclass looks up the names in its annotations
    spec.loader.exec_module(module)
    return module


KNOWN = load()
PAGES: dict[str, str] = generator().pages(KNOWN)
EXCERPTS = [rules for rules in KNOWN.rule_sets.values() if rules.head.scope == "excerpt"]


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_as_generated(name: str) -> None:
    assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == PAGES[name]


def test_no_page_is_left_over() -> None:
    found = {f"indications/{path.name}" for path in (ROOT / "docs" / "reference" / "indications").glob("*.md")}
    assert found == {name for name in PAGES if name.startswith("indications/")}


@pytest.mark.parametrize(
    ("name", "key"), [(rules.head.id, key) for rules in EXCERPTS for key in sorted(rules.appraisals)]
)
def test_a_page_shows_what_an_excerpt_says_and_that_it_is_one(name: str, key: str) -> None:
    rules = KNOWN.rule_sets[name]
    page = PAGES[f"indications/{key}.md"].partition("## Other bodies")[2]
    one = rules.appraisals[key]
    said = [dose.text for dose in one.regimens] + [exception.text for exception in one.standing_exceptions]
    said += [review.text for review in one.reviews] + [rule.text for rule in one.stop_rules]
    assert "**excerpts**" in page
    assert f"### {rules.head.title}" in page
    assert all(text in page for text in (one.standing.replace("-", " "), one.stated_as or "", one.no_criteria or ""))
    assert all(text.rstrip(".") in page for text in said)


@pytest.mark.parametrize("one", KNOWN.differences.values(), ids=lambda one: one.id)
def test_a_difference_stands_on_the_page_of_each_indication(one: Difference) -> None:
    for key in one.indications:
        page = PAGES[f"indications/{key}.md"]
        assert all(text in page for text in (one.question, *(position.says for position in one.positions)))


def test_the_index_shows_the_standing_in_each_rule_set() -> None:
    lines = [line for line in PAGES["indications/README.md"].splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert len(cells) == 1 + len(KNOWN.rule_sets["review-2015"].appraisals)
    assert {rules.head.id for rules in EXCERPTS} < set(cells[0])
    assert len({len(row) for row in cells}) == 1
