"""Evidence laid out: what is held on an indication, one analysis, every claim's check, and what a study moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ivigil.evidence.checks import Checked
from ivigil.evidence.grading import Graded, LevelBeside
from ivigil.evidence.leaning import Leaning
from ivigil.evidence.moved import Moved
from ivigil.evidence.pooling import Pooling, pooling_of
from ivigil.evidence.recompute import Figure, Recomputed
from ivigil.evidence.running import Ran
from ivigil.explain.evidence_findings import findings_of
from ivigil.explain.evidence_pictures import forest_of
from ivigil.explain.evidence_words import absolute_words, pooled_words, question, result_words
from ivigil.explain.forest import forest_table
from ivigil.explain.layout import Row, Section, Table
from ivigil.explain.plot_figures import figure
from ivigil.explain.plot_numbers import effect_words, printed
from ivigil.explain.pooling_words import conventions, findings, prediction_words
from ivigil.knowledge import Library
from ivigil.knowledge.grading_records import CertaintyRating
from ivigil.knowledge.records import Passage
from ivigil.knowledge.study_records import Study
from ivigil.synthesis.results import Pooled

_COMES_OUT = {True: "agrees", False: "differs"}


def indication_sections(
    graded: Graded, runs: Sequence[Ran], claims: Sequence[Checked], library: Library
) -> list[Section]:
    """Everything held on one indication: levels side by side, analyses, studies, claims."""
    held = [
        Section("Levels, as stated and as the studies held give them", tuple(_level(one) for one in graded.levels)),
        Section("Certainty, as a named body recorded it", tuple(_certainty(one) for one in graded.certainty)),
        Section("Analyses", tuple(_analysis_row(one) for one in runs)),
        Section("Studies", tuple(study_row(one, library) for one in graded.studies)),
        Section("Claims and what a check of them found", tuple(claim_row(one) for one in claims)),
    ]
    return [one for one in held if one.rows]


def findings_section(graded: Graded, runs: Sequence[Ran]) -> Section:
    """The summary of findings, too wide for a terminal."""
    return Section("Summary of findings", (), table=findings_of(runs, graded.certainty))


def analyses_table(runs: Sequence[Ran]) -> Table:
    """The analyses with what they come to, and how many studies they have and lack."""
    rows = (
        (one.analysis.id, _effect(one), str(len(one.used)), str(len(one.analysis.missing)), one.standing)
        for one in runs
    )
    return Table(("analysis", "pooled", "studies", "missing", "standing"), tuple(rows))


def analysis_sections(ran: Ran, leaning: Sequence[Leaning] = ()) -> list[Section]:
    """One analysis: the question, its studies as a table, what comes out, and what a reader must know."""
    found = [Row(question(ran), "question"), *_outcome(ran)]
    sections = [
        Section("What comes out", tuple(found)),
        Section("Studies", tuple(_kept_out(ran)), table=_lines(ran)),
    ]
    if leaning:
        sections.append(Section("Who leans on it", tuple(_leaning(one) for one in leaning)))
    return sections


def check_sections(checked: Sequence[Checked]) -> list[Section]:
    """Every claim: its status, the figures computed again, and the analyses that bear on it."""
    table = Table(
        ("claim", "status", "computed again", "analysis"),
        tuple((one.claim.id, one.claim.check.status, one.computes, _standings(one)) for one in checked),
    )
    figures = [(one.claim.id, each.recomputation.text, *_computed(each)) for one in checked for each in one.figures]
    computed = Table(("claim", "figure", "computed", "stated", "outcome"), tuple(figures))
    return [
        Section("Claims", (), table=table),
        Section("Figures computed again", (), table=computed),
        Section("In words", tuple(claim_row(one) for one in checked), folded=True),
    ]


def moved_sections(moved: Moved) -> list[Section]:
    """One analysis before and after the studies that are new."""
    rows = tuple(
        (name, _effect(one), _agreement(one)) for name, one in (("before", moved.before), ("after", moved.after))
    )
    says = [Row(one, "moved") for one in moved.says] or [Row("Nothing that is told here moved.")]
    return [
        Section(
            f"{moved.after.analysis.title}: with {', '.join(moved.added)}",
            tuple(says),
            table=Table(("", "effect", "agreement"), rows),
        ),
        Section("Who leans on it", tuple(_leaning(one) for one in moved.leaning)),
    ]


def pooling_sections(one: Pooling) -> list[Section]:
    """Studies of a sheet: their table, what comes out, and how."""
    rows = (Row(pooled_words(one.pooled), "pooled", _behind(one.pooled)), *(Row(note) for note in one.notes))
    return [Section("What comes out", rows, table=forest_table(forest_of(one)))]


def _behind(pooled: Pooled) -> tuple[str, ...]:
    """How far studies agree, where a new one is expected, and by which conventions."""
    ends = prediction_words(pooled)
    expected = (f"The effect in a new setting is expected within {ends}.",) if ends else ()
    return (*findings(pooled), *expected, conventions(pooled))


def claim_row(one: Checked) -> Row:
    """A claim with what a check of it found, its figures, and later studies that bear on it."""
    check = one.claim.check
    source = _of_source(check.source) if check.source else ""
    details = [f"Check: {check.status}. {printed(check.found)}{source}", *(_figures(each) for each in one.figures)]
    details += [f"Analysis {each.analysis.id}: {each.standing}. {each.why}" for each in one.analyses]
    details += [f"Later: {each.name} {each.year}. {each.changes}" for each in one.studies if each.changes]
    return Row(f"{one.claim.id}: {printed(one.claim.text)}", check.status, tuple(details))


def study_row(one: Study, library: Library) -> Row:
    """A study with its results as their source prints them."""
    size = f", n {one.participants}" if one.participants is not None else ""
    details = [result_words(one, each) + _of_source(each.passage.source) for each in one.results]
    details += [f"Changes: {one.changes}"] if one.changes else []
    read = library.sources[one.passage.source].read
    return Row(f"{one.name} ({one.design}{size}; read: {read})", str(one.year), tuple(details))


def _outcome(ran: Ran) -> Iterator[Row]:
    if ran.pooled is not None:
        yield Row(pooled_words(ran.pooled), "pooled", _behind(ran.pooled))
    if ran.absolute is not None and ran.analysis.baseline is not None:
        base = ran.analysis.baseline
        yield Row(absolute_words(ran.absolute), "absolute", (f"{base.text}{_place(base.passage)}",))
    published = ran.analysis.published
    if published is not None:
        stated = printed(f"{published.measure} {published.estimate} ({published.low} to {published.high})")
        yield Row(f"{stated}{_place(published.passage)}", "published")
    yield Row(ran.why, ran.standing)
    yield Row(ran.analysis.why_these, "choice")


def _lines(ran: Ran) -> Table | None:
    pooling = pooling_of(ran)
    return forest_table(forest_of(pooling)) if pooling else None


def _kept_out(ran: Ran) -> Iterator[Row]:
    left_out = ran.effects.left_out if ran.effects is not None else ()
    for one in left_out:
        yield Row(f"{one.label}: {one.reason}", "left out")
    for missing in ran.analysis.missing:
        yield Row(f"{missing.name}: {missing.why}", "missing")
    for remark in ran.remarks:
        yield Row(remark, "remark")


def _analysis_row(ran: Ran) -> Row:
    details = (ran.why, question(ran))
    return Row(f"{ran.analysis.id}: {_effect(ran)}", ran.standing, details)


def _effect(ran: Ran) -> str:
    return f"{ran.analysis.measure} {effect_words(ran.measure, ran.pooled.effect)}" if ran.pooled else "no effect"


def _agreement(ran: Ran) -> str:
    if ran.pooled is None:
        return ""
    found = ran.pooled.heterogeneity
    return f"{ran.pooled.k} studies, I² {found.i2:.0f} %" if found.df else "1 study"


def _standings(one: Checked) -> str:
    return "; ".join(sorted({each.standing for each in one.analyses}))


def _computed(one: Recomputed) -> tuple[str, str, str]:
    found = "; ".join(_span(each) for each in one.figures)
    return found, "; ".join(printed(str(each.stated)) for each in one.figures), _COMES_OUT[one.agrees]


def _span(one: Figure) -> str:
    """A figure computed from rounded inputs, with the range that their rounding allows."""
    return figure(one.value) + ("" if one.low == one.high else f" [{figure(one.low)}, {figure(one.high)}]")


def _figures(one: Recomputed) -> str:
    found = ", ".join(_figure(each) for each in one.figures)
    said = "" if one.as_recorded else " (the data record the opposite)"
    return f"{_COMES_OUT[one.agrees].capitalize()}: {one.recomputation.text.rstrip('.')}: {found}{said}."


def _figure(one: Figure) -> str:
    within = "" if one.low == one.high else " within the rounding of what is printed"
    return f"{_span(one)}{within}, stated {printed(str(one.stated))}"


def _level(one: LevelBeside) -> Row:
    stated = f"{one.rule_set}: {one.stated.scheme} {one.stated.level} ({one.stated.basis})"
    if one.then is None or one.now is None:
        return Row(stated, "stated", ("Its scheme is not held here, and schemes are never converted.",))
    then = f"{_found(one.then.found.level, one.then.found.because)}, {one.then.says}"
    by = f"By the design alone of the studies held up to {one.until}: {then}.{_reservation(one.then.says)}"
    now = f"By the design alone of all studies held: {_found(one.now.level, one.now.because)}."
    return Row(stated, "stated", (by, now))


def _reservation(says: str) -> str:
    """A level that is not found is not shown to be wrong."""
    lacking = says in {"lower than stated", "no study held", "no level for the designs held"}
    return " A study that is not held here may give the level stated." if lacking else ""


def _found(level: object, because: Sequence[str]) -> str:
    name = getattr(level, "id", None)
    return f"{name} ({', '.join(because)})" if name else "no level"


def _certainty(one: CertaintyRating) -> Row:
    domains = tuple(f"{each.domain}: {each.steps:+d}. {each.reason}" for each in one.domains)
    return Row(f"{one.outcome}: {one.certainty} ({one.body}){_place(one.passage)}", "certainty", domains)


def _leaning(one: Leaning) -> Row:
    by = f"cites {', '.join(one.claims)}" if one.claims else "of the same indication"
    return Row(f"{one.rule_set} {one.indication}: {one.standing}, level {one.level or 'not stated'}; {by}")


def _place(passage: Passage) -> str:
    return f" [{passage.source}: {passage.place}]"


def _of_source(source: str) -> str:
    return f" [{source}]"
