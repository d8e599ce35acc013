"""Write docs/reference/indications/ (a page for each indication, an index) and the coverage of the review.

Run it from a set-up checkout. A test compares the committed pages with the generated text.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ivigil.knowledge import Appraisal, Criterion, Library, RuleSet, load
from ivigil.knowledge.records import Passage

ROOT = Path(__file__).parent / "reference"
SEED = "gilardin-2015"
NOTE = "Generated from the knowledge by `docs/generate_indications.py`; do not edit.\n"


def pages(known: Library) -> dict[str, str]:
    """File name under ``docs/reference`` and text of every page."""
    rules = known.rule_sets["review-2015"]
    found = {f"indications/{key}.md": _page(key, one, known) for key, one in sorted(rules.appraisals.items())}
    return {"indications/README.md": _index(rules, known), "seed-coverage.md": _coverage(rules, known), **found}


def _index(rules: RuleSet, known: Library) -> str:
    rows = [
        f"| [{known.indications[key].name}]({key}.md) | {one.standing.replace('-', ' ')} | {_level(one)} |"
        for key, one in sorted(rules.appraisals.items())
    ]
    return "\n".join(["# Indications", "", NOTE, "| indication | standing | level |", "|---|---|---|", *rows, ""])


def _level(one: Appraisal) -> str:
    return "not stated" if one.level is None else f"{one.level.level} ({one.level.basis})"


def _page(key: str, one: Appraisal, known: Library) -> str:
    return "\n".join([*_lines(key, one, known), ""])


def _lines(key: str, one: Appraisal, known: Library) -> Iterator[str]:
    indication = known.indications[key]
    yield from [f"# {indication.name[:1].upper()}{indication.name[1:]}", "", NOTE, one.reason, ""]
    yield f"Standing: **{one.standing.replace('-', ' ')}**. Level of evidence: {_level(one)}. Id: `{key}`."
    yield from ["", "## Criteria", "", *(_criteria(one.criteria, 0) if one.criteria else [one.no_criteria or ""])]
    yield from _listed("Exceptions", [f"{item.text} Then: {item.standing}." for item in one.standing_exceptions])
    yield from _listed("Doses in the source", [f"{item.text} ({item.role})" for item in one.regimens])
    yield from _listed("Alternatives", [item.text for item in one.alternatives])
    yield from _listed("Combination", [item.text for item in one.combination])
    yield from _listed("Expected", [item.text for item in one.outcomes])
    yield from _listed("Emergency", [one.urgency.text] if one.urgency else [])
    claims = [known.claims[name] for name in one.claims]
    yield from _listed("Claims and checks", [f"{c.text} **{c.check.status}**: {c.check.found}" for c in claims])
    codes = [f"{code.system} {code.code}: {code.display}" for code in indication.names]
    yield from _listed("Codes that name it", codes)


def _criteria(criterion: Criterion, depth: int) -> Iterator[str]:
    group = " (all of)" if criterion.all_of else " (one of)" if criterion.any_of else ""
    rule = f": `{criterion.rule}`" if criterion.rule else ""
    yield f"{'  ' * depth}- {criterion.text}{group}{rule}"
    for member in (*criterion.all_of, *criterion.any_of):
        yield from _criteria(member, depth + 1)


def _listed(title: str, items: list[str]) -> list[str]:
    return ["", f"## {title}", "", *(f"- {item}" for item in items)] if items else []


def _coverage(rules: RuleSet, known: Library) -> str:
    """Each place of the review that the knowledge cites, with the files that hold it."""
    found: dict[str, set[str]] = {}
    for key, one in rules.appraisals.items():
        for place in _places(one):
            found.setdefault(place, set()).add(f"rule-sets/review-2015/{key}.yaml")
    for claim in known.claims.values():
        found.setdefault(claim.passage.place, set()).add(f"claims/{claim.id}.yaml")
    rows = [f"| {place} | {', '.join(sorted(files))} |" for place, files in sorted(found.items())]
    head = ["# What of the review is held, and where", "", NOTE, "| place in the review | files |", "|---|---|"]
    return "\n".join([*head, *rows, ""])


def _places(record: Any) -> Iterator[str]:  # noqa: ANN401 - any record of the knowledge
    """The places of the review that a record cites anywhere inside."""
    if isinstance(record, Passage):
        if record.source == SEED:
            yield record.place
    elif isinstance(record, tuple):
        for item in record:
            yield from _places(item)
    else:
        for name in getattr(record, "__dataclass_fields__", ()):
            yield from _places(getattr(record, name))


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
