"""The generated pages are those of the knowledge, and every row of Table 1 of the review is held."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from ivigil.knowledge import load

ROOT = Path(__file__).parents[2]
TABLE_1 = 16
"""Rows of Table 1 of the review."""


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_indications", ROOT / "docs" / "generate_indications.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES: dict[str, str] = generator().pages(load())


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_as_generated(name: str) -> None:
    assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == PAGES[name]


def test_no_page_is_left_over() -> None:
    found = {f"indications/{path.name}" for path in (ROOT / "docs" / "reference" / "indications").glob("*.md")}
    assert found == {name for name in PAGES if name.startswith("indications/")}


def test_every_row_of_table_1_is_held_by_an_appraisal() -> None:
    rows = [line for line in PAGES["seed-coverage.md"].splitlines() if line.startswith("| Table 1, ")]
    held = [line for line in rows if "rule-sets/" in line]
    assert len(held) == TABLE_1
