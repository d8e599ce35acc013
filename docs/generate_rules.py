"""Write docs/reference/rules.md from the tables that the test suite runs (tests/spec).

.venv/bin/python docs/generate_rules.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "rules.md"
sys.path.insert(0, str(ROOT))

from tests.spec import test_comparisons, test_operators, test_refusals, test_units_of_rules  # noqa: E402 - from ROOT
from tests.spec.tables import table_of  # noqa: E402

TEMPLATE = """\
<!-- Written by docs/generate_rules.py from the tables in tests/spec. Change those, then run it again. -->

# The rule language

A rule says when a criterion is met. It is an expression over the facts of the catalogue, written in a subset of
Clinical Quality Language (HL7 CQL 1.5). Every table on this page is run by the test suite; its facts (`ill`, `weight`,
`score` …) are made up.

A rule never asks whether a fact is known. It is *met*, *not met* or *unknown*, and it is unknown only where different
values of the missing facts would give different answers.

## What a rule is made of

| written | holds where | for facts that are |
|---|---|---|
| `fact` | the fact is true | truths |
| `fact = constant`, `fact != constant` | the fact is, or is not, the constant | truths, codes, numbers |
| `fact < constant`, `<=`, `>`, `>=` | the fact is below, at most, above, at least the constant | numbers |
| `fact between low and high` | the fact is at least `low` and at most `high` | numbers |
| `fact in {{constant, constant}}` | the fact is one of the constants | truths, codes, numbers |
| `not rule` | the rule does not hold | |
| `rule and rule`, `or`, `xor`, `implies` | both hold; at least one; exactly one; the second wherever the first | |

Constants are `true` and `false`; an option of a coded fact in quotes, `'failed'`; a number with its unit in quotes,
`50 'kg'`; or a number alone where the fact is a count or a plain number. Brackets group. White space means nothing.

The id of a fact holds small letters, digits and low lines, and for the question whether a patient has an indication
`has:` and the id of the indication. CQL writes such an id in double quotes.

## How tightly operators bind

`not` binds most tightly, then comparisons, `and`, then `or` and `xor` alike, then `implies`; operators that bind alike
are read from the left.

{precedence}

`not` stands before a fact, another `not` or a bracket. CQL would read `not age < 18 'a'` as `(not age) < 18 'a'`.

## Truth tables

Three-valued logic after Kleene. *Not applicable* never comes out of a rule: it belongs to criteria, which may have a
condition (`applies_when`) and are grouped by *all of* (`and`) and *any of* (`or`). A criterion that does not apply
drops out of its group, and a group in which nothing applies does not apply itself.

{not_}

{and_}

{or_}

{xor}

{implies}

A criterion with a condition; the condition on the left, the criterion above:

{applies_when}

## Truths and codes

What is known may be one value, or several that are still possible. The last column names the facts whose value, as yet
not pinned down, can still change the answer.

{truths_and_codes}

## Numbers

A laboratory's `< 50` leaves a range of values. A comparison is answered where every value in the range gives the same
answer.

{numbers}

## Rules of several facts

{together}

## Units

A constant may be in any UCUM unit that measures the same thing, if it comes to a finite number of the fact's own unit.
It is converted exactly: a threshold is never rounded.

{units}

## Errors

An error names the problem and shows the place.

```text
{errors}
```

## Rules that are refused although they can be read

Three-valued logic does not see that `ill or not ill` always holds: with `ill` unknown it says *unknown*. Engines that
evaluate whole populations use that logic, so that a rule in which it falls short of the exact answer, for any
combination of known and unknown facts, is refused when the rule is checked, with the combination.

{unseen}

## What of CQL is left out, and why

{left_out}

One construct of the subset has another meaning in CQL: of an unknown fact, `fact in {{'a', 'b'}}` is unknown here. CQL
takes the fact, `null`, for one more value that is not in the list, and answers false. A rule that is handed to a CQL
engine has to say `fact = 'a' or fact = 'b'`.
"""


def page() -> str:
    """The text of the page."""
    return TEMPLATE.format(
        precedence=test_operators.PRECEDENCE.strip(),
        not_=test_operators.NOT.strip(),
        and_=test_operators.AND.strip(),
        or_=test_operators.OR.strip(),
        xor=test_operators.XOR.strip(),
        implies=test_operators.IMPLIES.strip(),
        applies_when=test_operators.APPLIES_WHEN.strip(),
        truths_and_codes=test_comparisons.TRUTHS_AND_CODES.strip(),
        numbers=test_comparisons.NUMBERS.strip(),
        together=test_comparisons.TOGETHER.strip(),
        units=test_units_of_rules.UNITS.strip(),
        errors=test_refusals.ERRORS.strip(),
        unseen=test_refusals.UNSEEN.strip(),
        left_out=table_of(["of CQL", "an example", "why it is left out"], test_refusals.LEFT_OUT),
    )


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
