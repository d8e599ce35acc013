"""2 g/kg for six patients under every weight rule: the dose depends on whose rule is used."""

from __future__ import annotations

import pytest
from tests.spec.tables import head_of, rows_of
from tests.unit.dosing.patients import ADULT, patient, regimen, weighed

from ivigil.dosing import plan

# Adults, none of them pregnant; grams to a tenth. "or" stands where a rule names two weights.
GRAMS = """
| patient           | actual | ideal-devine | adjusted-0-4 | kent-medway | ontario        | australia-2026 | onlycalculators | clinpk |
|-------------------|--------|--------------|--------------|-------------|----------------|----------------|-----------------|--------|
| male 175 100      | 200.0  | 140.9        | 164.6        | 140.9       | 164.6          | 164.6          | 164.6           | 164.6  |
| female 160 95     | 190.0  | 104.8        | 138.9        | 104.8       | 138.9          | 138.9          | 138.9           | 138.9  |
| male 175 80       | 160.0  | 140.9        | 148.6        | 140.9       | 148.6          | 148.6          | 140.9           | 140.9  |
| female 165 60     | 120.0  | 113.8        | 116.3        | 113.8       | 116.3          | 116.3          | 113.8           | 113.8  |
| male 180 60       | 120.0  | 150.0        | 138.0        | 150.0       | 138.0          | 120.0          | 150.0           | 120.0  |
| female 150 150    | 300.0  | 86.7         | 172.0        | 86.7        | 172.0 or 300.0 | 300.0          | 172.0           | 172.0  |
"""  # noqa: E501 - a table

# What is given where a programme rounds: Ontario, to the nearest 5 g.
ROUNDED = """
| patient        | ontario    |
|----------------|------------|
| male 175 100   | 165        |
| female 160 95  | 140        |
| male 175 80    | 150        |
| female 165 60  | 115        |
| male 180 60    | 140        |
| female 150 150 | 170 or 300 |
"""

EXTRAPOLATED = "it is extrapolated"
RAISES = "it raises the dose of a lean patient"
GUARDED = "which takes its place"

# What is said of the lean and of the short patient.
CAUTIONS = """
| patient        | rule           | state     | caution            |
|----------------|----------------|-----------|--------------------|
| male 180 60    | actual         | certain   |                    |
| male 180 60    | ideal-devine   | certain   | RAISES             |
| male 180 60    | adjusted-0-4   | certain   | RAISES             |
| male 180 60    | kent-medway    | certain   | RAISES             |
| male 180 60    | ontario        | certain   | RAISES             |
| male 180 60    | australia-2026 | certain   | GUARDED            |
| male 180 60    | clinpk         | certain   |                    |
| female 150 150 | ideal-devine   | certain   | EXTRAPOLATED       |
| female 150 150 | ontario        | ambiguous | EXTRAPOLATED       |
| female 150 150 | australia-2026 | certain   |                    |
| male 175 100   | ontario        | certain   |                    |
"""

TWO_GRAMS = regimen(total="2")
CELLS = [(row[0], rule, cell) for row in rows_of(GRAMS) for rule, cell in zip(head_of(GRAMS)[1:], row[1:], strict=True)]


@pytest.mark.parametrize(("who", "rule", "grams"), CELLS)
def test_grams_before_rounding(who: str, rule: str, grams: str) -> None:
    planned = plan(TWO_GRAMS, weighed(rule, patient(*who.split())), age=ADULT)
    assert " or ".join(f"{one.unrounded_g:.1f}" for one in planned.courses) == grams


@pytest.mark.parametrize(("who", "grams"), rows_of(ROUNDED))
def test_grams_after_rounding(who: str, grams: str) -> None:
    planned = plan(TWO_GRAMS, weighed("ontario", patient(*who.split())), age=ADULT)
    assert " or ".join(f"{one.total_g}" for one in planned.courses) == grams


@pytest.mark.parametrize("row", [row for row in CELLS if row[1] != "ontario"])
def test_no_other_rule_rounds(row: tuple[str, str, str]) -> None:
    planned = plan(TWO_GRAMS, weighed(row[1], patient(*row[0].split())), age=ADULT)
    assert [one.total_g for one in planned.courses] == [one.unrounded_g for one in planned.courses]


@pytest.mark.parametrize(("who", "rule", "state", "caution"), rows_of(CAUTIONS))
def test_what_is_said(who: str, rule: str, state: str, caution: str) -> None:
    found = weighed(rule, patient(*who.split()))
    assert found.state == state
    words = {"RAISES": RAISES, "GUARDED": GUARDED, "EXTRAPOLATED": EXTRAPOLATED}
    assert len(found.cautions) == bool(caution)
    assert all(words[caution] in one for one in found.cautions)


def test_the_ambiguous_rule_names_the_clauses_on_both_sides() -> None:
    found = weighed("ontario", patient("female", "150", "150"))
    assert [[one.id for one in outcome.clauses] for outcome in found.outcomes] == [["obese"], ["otherwise"]]
    assert found.needs == ()
