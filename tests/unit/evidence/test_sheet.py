"""Extraction sheets: what is read, every fault by row, and what the studies of a sheet move."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivigil.documents import BadInput
from ivigil.evidence.moved import moved_by
from ivigil.evidence.pooling import more_of
from ivigil.evidence.rows import used_in
from ivigil.evidence.sheet import Sheet, read_sheet, sheet_pooling
from ivigil.evidence.sheet_studies import sheet_as_studies, study_id, with_studies
from ivigil.explain.evidence_words import favours
from ivigil.knowledge import Library, load
from ivigil.synthesis.options import Options
from ivigil.synthesis.rows import OneCorrelation, OneProportion, Reported, TwoByTwo, TwoMeans

COUNTS = "study,year,events_a,n_a,events_b,n_b"
MEANS = "study,year,mean_a,sd_a,n_a,mean_b,sd_b,n_b,unit,of,design,compared,estimate,low,high"
EFFECT = "study,year,estimate,low,high,level"
PARALLEL = "randomised parallel trial"


def read(text: str, measure: str | None = "RR") -> Sheet:
    return read_sheet(text.encode(), "s.csv", measure)


def faults(text: str | bytes, measure: str | None = "RR") -> list[str]:
    with pytest.raises(BadInput) as raised:
        read_sheet(text if isinstance(text, bytes) else text.encode(), "s.csv", measure)
    return [str(one) for one in raised.value.faults]


@cache
def library() -> Library:
    return load()


@pytest.mark.parametrize(
    ("text", "measure", "row"),
    [
        (f"{COUNTS}\nA,2020,1,10,2,11\n", "OR", TwoByTwo("A 2020", 1, 10, 2, 11)),
        (f"{MEANS}\nA,2020,1.5,2,10,−1,2.5,11,kg,,,,,,\n", "MD", TwoMeans("A 2020", 1.5, 2, 10, -1, 2.5, 11)),
        ("study,year,events,n\nA 2020,2020,1,10\n", "PLO", OneProportion("A 2020", 1, 10)),
        ("study,year,r,n\nA,2020,0.5,10\n", "ZCOR", OneCorrelation("A 2020", 0.5, 10)),
        (f"{EFFECT}\nA,2020,1.5,1,2,\n", "HR", Reported("A 2020", 1.5, 1, 2, level=0.95)),
        (f"{EFFECT}\nA,2020,1.5,1,2,90\n", "RR", Reported("A 2020", 1.5, 1, 2, level=0.9)),
        ("study;year;estimate;low;high\r\nA;2020;1.5;1;2\r\n", "HR", Reported("A 2020", 1.5, 1, 2)),
        ("Study\tYear\tr\tn\nA\t2020\t0.5\t10\n", "COR", OneCorrelation("A 2020", 0.5, 10)),
        ("study,year,measure,r,n,,\nA,2020,COR,0.5,10,,\n,,,,,,\n", None, OneCorrelation("A 2020", 0.5, 10)),
    ],
)
def test_rows_of_every_kind(text: str, measure: str | None, row: object) -> None:
    assert [one.row for one in read(text, measure).rows] == [row]


def test_what_stands_beside_the_figures() -> None:
    text = f"{COUNTS},subgroup,dose,setting,note\nA,2020,1,10,2,11,children,0.4,ward,x\nB,2021,1,10,2,11,,,,\n"
    first, second = read(text).rows
    assert (first.subgroup, first.moderators, first.note) == ("children", {"dose": 0.4, "setting": "ward"}, "x")
    assert (first.line, second.line, second.subgroup, second.moderators) == (2, 3, None, {})


def test_a_year_is_asked_for_by_nothing_but_what_needs_it() -> None:
    sheet = read("study,events_a,n_a,events_b,n_b\nA,1,10,2,10\nB,2,10,3,10\n")
    assert [(one.label, one.year) for one in sheet.rows] == [("A", None), ("B", None)]
    more = more_of(sheet_pooling(sheet, Options(), "lower"), library())
    assert more.cumulative == ()
    assert "Cumulative analysis: year: found none for A, B; expected a year for every study." in more.refused


@pytest.mark.parametrize(
    ("header", "row", "measure", "told"),
    [
        ("events_a,n_a,events_b,n_b", "1,10,2,10", "RR", ["no column 'study'"]),
        ("study,events_a,n_a", "A,1,10", "PETO", ["no column 'events_b'", "no column 'n_b'"]),
        ("study,r,n", "A,0.5,10", "HR", ["no column 'estimate'", "no column 'high'", "no column 'low'"]),
    ],
)
def test_a_missing_column_is_told_once_and_not_on_each_row(
    header: str, row: str, measure: str, told: list[str]
) -> None:
    found = faults(f"{header}\n{row}\n{row.replace('A', 'B')}\n", measure)
    assert [one.split("found ")[1].split(";")[0] for one in found] == told


@pytest.mark.parametrize(
    ("text", "measure", "column"),
    [
        (f"{COUNTS}\nA,2020,1,1e300,2,10\n", "PETO", "n_a"),
        (f"{COUNTS}\nA,2020,1,1e16,2,10\n", "RR", "n_a"),
        ("study,mean_a,sd_a,n_a,mean_b,sd_b,n_b\nA,1,1e300,9,1,1,9\n", "MD", "sd_a"),
        ("study,estimate,low,high\nA,1e200,-1e200,1e201\n", "MD", "estimate"),
    ],
)
def test_figures_too_large_to_compute_with_are_faults(text: str, measure: str, column: str) -> None:
    assert any(f"A 2020, {column}: " in one or f"A, {column}: " in one for one in faults(text, measure))


def test_a_correlation_favours_no_arm() -> None:
    sheet = read("study,r,n\nA,0.5,20\nB,0.1,30\n", "ZCOR")
    pooling = sheet_pooling(sheet, Options())
    assert (pooling.a_name, pooling.b_name) == ("", "")
    assert favours(pooling) == ("", "")


def test_a_moderator_that_nobody_has_is_told_once_with_what_there_is() -> None:
    sheet = read(f"{COUNTS},dose,subgroup\nA,2020,1,10,2,10,1,x\nB,2021,2,10,3,10,2,y\nC,2022,2,12,3,14,3,y\n")
    pooling = sheet_pooling(sheet, Options(), "lower")
    with pytest.raises(BadInput) as raised:
        more_of(pooling, library(), ("nothing",))
    assert [one.expected for one in raised.value.faults] == ["one of dose, year, subgroup"]
    assert more_of(pooling, library(), ("subgroup",)).regression is not None


def test_every_fault_is_listed_by_row() -> None:
    text = (
        f'{COUNTS},unit\nA,2020,11,10,2,11,\nB,20,"1,5",10,2,11,\nA,2020,1,10,-1,45%,\n,2020,1.5,0,x,11,\nC,2020,,,,,\n'
    )
    assert faults(text) == [
        (
            "s.csv, line 2, A, events_a: found 11 events among 10 participants; expected no more events than "
            "participants. Count participants with an event, not events."
        ),
        "s.csv, line 3, B, events_a: found '1,5'; expected a number. Decimals have a point: 1.5.",
        "s.csv, line 3, B, year: found '20'; expected a year of four digits.",
        "s.csv, line 4, A, events_b: found -1; expected a number of events of 0 or more.",
        "s.csv, line 4, A, n_b: found '45%'; expected a number. Write the count, not a percentage.",
        (
            "s.csv, line 4, study: found 'A' again (line 2); expected each study once. A study counts once: give two "
            "comparisons of one study names of their own, with no arm in both."
        ),
        "s.csv, line 5, events_a: found 1.5; expected a whole number. Count people; do not round percentages back.",
        "s.csv, line 5, events_b: found 'x'; expected a number.",
        "s.csv, line 5, n_a: found 0; expected a number of participants above 0. Leave out an arm that nobody is in.",
        "s.csv, line 5, study: found nothing; expected a label for the study.",
        "s.csv, line 6, C: found no figures; expected events_a, n_a, events_b, n_b, or estimate, low, high.",
    ]


@pytest.mark.parametrize(
    ("text", "measure", "said"),
    [
        (b"", "RR", "an empty file"),
        (COUNTS, "RR", "a header without a row"),
        (b"\xff\xfes\x00", "RR", "UTF-16"),
        ("study,year\nä,2020\n".encode("latin-1"), "RR", "not UTF-8"),
        ('study,year\n"A,2020\n', "RR", "not CSV"),
        (f"{COUNTS}\nA,2020,1,10,2\n", "RR", "line 2: found 5 cells; expected 6"),
        (f"{COUNTS}\nA,2020,1,5,10,2,11\n", "RR", "A decimal comma parts a number in two"),
        (f"{COUNTS},n_a\nA,2020,1,10,2,11,3\n", "RR", "the column 'n_a' 2 times"),
        (f"{COUNTS},,x\nA,2020,1,10,2,11,3,4\n", "RR", "a column without a name"),
        ("study,year,events_a,n_a,events_b,total_b\nA,2020,1,10,2,11\n", "RR", "no column 'n_b'"),
        ("study,year,event_a,n_a,events_b,n_b\nA,2020,1,10,2,11\n", "RR", "Did you mean events_a?"),
        ("trial,year,events,n\nA,2020,1,10\n", "PR", "no column 'study'"),
        (f"{COUNTS}\nA,2020,1,10,2,11\n", "MD", "no column 'mean_a'"),
        (f"{COUNTS}\nA,2020,1,10,2,11\n", "rr", "Did you mean RR?"),
        (f"{COUNTS}\nA,2020,1,10,2,11\n", None, "no measure"),
        (f"{COUNTS},measure\nA,2020,1,10,2,11,RR\nB,2020,1,10,2,11,OR\n", None, "line 3, measure: found OR"),
        (f"{COUNTS},measure\nA,2020,1,10,2,11,RR\n", "OR", "line 2, measure: found RR"),
        (f"{COUNTS},design\nA,2020,1,10,2,11,randomized parallel trial\n", "RR", "Did you mean 'randomised parallel"),
        (f"{COUNTS},estimate,low,high\nA,2020,1,10,2,11,1.5,1,2\n", "RR", "both events_a and estimate"),
        (f"{EFFECT}\nA,2020,3,1,2,\n", "HR", "estimate: found 3 outside its interval, 1 to 2"),
        (f"{EFFECT}\nA,2020,0.5,-1,2,\n", "HR", "low: found -1; expected a value above 0"),
        (f"{EFFECT}\nA,2020,1.5,1,2,0.95\n", "HR", "Write 95, not 0.95"),
        (f"{EFFECT}\nA,2020,1e999,1,2,\n", "HR", "estimate: found '1e999'; expected a number"),
        (f"{EFFECT}\nA,2020,٣,1,2,\n", "HR", "estimate: found '٣'; expected a number"),
        (f"{EFFECT}\nA\x1b[31m,2020,1.5,1,2,\n", "HR", "a control character"),
        ("study,year,estimate,low,high\nA,2020,0.5,0.4,0.6\n", "PFT", "no column 'events'"),
        (f"{MEANS}\nA,2020,1,-2,10,1,2,11,,,,,,,\n", "MD", "sd_a: found -2"),
        (f"{MEANS}\nA,2020,1 kg,2,10,1,2,11,,,,,,,\n", "MD", "Write 1 here, and kg in the column unit"),
        (f"{MEANS}\nA,2020,1,2,10,1,2,11,kg,,,,,,\nB,2020,1,2,10,1,2,11,lb,,,,,,\n", "MD", "line 3, unit: found 'lb'"),
        (f"{MEANS}\nA,2020,1,2,10,1,2,11,kg,,,,,,\nB,2020,1,2,10,1,2,11,,,,,,,\n", "MD", "line 3, unit: found nothing"),
        (f"{MEANS}\nA,2020,1,2,10,1,2,11,,change,,,,,\n", "SMD", "changes from baseline"),
        (f'{MEANS}\nA,2020,1,2,10,1,2,11,,,,"crossover, paired",,,\n', "MD", "paired crossover figures"),
        (f'{MEANS}\nA,2020,1,2,10,1,2,11,,,,"crossover, periods as arms",,,\n', "MD", "crossover means by period"),
        (f"{MEANS}\nA,2020,1,2,10,1,2,11,,,randomised crossover trial,,,,\n", "MD", "nothing, for a crossover trial"),
    ],
)
def test_a_fault_is_told(text: str | bytes, measure: str | None, said: str) -> None:
    assert said in "\n".join(faults(text, measure))


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        (f"{MEANS}\nA,2020,1,2,10,1,2,11,kg,,,,,,\nB,2020,1,2,10,1,2,11,lb,,,,,,\n", "SMD"),
        (f"{MEANS}\nA,2020,1,2,10,1,2,11,,change,,,,,\n", "MD"),
        (f'{MEANS}\nA,2020,,,10,,,11,,,randomised crossover trial,"crossover, paired",1,0,2\n', "MD"),
        (f"{COUNTS},mean_age,doses\nA,2020,1,10,2,11,40,3\n", "RR"),
    ],
)
def test_what_is_no_fault(text: str, measure: str) -> None:
    assert read(text, measure).rows


CELLS = st.sampled_from(["", "0", "3", "10", "-1", "1.5", "1,5", "x", "=1", "1e9", "40%", "NaN", "9" * 400])


@given(st.lists(st.lists(CELLS, min_size=5, max_size=7), min_size=1, max_size=5), st.sampled_from(["RR", "PETO", "RD"]))
def test_a_sheet_is_read_whole_or_refused_with_a_line_for_each_fault(rows: list[list[str]], measure: str) -> None:
    body = "\n".join(",".join([f"S{n}", '"1,5"' if "," in row[0] else "2020", *row[1:5]]) for n, row in enumerate(rows))
    try:
        sheet = read(f"{COUNTS}\n{body}\n", measure)
    except BadInput as error:
        assert all(one.where.startswith("s.csv") for one in error.faults)  # noqa: PT017 - both ends are good
        return
    assert [one.line for one in sheet.rows] == list(range(2, len(rows) + 2))
    for one in sheet.rows:
        row = one.row
        assert isinstance(row, TwoByTwo)
        assert 0 <= row.events_a <= row.n_a
        assert 0 <= row.events_b <= row.n_b


@given(st.permutations(range(4)))
def test_faults_do_not_depend_on_the_order_of_columns(order: list[int]) -> None:
    names, cells = COUNTS.split(",")[2:], ["50", "40", "-1", "x"]
    moved = [",".join(part[n] for n in order) for part in (names, cells)]
    expected = faults(f"{COUNTS}\nA,2020,{','.join(cells)}\n")
    assert faults(f"study,year,{moved[0]}\nA,2020,{moved[1]}\n") == expected
    assert len(expected) == 3


@given(st.integers(0, 20), st.integers(1, 20), st.integers(0, 20), st.integers(1, 20))
def test_a_row_is_refused_exactly_where_events_exceed_participants(a: int, n_a: int, b: int, n_b: int) -> None:
    text = f"{COUNTS}\nA,2020,{a},{n_a},{b},{n_b}\n"
    if a <= n_a and b <= n_b:
        assert read(text).rows[0].row == TwoByTwo("A 2020", a, n_a, b, n_b)
    else:
        assert len(faults(text)) == (a > n_a) + (b > n_b)


def test_mutated_sheets_are_read_or_refused() -> None:
    rng = random.Random(5)  # noqa: S311 - repeatable, not secret
    whole = f'{COUNTS},design,unit,dose\nA,2020,1,10,2,11,{PARALLEL},kg,0.4\nB,2021,3,12,"4",13,,,\n'.encode()
    outcomes = set()
    for _ in range(600):
        changed = bytearray(whole)
        for _ in range(rng.randint(1, 5)):
            place = rng.randrange(len(changed))
            piece = rng.choice(
                [b"", b'"', b",", b"\n", b"\x00", b"\xff", b";", b"9", b"=", bytes([rng.randrange(256)])]
            )
            changed[place : place + rng.randint(0, 2)] = piece
        try:
            read_sheet(bytes(changed), "mutant.csv", "RR")
            outcomes.add("read")
        except BadInput:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


def test_pooling_a_sheet() -> None:
    text = f"{COUNTS},subgroup,dose\nA,2020,10,40,20,40,x,1\nB,2021,5,40,9,40,y,2\n"
    found = sheet_pooling(read(text), Options(), "lower")
    assert found.years == {"A 2020": 2020, "B 2021": 2021}
    assert found.groups == {"A 2020": "x", "B 2021": "y"}
    assert found.moderators["B 2021"] == {"dose": 2.0}
    assert found.pooled.k == 2


def test_a_sheet_that_gives_no_effect_is_refused() -> None:
    with pytest.raises(BadInput, match="no study that gives an effect"):
        sheet_pooling(read(f"{COUNTS}\nA,2020,0,10,0,10\n"), Options(zero_cells="none"), "lower")
    with pytest.raises(BadInput, match="--better"):
        sheet_pooling(read(f"{COUNTS}\nA,2020,1,10,2,10\n"), Options())


def counted(extra: str = "", values: str = "") -> Sheet:
    return read(f"{COUNTS},design,source{extra}\nExample study A,2026,21,40,9,40,{PARALLEL},gilardin-2015{values}\n")


def test_the_studies_of_a_sheet_join_an_analysis() -> None:
    analysis = library().evidence.analyses["cidp-response"]
    (study,) = sheet_as_studies(counted(), analysis, library())
    held = with_studies([study], library())
    assert study.id == "example-study-a-2026"
    assert study.participants == 80
    assert [one.row for one in used_in(analysis, held) if one.study.id == study.id] == [
        TwoByTwo("Example study A 2026", 21, 40, 9, 40)
    ]
    (moved,) = moved_by(frozenset({study.id}), held)
    assert moved.added == ("Example study A 2026",)
    assert moved.before.pooled is not None
    assert moved.after.pooled is not None
    assert moved.after.pooled.k == moved.before.pooled.k + 1
    assert library().evidence.studies.keys() == held.evidence.studies.keys() - {study.id}


def test_an_effect_as_reported_joins_as_it_was_printed() -> None:
    text = f"study,year,estimate,low,high,level,design,source\nA,2026,1.50,1.1,2.05,90,{PARALLEL},gilardin-2015\n"
    (study,) = sheet_as_studies(read(text), library().evidence.analyses["cidp-response"], library())
    effect = study.results[0].effect
    assert effect is not None
    assert (effect.estimate, effect.low, effect.high, effect.level) == tuple(map(Decimal, ("1.5", "1.1", "2.05", "90")))
    rows = [one.row for one in used_in(library().evidence.analyses["cidp-response"], with_studies([study], library()))]
    assert Reported("A 2026", 1.5, 1.1, 2.05, level=0.9) in rows


def test_a_source_may_be_named_by_its_doi() -> None:
    key, held = next((key, one) for key, one in library().sources.items() if one.doi)
    text = f"{COUNTS},design,doi\nA,2026,21,40,9,40,{PARALLEL},https://doi.org/{(held.doi or '').upper()}\n"
    (study,) = sheet_as_studies(read(text), library().evidence.analyses["cidp-response"], library())
    assert study.passage.source == key


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (f"A,2026,21,40,9,40,{PARALLEL},nowhere", "source: found nowhere"),
        ("A,2026,21,40,9,40,,gilardin-2015", "design: found nothing"),
        (f"ICE,2008,32,59,12,58,{PARALLEL},gilardin-2015", "a study that cidp-response holds already"),
        (f"Azulay,1994,1,9,2,9,{PARALLEL},gilardin-2015", "the id of a study that is held"),
        (
            f"A-B,2026,1,9,2,9,{PARALLEL},gilardin-2015\nA B,2026,1,9,2,9,{PARALLEL},gilardin-2015",
            "a label without an id of its own",
        ),
    ],
)
def test_studies_that_cannot_join(rows: str, said: str) -> None:
    analysis = library().evidence.analyses["cidp-response"]
    with pytest.raises(BadInput, match=said):
        sheet_as_studies(read(f"{COUNTS},design,source\n{rows}\n"), analysis, library())


def test_a_sheet_of_another_measure_does_not_join() -> None:
    analysis = replace(library().evidence.analyses["cidp-response"], measure="OR")
    with pytest.raises(BadInput, match="data for RR; expected OR"):
        sheet_as_studies(counted(), analysis, library())


def test_ids_of_studies() -> None:
    assert study_id("Étude n° 2 (b), 2020") == "etude-n-2-b-2020"
