"""``ivigil evidence``: what is held, shown, checked and verified."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ivigil.cli.files import content_of, output_faults, write
from ivigil.cli.output import library, say, unknown_id
from ivigil.documents import BadInput, Fault, canonical_json, encode, parse_json
from ivigil.evidence.checks import check_claims, run_all, status_counts
from ivigil.evidence.grading import graded
from ivigil.evidence.leaning import leaning_on
from ivigil.evidence.pooling import pooling_of
from ivigil.evidence.running import Ran, run
from ivigil.evidence.snapshot import FORMAT, verified
from ivigil.explain.evidence_json import check_values, graded_values, ran_values
from ivigil.explain.evidence_sections import (
    analyses_table,
    analysis_sections,
    check_sections,
    claim_row,
    findings_section,
    indication_sections,
    study_row,
)
from ivigil.explain.layout import Row, Section
from ivigil.explain.terminal import print_sections
from ivigil.knowledge import Library


def list_all(given: Namespace) -> int:
    """List the analyses with what they come to, and how many studies are held on each indication."""
    known = library(given.knowledge)
    runs = run_all(known)
    held = Counter(one.indication or one.condition for one in known.evidence.studies.values())
    if given.json:
        values = {"analyses": [ran_values(one) for one in runs.values()], "studies": dict(sorted(held.items()))}
        say(canonical_json(values, indent=2))
        return 0
    studies = tuple(Row(name, str(count)) for name, count in sorted(held.items()))
    sections = [
        Section("Analyses", (), table=analyses_table(tuple(runs.values()))),
        Section("Studies by indication or condition", studies),
    ]
    print_sections("Evidence held", sections)
    return 0


def show(given: Namespace) -> int:
    """Show an indication, or one study, analysis or claim."""
    if given.html is not None and (faults := list(output_faults([Path(given.html)]))):
        raise BadInput(faults)
    known = library(given.knowledge)
    wanted, evidence = given.id.lower(), known.evidence
    if wanted in known.indications:
        return _show_indication(wanted, given, known)
    if wanted in evidence.analyses:
        return _show_analysis(run(evidence.analyses[wanted], known), given, known)
    if wanted in evidence.studies:
        study = evidence.studies[wanted]
        return _show_one(given, encode(study), study.name, study_row(study, known))
    if wanted in known.claims:
        found = next(one for one in check_claims(known) if one.claim.id == wanted)
        return _show_one(given, check_values([found])["claims"][0], wanted, claim_row(found))
    ids = (*known.indications, *evidence.analyses, *evidence.studies, *known.claims)
    raise unknown_id("indication, analysis, study or claim", wanted, ids)


def check(given: Namespace) -> int:
    """Run every check again. Exit 1 where a figure does not come out as the data record it."""
    known = library(given.knowledge)
    checked = check_claims(known)
    wrong = [each for one in checked for each in one.figures if not each.as_recorded]
    if given.json:
        say(canonical_json(check_values(checked), indent=2))
        return bool(wrong)
    print_sections("Every claim, checked again", check_sections(checked), everything=given.all)
    counts = ", ".join(f"{count} {status}" for status, count in sorted(status_counts(checked).items()))
    computed = sum(len(one.figures) for one in checked)
    say(f"{len(checked)} claims: {counts}. {computed} figures computed again.")
    for each in wrong:
        say(f"{each.recomputation.id} does not come out as recorded.")
    return bool(wrong)


def verify(given: Namespace) -> int:
    """Say whether a snapshot is whole and signed. Exit 1 where it is not."""
    content = _snapshot(Path(given.file))
    key = content_of(Path(given.key)) if given.key else None
    found = verified(content, key)
    good = found.whole and (key is None or found.signature is True)
    if given.json:
        say(canonical_json({"whole": found.whole, "signature": found.signature}))
        return int(not good)
    unchecked = "signed, but no key was given to check it" if "signature" in content else "not signed"
    signature = {True: "signed by this key", False: "not signed by this key", None: unchecked}
    say(f"{given.file}: {'whole' if found.whole else 'changed since it was written'}; {signature[found.signature]}")
    return int(not good)


def _show_indication(wanted: str, given: Namespace, known: Library) -> int:
    held = graded(wanted, known)
    runs = [one for one in run_all(known).values() if one.analysis.indication == wanted]
    claims = [one for one in check_claims(known, {ran.analysis.id: ran for ran in runs}) if _about(one.claim, wanted)]
    title = known.indications[wanted].name
    sections = indication_sections(held, runs, claims, known)
    if given.html:
        wide = [findings_section(held, runs)] if runs else []
        _page(Path(given.html), title, [*wide, *sections], runs)
    values = graded_values(held) | {"analyses": [ran_values(one) for one in runs]} | check_values(claims)
    return _said(given, values, title, sections)


def _page(path: Path, title: str, sections: Sequence[Section], runs: Sequence[Ran]) -> None:
    from ivigil.explain.evidence_pictures import forest_of  # noqa: PLC0415 - read only for a page
    from ivigil.explain.evidence_report import evidence_report  # noqa: PLC0415
    from ivigil.explain.forest import forest_figure  # noqa: PLC0415

    pooled = [one for one in map(pooling_of, runs) if one is not None]
    write(path, evidence_report(title, sections, [forest_figure(forest_of(one)) for one in pooled]))


def _about(claim: object, indication: str) -> bool:
    return getattr(claim, "indication", None) == indication


def _show_analysis(ran: Ran, given: Namespace, known: Library) -> int:
    leaning = leaning_on(ran.analysis, known)
    sections = analysis_sections(ran, leaning)
    if given.html:
        _page(Path(given.html), ran.analysis.title, sections, [ran])
    return _said(given, ran_values(ran, leaning), ran.analysis.title, sections)


def _show_one(given: Namespace, values: object, title: str, row: Row) -> int:
    sections = [Section("What is held", (row,))]
    if given.html:
        _page(Path(given.html), title, sections, [])
    return _said(given, values, title, sections)


def _said(given: Namespace, values: object, title: str, sections: Sequence[Section]) -> int:
    if given.json:
        say(canonical_json(values, indent=2))
    else:
        print_sections(title, sections, everything=True)
    return 0


def _snapshot(path: Path) -> dict[str, object]:
    content = parse_json(content_of(path), str(path))
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise BadInput([Fault(str(path), "no snapshot", f"what pool --snapshot wrote ({FORMAT})")])
    return content
