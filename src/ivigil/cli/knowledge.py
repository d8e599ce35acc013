"""``ivigil knowledge``: what ivigil knows, and whether somebody's own rules are sound."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ivigil.cli.output import library, say, unknown_id
from ivigil.documents import BadInput, Fault, canonical_json, encode
from ivigil.explain.words import level_words
from ivigil.knowledge import Appraisal, Criterion, Library, RuleSet, data_folder
from ivigil.knowledge.building import build
from ivigil.knowledge.compiled import write_compiled
from ivigil.knowledge.folder import read_folder
from ivigil.knowledge.schemas import write_schemas
from ivigil.review.worked import run_cases


def list_all(given: Namespace) -> int:
    """List every indication with its standing and level of evidence in each rule set."""
    known = library()
    rows = [row for rules in known.rule_sets.values() for row in _rows(known, rules)]
    if given.json:
        say(canonical_json(rows, indent=2))
        return 0
    for row in rows:
        say(f"{row['ruleset']:14} {row['indication']:28} {row['standing']:18} {row['level'] or '-':6} {row['name']}")
    return 0


def _rows(known: Library, rules: RuleSet) -> list[dict[str, str | None]]:
    return [
        {
            "ruleset": rules.head.id,
            "indication": key,
            "name": known.indications[key].name,
            "standing": appraisal.standing,
            "level": appraisal.level.level if appraisal.level else None,
        }
        for key, appraisal in sorted(rules.appraisals.items())
    ]


def show(given: Namespace) -> int:
    """Show what each rule set says of one indication."""
    known = library()
    if given.id not in known.indications:
        raise unknown_id("indication", given.id, tuple(known.indications))
    indication = known.indications[given.id]
    found = {key: rules.appraisals[given.id] for key, rules in known.rule_sets.items() if given.id in rules.appraisals}
    if given.json:
        say(canonical_json({"indication": encode(indication), "appraisals": encode(found)}, indent=2))
        return 0
    say(f"{indication.name} ({indication.id}), {indication.specialty}")
    for role in ("names", "broader", "excludes"):
        for code in getattr(indication, role):
            say(f"  {role:9} {code.system:10} {code.code:12} {code.display}")
    for key, appraisal in found.items():
        say("\n".join(["", *_appraisal(key, appraisal)]))
    return 0


def _appraisal(rules: str, appraisal: Appraisal) -> list[str]:
    level = f", {level_words(appraisal.level)}" if appraisal.level else ""
    lines = [f"{rules}: {appraisal.standing}{level}", f"  {appraisal.reason}"]
    lines += [f"  criteria: {appraisal.no_criteria}"] if appraisal.no_criteria else ["  criteria:"]
    lines += _criterion(appraisal.criteria, 2) if appraisal.criteria else []
    lines += [f"  {one.standing} instead: {one.text}: {one.when}" for one in appraisal.standing_exceptions]
    lines += [f"  regimen ({regimen.role}): {regimen.text}" for regimen in appraisal.regimens]
    lines += [f"  alternative: {one.text}" for one in appraisal.alternatives]
    lines += [f"  claim: {claim}" for claim in appraisal.claims]
    checked = appraisal.checked_by
    by = checked if checked.startswith("not ") else f"checked by {checked}"
    return [*lines, f"  {by}; next review {appraisal.next_review.isoformat()}"]


def _criterion(criterion: Criterion, depth: int) -> list[str]:
    pad = "  " * depth
    group = " (all of)" if criterion.all_of else " (one of)" if criterion.any_of else ""
    rule = f": {criterion.rule}" if criterion.rule else ""
    lines = [f"{pad}{criterion.text}{group}{rule}"]
    for member in (*criterion.all_of, *criterion.any_of):
        lines += _criterion(member, depth + 1)
    return lines


def check(given: Namespace) -> int:
    """Check a folder of rules: every file, every reference, every rule, every worked case."""
    own = read_folder(data_folder(), own=given.path is not None)
    folder = own if given.path is None else read_folder(_existing(Path(given.path)))
    known = build([own] if given.path is None else [own, folder])
    faults = run_cases(folder, known)
    if faults:
        raise BadInput(faults)
    appraisals = folder.of(Appraisal)
    cases = sum(len(entry.record.cases) for entry in appraisals)
    parts = [_counted(len(folder.entries), "file"), _counted(len(appraisals), "appraisal")]
    say(f"Sound: {', '.join(parts)}, {_counted(cases, 'worked case')} answered as stated.")
    return 0


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _existing(path: Path) -> Path:
    if not path.is_dir():
        raise BadInput([Fault(str(path), "no such folder", "a folder of knowledge files")])
    return path


def compile_all(_: Namespace) -> int:
    """Write the compiled form and the JSON Schemas of ivigil's own knowledge (for those who change it)."""
    root = data_folder()
    known = build([read_folder(root)])
    try:
        written = f"{write_compiled(known, root).name}, {len(write_schemas(root))} schemas"
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        raise BadInput([Fault(str(root), found, "a folder that can be written")]) from None
    say(f"wrote {written}; knowledge {known.hash[:12]}")
    return 0
