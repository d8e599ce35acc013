"""A folder of one's own rules for tests: invented diseases that show every standing and every part of an appraisal."""

from __future__ import annotations

from pathlib import Path

RULES = "house"
_HEAD = """\
passage: {source: house-protocol, place: section 1}
authored_by: the house
checked_by: a colleague
next_review: 2030-01-01
"""

SOURCE = """\
id: house-protocol
title: The protocol of the house
kind: guideline
read: full text
retrieved: 2026-01-05
"""

SECOND_SOURCE = """\
id: harm-report
title: A report of harm
kind: article
read: abstract
retrieved: 2026-01-05
"""

RULE_SET = """\
id: house
title: Rules of the house
version: "1"
valid_from: 2026-01-01
source: house-protocol
covers: Invented diseases.
"""

INDICATIONS = {
    "alpha": "name: alpha disease\nsynonyms: [alphitis]",
    "beta": "name: beta disease",
    "gamma": "name: gamma disease",
    "delta": "name: delta disease",
    "epsilon": "name: epsilon disease",
    "zeta": "name: zeta disease",
}

# First-line, nested criteria, a harmful and a lesser exception, several regimens, alternatives that depend.
ALPHA = """\
indication: alpha
standing: first-line
reason: The protocol allows it.
level:
  scheme: HOUSE
  level: "2"
  basis: stated
  passage: {source: house-protocol, place: table 1}
criteria:
  id: both
  text: A low count and a reason
  all_of:
    - id: low-count
      text: Platelets below 30
      rule: platelets < 30 '10*9/L'
      passage: {source: house-protocol, place: section 2}
    - id: reason
      text: Bleeding, or surgery soon in an adult
      any_of:
        - id: bleeding
          text: Active bleeding
          rule: active_bleeding
          passage: {source: house-protocol, place: section 2}
        - id: surgery
          text: Surgery within a week
          rule: days_to_surgery <= 7 'd'
          applies_when: age >= 18 'a'
          passage: {source: house-protocol, place: section 2}
standing_exceptions:
  - id: clots
    when: venous_thromboembolism
    standing: harmful
    text: With thrombosis the report found harm
    passage: {source: harm-report, place: abstract}
  - id: pregnancy
    when: pregnant
    standing: limited-evidence
    text: In pregnancy there are only case series
    passage: {source: house-protocol, place: section 3}
regimens:
  - id: daily
    text: 0.4 g/kg on five days
    role: recommended
    route: intravenous
    passage: {source: house-protocol, place: section 4}
    daily_g_per_kg: {low: 0.4, high: 0.4}
    days: {low: 5, high: 5}
    total_g_per_kg: {low: 2, high: 2}
  - id: total-only
    text: 1 to 1.2 g/kg in all
    role: recommended
    route: intravenous
    passage: {source: house-protocol, place: section 4}
    total_g_per_kg: {low: 1, high: 1.2}
  - id: studied
    text: 3 g/kg in all
    role: studied
    route: intravenous
    passage: {source: house-protocol, place: section 4}
    total_g_per_kg: {low: 3, high: 3}
alternatives:
  - id: if-steroids-failed
    text: Rituximab after corticosteroids
    when: corticosteroids = 'failed'
    passage: {source: house-protocol, place: section 5}
  - id: watch
    text: Watchful waiting
    passage: {source: house-protocol, place: section 5}
combination:
  - text: Given with corticosteroids
    passage: {source: house-protocol, place: section 5}
outcomes:
  - text: The count rises
    transient: true
    passage: {source: house-protocol, place: section 5}
urgency:
  text: Bleeding that threatens life cannot wait.
  when: life_threatening_bleeding
  passage: {source: house-protocol, place: section 6}
cases:
  - id: bleeding
    text: Low platelets and bleeding.
    request: {indication: alpha, request_phase: initial}
    facts: {platelets: 12 10*9/L, active_bleeding: true, venous_thromboembolism: false, pregnant: false}
    expect: {verdict: supported, missing: []}
"""

BETA = """\
indication: beta
standing: not-recommended
reason: The protocol advises against it.
criteria: null
no_criteria: None are stated.
alternatives:
  - id: instead
    text: Plasma exchange
    passage: {source: house-protocol, place: section 5}
cases:
  - id: any
    text: Never supported.
    request: {indication: beta}
    expect: {verdict: not-supported}
"""

GAMMA = """\
indication: gamma
standing: harmful
reason: The report found kidney failure
criteria: null
no_criteria: None are stated.
cases:
  - id: any
    text: To be avoided.
    request: {indication: gamma}
    expect: {verdict: avoid}
"""

DELTA = """\
indication: delta
standing: outside-rule-set
reason: Replacement is judged elsewhere.
belongs_to: the rules for immunodeficiency.
criteria: null
no_criteria: None are stated.
cases:
  - id: any
    text: Out of scope.
    request: {indication: delta}
    expect: {verdict: out-of-scope}
"""

EPSILON = """\
indication: epsilon
standing: limited-evidence
reason: The protocol tolerates it.
criteria:
  id: adults
  text: Unable to walk, if the patient is an adult
  rule: not walks_unaided
  applies_when: age >= 18 'a'
  passage: {source: house-protocol, place: section 7}
cases:
  - id: child
    text: The condition does not apply to children.
    request: {indication: epsilon, request_phase: initial}
    facts: {age: 9 a}
    expect: {verdict: supported, missing: []}
"""

APPRAISALS = {"alpha": ALPHA, "beta": BETA, "gamma": GAMMA, "delta": DELTA, "epsilon": EPSILON}


def write_own_rules(folder: Path) -> Path:
    """Write the whole folder; ``zeta`` is an indication that the rule set does not appraise."""
    files = {
        "sources/house-protocol": SOURCE,
        "sources/harm-report": SECOND_SOURCE,
        "rule-sets/house/rule-set": RULE_SET,
    }
    files |= {f"indications/{key}": f"id: {key}\nspecialty: tests\n{names}\n" for key, names in INDICATIONS.items()}
    files |= {f"rule-sets/house/{key}": text + _HEAD for key, text in APPRAISALS.items()}
    for name, text in files.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
