"""Write docs/reference/indications/ (a page for each indication, an index) and the coverage of the review.

Run it from a set-up checkout. A test compares the committed pages with the generated text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from ivigil.documents import decode, parse_yaml
from ivigil.knowledge import Appraisal, Criterion, Library, RuleSet, load
from ivigil.knowledge.records import Difference, Regimen

ROOT = Path(__file__).parent / "reference"
STATEMENTS = ROOT / "seed-statements.yaml"
NOTE = "Generated from the knowledge by `docs/generate_indications.py`; do not edit.\n"
COVERAGE_NOTE = """What the review recommends, restricts, warns of, doses or compares, in our own words: every row of
its tables, then every sentence of that kind, in its order. How it explains the effect is left aside.
The list is [seed-statements.yaml](seed-statements.yaml). Files are below `src/ivigil/knowledge/data`, and what follows
`#` is the part of the file."""
REVIEW = "review-2015"
INDEX_NOTE = """The level of evidence is the review's. An excerpt holds a part of what its body says: a dash means that
nothing is held of the disease, not that the body says nothing of it."""
EXCERPT_NOTE = """What follows are **excerpts**: they show a part of what a body says and never support a request.
What is missing in them says nothing of what the body says."""


@dataclass(frozen=True)
class Statement:
    """One thing that the review says, in our words, and the knowledge that holds it."""

    place: str
    says: str
    kind: Literal["recommends", "restricts", "warns", "doses", "compares", "table row"]
    held_in: tuple[str, ...]
    row: str | None = None

    @property
    def section(self) -> str:
        """The table or the section of the review."""
        return self.place.partition(", ")[0]

    @property
    def heading(self) -> str:
        """What names the statement within its section."""
        return self.row or self.place.partition(", ")[2] or self.place


def pages(known: Library) -> dict[str, str]:
    """File name under ``docs/reference`` and text of every page."""
    rules = known.rule_sets[REVIEW]
    found = {f"indications/{key}.md": _page(key, one, known) for key, one in sorted(rules.appraisals.items())}
    return {"indications/README.md": _index(rules, known), "seed-coverage.md": _coverage(statements()), **found}


def _index(rules: RuleSet, known: Library) -> str:
    bodies = [rules, *_excerpts(known)]
    head = " | ".join(body.head.id for body in bodies)
    rows = [
        f"| [{known.indications[key].name}]({key}.md) | {_standings(key, bodies)} | {_level(one)} |"
        for key, one in sorted(rules.appraisals.items())
    ]
    table = [f"| indication | {head} | level |", f"|---|{'---|' * len(bodies)}---|", *rows]
    return "\n".join(["# Indications", "", NOTE, INDEX_NOTE, "", *table, ""])


def _excerpts(known: Library) -> list[RuleSet]:
    return [rules for _, rules in sorted(known.rule_sets.items()) if rules.head.scope == "excerpt"]


def _standings(key: str, bodies: list[RuleSet]) -> str:
    found = [body.appraisals.get(key) for body in bodies]
    return " | ".join(_standing(one) if one else "–" for one in found)


def _standing(one: Appraisal) -> str:
    return one.standing.replace("-", " ")


def _level(one: Appraisal) -> str:
    return "not stated" if one.level is None else f"{one.level.level} ({one.level.basis})"


def _page(key: str, one: Appraisal, known: Library) -> str:
    return "\n".join([*_lines(key, one, known), ""])


def _lines(key: str, one: Appraisal, known: Library) -> Iterator[str]:
    indication = known.indications[key]
    yield from [f"# {indication.name[:1].upper()}{indication.name[1:]}", "", NOTE, one.reason, ""]
    yield f"Standing: **{_standing(one)}**. Level of evidence: {_level(one)}. Id: `{key}`."
    yield from _said(one, "##")
    claims = [known.claims[name] for name in one.claims]
    yield from _listed("## Claims and checks", [f"{c.text} **{c.check.status}**: {c.check.found}" for c in claims])
    yield from _differences(known.differences_on(key))
    yield from _other_bodies([(body, body.appraisals[key]) for body in _excerpts(known) if key in body.appraisals])
    codes = [f"{code.system} {code.code}: {code.display}" for code in indication.names]
    yield from _listed("## Codes that name it", codes)


def _said(one: Appraisal, mark: str) -> Iterator[str]:
    """What a body says of the indication, under headings that begin with ``mark``."""
    yield from ["", f"{mark} Criteria", "", *(_criteria(one.criteria, 0) if one.criteria else [one.no_criteria or ""])]
    exceptions = [f"{item.text.rstrip('.')}. Then: {item.standing}." for item in one.standing_exceptions]
    yield from _listed(f"{mark} Exceptions", exceptions)
    yield from _listed(f"{mark} Doses in the source", [_regimen(item) for item in one.regimens])
    yield from _listed(f"{mark} Alternatives", [item.text for item in one.alternatives])
    yield from _listed(f"{mark} Combination", [item.text for item in one.combination])
    yield from _listed(f"{mark} Expected", [item.text for item in one.outcomes])
    yield from _listed(f"{mark} Emergency", [one.urgency.text] if one.urgency else [])
    yield from _listed(f"{mark} Diagnosed by", [one.diagnosed_by.text] if one.diagnosed_by else [])
    yield from _listed(f"{mark} Review of treatment", [item.text for item in one.reviews])
    yield from _listed(f"{mark} When to reduce or end it", [item.text for item in one.stop_rules])
    yield from _listed(f"{mark} Remarks", [item.text for item in one.remarks])


def _criteria(criterion: Criterion, depth: int) -> Iterator[str]:
    group = " (all of)" if criterion.all_of else " (one of)" if criterion.any_of else ""
    rule = f": `{criterion.rule}`" if criterion.rule else ""
    only = f"; asked only where `{criterion.applies_when}`" if criterion.applies_when else ""
    yield f"{'  ' * depth}- {criterion.text}{group}{rule}{only}"
    for member in (*criterion.all_of, *criterion.any_of):
        yield from _criteria(member, depth + 1)


def _regimen(regimen: Regimen) -> str:
    note = f": {regimen.note}" if regimen.note else ""
    return f"{regimen.text} ({regimen.role}){note}"


def _differences(differences: tuple[Difference, ...]) -> Iterator[str]:
    if differences:
        yield from ["", "## Where sources differ"]
    for one in differences:
        positions = [f"{item.body} ({item.kind}): {item.says}" for item in one.positions]
        yield from _listed(f"### {one.question}", positions)


def _other_bodies(bodies: list[tuple[RuleSet, Appraisal]]) -> Iterator[str]:
    if bodies:
        yield from ["", "## Other bodies", "", EXCERPT_NOTE]
    for rules, one in bodies:
        yield from ["", f"### {rules.head.title}", "", one.reason, ""]
        scheme = f", {one.level.scheme}" if one.level else ""
        yield f"Excerpt `{rules.head.id}`. Standing: **{_standing(one)}**. Level of evidence: {_level(one)}{scheme}."
        yield from [f"As the body puts it: {one.stated_as}."] if one.stated_as else []
        yield from _said(one, "####")


def _listed(title: str, items: list[str]) -> list[str]:
    return ["", title, "", *(f"- {item}" for item in items)] if items else []


def statements() -> tuple[Statement, ...]:
    """What the review says, in its order."""
    content, _ = parse_yaml(STATEMENTS.read_bytes(), STATEMENTS.name)
    return decode(tuple[Statement, ...], content)


def _coverage(said: tuple[Statement, ...]) -> str:
    """Each row and each recommending, restricting or warning sentence of the review, with the files that hold it."""
    return "\n".join([*_coverage_lines(said), ""])


def _coverage_lines(said: tuple[Statement, ...]) -> Iterator[str]:
    yield from ["# What of the review is held, and where", "", NOTE, COVERAGE_NOTE]
    tables = ("Table 1", "Table 2")
    for title in tables:
        yield from ["", f"## {title}", "", *_statement_table([one for one in said if one.section == title])]
    yield from ["", "## Sentences, by section"]
    sentences = [one for one in said if one.section not in tables]
    for section, group in groupby(sentences, key=lambda one: one.section):
        yield from ["", f"### {section}", "", *_statement_table(group)]


def _statement_table(said: Iterable[Statement]) -> Iterator[str]:
    yield from ["| where | what it says | kind | held in |", "|---|---|---|---|"]
    for one in said:
        yield f"| {one.heading} | {one.says} | {one.kind} | {', '.join(one.held_in)} |"


def main() -> None:
    """Write every page, and remove those of indications that are gone."""
    wanted = pages(load())
    (ROOT / "indications").mkdir(exist_ok=True)
    for old in (ROOT / "indications").glob("*.md"):
        if f"indications/{old.name}" not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (ROOT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
