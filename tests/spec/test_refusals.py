"""Rules that are refused: with the place, as a reader sees it, and with what would be right."""

from __future__ import annotations

import pytest
from tests.spec.tables import CATALOGUE, rows_of

from ivigil.criteria import RuleError, lint, parse_rule

ERRORS = """
no fact has the id 'wieght'; did you mean weight?
  wieght < 50 'kg'
  ^

weight has a unit; write for example 50 'kg'
  weight < 50
           ^

'lb' is not a UCUM unit that ivigil reads; weight is in 'kg'
  weight < 50 'lb'
           ^

'cm' cannot be given in 'kg'; weight is in 'kg'
  weight < 50 'cm'
           ^

share has a unit; write for example 80 '%'
  share < 80
          ^

1 'd' is no finite number of 'a'; write it in 'a'
  age < 1 'd'
        ^

no measurement has a number of such size or so many digits
  ill and weight < 50000000000000000 'kg'
                   ^

weight is not a truth; compare it with a constant
  ill and weight
          ^

ill is compared with true or false
  ill = 1
        ^

treatment is compared with one of its options in quotes
  treatment = true
              ^

treatment has no option 'faild'; it has failed, refused, worked
  treatment in {'worked', 'faild'}
                          ^

treatment has no order; use = or in
  treatment < 'failed'
            ^

between needs a fact that is a number, then the lower and the upper bound
  weight between 60 'kg' and 50 'kg'
                 ^

onset is a date; use a fact derived from it, in days or years
  onset = 1
  ^

write not (…) around a comparison
  not weight < 50 'kg'
      ^

'18' cannot stand here: a comparison is written as fact, operator, constant
  18 'a' < age
  ^

'<' cannot stand here: a comparison is written as fact, operator, constant
  not (age) < 18 'a'
            ^

a rule may not ask whether a fact is known: is, exists and null are not part of the language
  weight is null
         ^

'orwarned' cannot stand here
  (ill) orwarned
        ^

the rule ends too early
  ill and
         ^

the rule ends too early
  (ill or warned
                ^
"""

LEFT_OUT = [
    (
        "`is null`, `is not null`, `exists`",
        "`weight is null`",
        "a missing fact would change an answer: what is unknown has to stay unknown",
    ),
    (
        "`is true`, `is false`",
        "`ill is true`",
        "the same: of an unknown fact both would be false",
    ),
    (
        "`~`, `!~`",
        "`ill ~ warned`",
        "the same: two unknown facts would be equivalent",
    ),
    (
        "comparing two facts",
        "`age < score`",
        ("each comparison speaks of one fact, so that answers about unknown facts are exact; declare a derived fact"),
    ),
    (
        "the constant first",
        "`50 'kg' > weight`",
        "one way to write each comparison",
    ),
    (
        "arithmetic and functions",
        "`weight + 1 'kg' > 50 'kg'`",
        "the same as for two facts: declare a derived fact",
    ),
    (
        "`if … then … else`, `case`",
        "`if ill then warned else ill`",
        "`and`, `or` and `implies` say it",
    ),
    (
        "dates, times and timing phrases",
        "`onset 3 days or less before today`",
        "declare a fact derived from the date, in days or years",
    ),
    (
        "`properly between`, intervals",
        "`weight in Interval[50 'kg', 60 'kg']`",
        "`between`, or two comparisons",
    ),
    (
        "retrieves, queries and lists",
        "`[Condition]`",
        "the catalogue of facts says where a fact is found in a record; the one list is that after `in`",
    ),
    (
        "units of the calendar",
        "`waiting < 3 days`",
        "units stand in quotes and are those of UCUM",
    ),
    (
        "`not` before a comparison",
        "`not age < 18 'a'`",
        "CQL would negate the fact; write `not (age < 18 'a')`",
    ),
]

UNSEEN = """
| rule                                              | why it is refused, or how it is accepted                  |
|---------------------------------------------------|-----------------------------------------------------------|
| `age < 18 'a' or age >= 18 'a'`                   | refused: always met                                       |
| `ill and not ill`                                 | refused: never met                                        |
| `ill and warned or ill and not warned`            | refused: it comes to `ill`                                |
| `age >= 0 'a'`                                    | refused: no plausible age is below                        |
| `age < 18 'a' and age < 12 'a'`                   | accepted                                                  |
| `ill`                                             | accepted                                                  |
| `(ill and warned) or (not ill and has:a-disease)` | refused: with both conclusions met, `ill` does not matter |
"""


def errors() -> list[tuple[str, str, int]]:
    """The rule, the problem and the column of each block."""
    blocks = [block.strip("\n").splitlines() for block in ERRORS.strip("\n").split("\n\n")]
    return [(rule[2:], problem, caret.index("^") - 1) for problem, rule, caret in blocks]


@pytest.mark.parametrize(("rule", "problem", "column"), errors())
def test_an_error_shows_the_place_and_what_would_be_right(rule: str, problem: str, column: int) -> None:
    with pytest.raises(RuleError) as raised:
        parse_rule(rule, CATALOGUE)
    assert (raised.value.problem, raised.value.column) == (problem, column)
    assert str(raised.value) == f"{problem}\n  {rule}\n  {' ' * (column - 1)}^"


@pytest.mark.parametrize(("_construct", "rule", "_why"), LEFT_OUT)
def test_what_is_left_out_of_cql_is_refused(_construct: str, rule: str, _why: str) -> None:
    with pytest.raises(RuleError):
        parse_rule(rule.strip("`"), CATALOGUE)


@pytest.mark.parametrize(("rule", "outcome"), rows_of(UNSEEN))
def test_rules_that_three_valued_logic_cannot_answer_exactly_are_refused(rule: str, outcome: str) -> None:
    complaint = lint(parse_rule(rule, CATALOGUE), CATALOGUE)
    assert (complaint is None) == outcome.startswith("accepted")


def test_a_refusal_says_where_and_what_to_do() -> None:
    rule = "ill and (score < 3 or score >= 3)"
    assert lint(parse_rule(rule, CATALOGUE), CATALOGUE) == (
        "where ill is yes, the answer is met whatever score may be, but three-valued logic calls it unknown; "
        "write 'ill and (score < 3 or score >= 3)' without naming a fact where it does not matter"
    )


@pytest.mark.parametrize("rule", ["not " * 5000 + "ill", " and ".join(["ill"] * 5000)], ids=["not", "and"])
def test_a_rule_nested_without_end_is_refused(rule: str) -> None:
    with pytest.raises(RuleError, match="nested too deep"):
        parse_rule(rule, CATALOGUE)


def test_brackets_alone_nest_nothing() -> None:
    assert parse_rule("(" * 5000 + "ill" + ")" * 5000, CATALOGUE) == parse_rule("ill", CATALOGUE)
