"""Comparisons: what is known of a fact, and the answer that follows."""

from __future__ import annotations

import pytest
from tests.spec.tables import CATALOGUE, known_from, rows_of

from ivigil.criteria import evaluate, parse_rule, relevant_unknowns

TRUTHS_AND_CODES = """
| rule                                 | what is known                | answer  | could change it |
|--------------------------------------|------------------------------|---------|-----------------|
| `ill`                                | ill = true                   | met     |                 |
| `ill`                                | ill = false                  | not met |                 |
| `ill`                                | nothing                      | unknown | ill             |
| `ill = false`                        | ill = false                  | met     |                 |
| `ill != true`                        | ill = true                   | not met |                 |
| `has:a-disease`                      | has:a-disease = true         | met     |                 |
| `treatment = 'failed'`               | treatment = failed           | met     |                 |
| `treatment = 'failed'`               | treatment = worked           | not met |                 |
| `treatment = 'failed'`               | treatment in failed, worked  | unknown | treatment       |
| `treatment = 'worked'`               | treatment in failed, refused | not met |                 |
| `treatment != 'failed'`              | treatment = refused          | met     |                 |
| `treatment in {'failed', 'refused'}` | treatment in failed, refused | met     |                 |
| `treatment in {'failed', 'refused'}` | treatment in failed, worked  | unknown | treatment       |
| `treatment in {'failed', 'refused'}` | nothing                      | unknown | treatment       |
"""

NUMBERS = """
| rule                                 | what is known | answer  | could change it |
|--------------------------------------|---------------|---------|-----------------|
| `weight < 50 'kg'`                   | weight = 49.9 | met     |                 |
| `weight < 50 'kg'`                   | weight = 50   | not met |                 |
| `weight <= 50 'kg'`                  | weight = 50   | met     |                 |
| `weight <= 50 'kg'`                  | weight > 50   | not met |                 |
| `weight <= 50 'kg'`                  | weight >= 50  | unknown | weight          |
| `weight > 50 'kg'`                   | weight = 50   | not met |                 |
| `weight >= 50 'kg'`                  | weight = 50   | met     |                 |
| `weight = 50 'kg'`                   | weight = 50.0 | met     |                 |
| `weight != 50 'kg'`                  | weight = 50   | not met |                 |
| `weight < 50 'kg'`                   | weight < 50   | met     |                 |
| `weight < 50 'kg'`                   | weight <= 50  | unknown | weight          |
| `weight < 50 'kg'`                   | weight >= 50  | not met |                 |
| `weight > 50 'kg'`                   | weight < 60   | unknown | weight          |
| `weight = 50 'kg'`                   | weight < 50   | not met |                 |
| `weight != 50 'kg'`                  | weight > 50   | met     |                 |
| `weight between 50 'kg' and 60 'kg'` | weight = 50   | met     |                 |
| `weight between 50 'kg' and 60 'kg'` | weight = 60   | met     |                 |
| `weight between 50 'kg' and 60 'kg'` | weight = 60.1 | not met |                 |
| `weight between 50 'kg' and 60 'kg'` | weight > 60   | not met |                 |
| `weight between 50 'kg' and 60 'kg'` | weight >= 60  | unknown | weight          |
| `score in {1, 3}`                    | score = 3     | met     |                 |
| `score in {1, 3}`                    | score = 2     | not met |                 |
| `score in {1, 3}`                    | score > 3     | not met |                 |
| `score >= 3`                         | nothing       | unknown | score           |
"""

TOGETHER = """
| rule                                            | what is known          | answer  | could change it |
|-------------------------------------------------|------------------------|---------|-----------------|
| `ill and warned`                                | ill = false            | not met |                 |
| `ill and warned`                                | ill = true             | unknown | warned          |
| `ill and warned`                                | nothing                | unknown | ill, warned     |
| `ill or warned`                                 | ill = true             | met     |                 |
| `ill xor warned`                                | ill = true             | unknown | warned          |
| `ill implies warned`                            | ill = false            | met     |                 |
| `ill implies warned`                            | warned = true          | met     |                 |
| `ill implies warned`                            | warned = false         | unknown | ill             |
| `not (weight < 50 'kg')`                        | weight >= 50           | met     |                 |
| `(ill and score > 3) or (warned and score > 5)` | score = 4; ill = false | not met |                 |
| `(ill and score > 3) or (warned and score > 5)` | score = 4              | unknown | ill             |
| `(ill and score > 3) or (warned and score > 5)` | score <= 3             | not met |                 |
"""


@pytest.mark.parametrize(
    ("rule", "known", "answer", "relevant"), [*rows_of(TRUTHS_AND_CODES), *rows_of(NUMBERS), *rows_of(TOGETHER)]
)
def test_what_is_known_gives_the_answer_and_what_could_change_it(
    rule: str, known: str, answer: str, relevant: str
) -> None:
    tree, extents = parse_rule(rule, CATALOGUE), known_from(known)
    assert evaluate(tree, extents).truth.value == answer
    assert ", ".join(relevant_unknowns(tree, CATALOGUE, extents)) == relevant
