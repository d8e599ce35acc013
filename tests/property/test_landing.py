"""Landing drops nothing that could change a decision, and what it lands can be had back."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.populations.landing_inputs import export, kept_cases, library, said, whole_case
from tests.unit.readers.records import (
    ATC,
    GBS,
    ICD10CM,
    ITP,
    IVIG,
    LOINC,
    PLATELETS,
    SNOMED,
    WEIGHT,
    Json,
    concept,
    daily,
    judge,
    quantity,
)

from ivigil.populations.landing.event_rows import EVENT_KINDS, event_rows
from ivigil.populations.landing.knowing import Knowing
from ivigil.populations.landing.lines import Batch, Spoilt, batches, lines_of
from ivigil.populations.landing.peek import NotJson, Peek, look_at, peek
from ivigil.populations.landing.pieces import tasks_of
from ivigil.populations.landing.records import Origin, Record
from ivigil.populations.landing.sources import find_sources
from ivigil.populations.landing.statements import diagnoses_in, statements_in
from ivigil.tables import start

CATALOGUE = library().catalogue
# Every code that a fact stands under, and some that none does.
CODES = sorted({(code.system, code.code) for fact in CATALOGUE.facts.values() for code in fact.codes})
URLS = {"loinc": LOINC, "snomed": SNOMED, "icd-10-cm": ICD10CM, "atc": ATC}
UNKNOWN = [(LOINC, "1-8"), ("urn:local", "x"), (SNOMED, "404684003"), (ATC, "A01AA01")]
DRUGS = [
    IVIG,
    concept(ATC, "A01AA01", "Fluoride"),
    {"text": "Normal immunoglobulin 10 %"},
    {"text": "Tetanus immunoglobulin"},
    {},
]
IDS = st.sampled_from(["a", "b", "c", "d"])

# By number, because hypothesis would write out a list of all.
codings = st.one_of(
    st.integers(0, len(CODES) - 1).map(lambda one: (URLS.get(CODES[one][0], CODES[one][0]), CODES[one][1])),
    st.sampled_from(UNKNOWN),
)
concepts = st.one_of(
    codings.map(lambda one: concept(*one)),
    st.lists(codings, min_size=1, max_size=3).map(
        lambda many: {"coding": [{"system": system, "code": f" {code} "} for system, code in many], "text": "words"}
    ),
    st.sampled_from([GBS, ITP, {"text": "Guillain-Barre syndrome"}, {"coding": "no list"}, "no object", None]),
)
subjects = st.sampled_from(["Patient/p", "https://example.org/fhir/Patient/p", "Patient/p/_history/2"])
metas = st.sampled_from([{"meta": {"versionId": version}} for version in "123"])
extensions = st.sampled_from([{}, {}, {}, {"modifierExtension": [{"url": "urn:x"}]}, {"note": [{"text": "ſ \u2028"}]}])
days = st.sampled_from(["2026-11-19", "2026-11", "2026", "no date"])


def resource(kind: str, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[Json]:
    return st.builds(
        lambda identity, subject, meta, extension, given: {
            "resourceType": kind,
            "id": identity,
            "subject": {"reference": subject},
            **given,
            **meta,
            **extension,
        },
        IDS,
        subjects,
        metas,
        extensions,
        st.fixed_dictionaries(fields),
    )


values = st.sampled_from([quantity(70, "kg"), quantity("x"), quantity(12, "10*9/L"), quantity(1.5, "g/L")])
measured = st.one_of(concepts, st.sampled_from([concept(LOINC, WEIGHT), concept(LOINC, PLATELETS)]))
observations = resource(
    "Observation",
    status=st.sampled_from(["final", "preliminary", "cancelled"]),
    code=measured,
    valueQuantity=values,
    effectiveDateTime=days,
    component=st.lists(st.fixed_dictionaries({"code": measured, "valueQuantity": values}), max_size=2),
)
conditions = resource("Condition", code=concepts, recordedDate=days, onsetDateTime=days)
procedures = resource("Procedure", code=concepts, status=st.just("completed"), performedDateTime=days)
allergies = resource("AllergyIntolerance", code=concepts)
relatives = resource(
    "FamilyMemberHistory",
    status=st.just("completed"),
    condition=st.lists(st.fixed_dictionaries({"code": concepts}), max_size=2),
)
drugs = st.one_of(concepts, st.sampled_from(DRUGS))
references = st.sampled_from(
    [{"reference": f"Medication/{one}"} for one in "abx"] + [{"reference": "#in"}, {"display": "x"}]
)
given_in_place = {"medicationCodeableConcept": drugs}
given_by_reference = {
    "medicationReference": references,
    "contained": drugs.map(lambda code: [{"resourceType": "Medication", "id": "in", "code": code}]),
}
treatments = st.one_of(
    *(
        resource(kind, status=st.sampled_from(["active", "completed"]), effectiveDateTime=days, **drug)
        for kind in ("MedicationStatement", "MedicationAdministration")
        for drug in (given_in_place, given_by_reference)
    )
)
reasons = {
    "status": st.sampled_from(["active", "completed", "stopped", "entered-in-error"]),
    "authoredOn": st.just("2026-11-19"),
    "reasonCode": st.lists(
        st.one_of(st.sampled_from([GBS, ITP]), concepts.filter(lambda one: isinstance(one, dict))), max_size=2
    ),
    "reasonReference": st.lists(IDS.map(lambda one: {"reference": f"Condition/{one}"}), max_size=2),
    "priorPrescription": IDS.map(lambda one: {"reference": f"MedicationRequest/{one}"}),
    "dosageInstruction": st.just(daily(30)["dosageInstruction"]),
}
orders = st.one_of(
    resource("MedicationRequest", **reasons, **given_in_place),
    resource("MedicationRequest", **reasons, **given_by_reference),
)
answers = resource(
    "QuestionnaireResponse",
    status=st.just("completed"),
    authored=days,
    item=st.lists(
        st.fixed_dictionaries(
            {
                "linkId": st.sampled_from(["request_indication", "active_bleeding", "other"]),
                "answer": st.sampled_from([[{"valueBoolean": True}], [{"valueString": "guillain-barre"}]]),
            }
        ),
        max_size=2,
    ),
)
others = resource("Encounter", type=st.lists(concepts, max_size=1))
# A drug that others refer to names no patient.
medications = st.builds(
    lambda identity, code, meta: {"resourceType": "Medication", "id": identity, "code": code, **meta}, IDS, drugs, metas
)
records = st.lists(
    st.one_of(
        observations,
        observations,
        conditions,
        procedures,
        allergies,
        relatives,
        treatments,
        orders,
        orders,
        answers,
        others,
        medications,
    ),
    max_size=12,
)
PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1980-06-15", "gender": "female"}


@st.composite
def versioned_alike(draw: st.DrawFn) -> list[Json]:
    """A server gives a version to all its resources, or to none."""
    found = draw(records)
    return found if draw(st.booleans()) else [{key: one[key] for key in one if key != "meta"} for one in found]


@given(versioned_alike())
def test_what_is_dropped_changes_nothing_that_a_decision_rests_on(resources: list[Json]) -> None:
    with TemporaryDirectory() as folder:
        everything = [PATIENT, *resources]
        kept = kept_cases(export(Path(folder) / "in", *everything), Path(folder) / "work")
        assert said(kept["Patient/p"]) == said(whole_case(everything, "Patient/p"))


@given(records)
def test_a_case_can_be_had_back_from_what_was_stated(resources: list[Json]) -> None:
    case = whole_case([PATIENT, *resources], "Patient/p")
    places = {one["resourceType"] + "/" + one["id"]: Origin("file", 1) for one in resources}
    found = list(event_rows(Record("Patient/p", case, places, {}), library().askable))
    engine = start("polars")
    table = engine.table(EVENT_KINDS, [tuple(row.get(name) for name in EVENT_KINDS) for row in found])
    back = [dict(zip(EVENT_KINDS, row, strict=True)) for row in engine.rows(table)]
    assert statements_in(back) == case.statements
    assert diagnoses_in(back) == case.diagnoses
    for request in case.requests:
        if [one.origin for one in case.requests].count(request.origin) == 1:
            assert statements_in(back, request.origin) == request.statements


@given(records, st.lists(st.dates(date(2025, 1, 1), date(2028, 1, 1)), min_size=1, max_size=6))
def test_what_is_known_on_a_day_does_not_depend_on_the_days_asked_for_before(
    resources: list[Json], asked: list[date]
) -> None:
    case = whole_case([PATIENT, *resources], "Patient/p")
    knowing = Knowing(case, library().askable)
    for day in asked:
        for request in (*case.requests, None):
            known = knowing.known(request.statements if request else (), day)
            wanted = judge().known(case, request, (), day)
            assert {name: (one.extent, one.used) for name, one in known.items()} == {
                name: (one.extent, one.used) for name, one in wanted.items()
            }


PIECES = [
    '{"resourceType": "Observation"}',
    "{}",
    "{",
    "}",
    '{"id": ',
    '"x"',
    "1",
    "[",
    "]",
    ",",
    " ",
    "\r",
    "\n",
    "\n",
    "\x00",
]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=14))
def test_lines_looked_at_together_are_seen_as_each_alone(written: list[str]) -> None:
    """Whatever is wrong with them: values on several lines, several on a line, none."""
    for one in batches(iter(["".join(written).encode()]), at=1):
        assert isinstance(one, Batch)
        alone = [_alone(line) for line in one.lines]
        assert [seen and seen.kind for seen in look_at(one)] == [seen and seen.kind for seen in alone]
        assert [seen is None for seen in look_at(one)] == [seen is None for seen in alone]


def _alone(line: bytes) -> Peek | None:
    try:
        return peek(line)
    except NotJson:
        return None


lines = st.lists(st.binary(max_size=12).map(lambda one: one.replace(b"\n", b"")), max_size=20)


def numbered(found: Iterator[Batch | Spoilt]) -> list[tuple[int, bytes]]:
    given = [one for one in found if isinstance(one, Batch)]
    return [(number, line) for one in given for number, line in enumerate(one.lines, one.first)]


@given(lines, st.lists(st.integers(0, 200), max_size=6), st.booleans())
def test_lines_do_not_depend_on_how_they_arrive(content: list[bytes], cuts: list[int], ended: bool) -> None:  # noqa: FBT001
    whole = b"\n".join(content) + (b"\n" if ended else b"")
    places = sorted({0, len(whole), *(cut for cut in cuts if cut <= len(whole))})
    chunks = (whole[start:end] for start, end in itertools.pairwise(places))
    found = [line for _, line in numbered(batches(chunks, at=1))]
    wanted = whole.split(b"\n")
    assert found == (wanted if wanted[-1] else wanted[:-1])


@given(lines.filter(any), st.integers(1, 40))
def test_every_line_is_in_just_one_stretch(content: list[bytes], stretch: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "some.ndjson"
        path.write_bytes(b"\n".join(content))
        pieces = [piece for task in tasks_of(find_sources([path], mapped=False), stretch) for piece in task.pieces]
        found = [list(lines_of(path, piece.start, piece.end, packed=False)) for piece in pieces]
        for one in (one for group in found for one in group if isinstance(one, Batch)):
            assert path.read_bytes()[one.at :].startswith(one.text)
        each = [numbered(iter(group)) for group in found]
        wanted = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
        assert [line for one in each for _, line in one] == (wanted if wanted[-1] else wanted[:-1])
        assert all([number for number, _ in one] == list(range(1, len(one) + 1)) for one in each)


@given(lines, st.integers(0, 8))
def test_a_line_that_is_too_long_is_told_and_the_others_count(content: list[bytes], longest: int) -> None:
    chunks = (bytes([byte]) for byte in b"\n".join(content))
    found = list(batches(chunks, at=1, longest=longest))
    kept = dict(numbered(iter(found)))
    spoilt = {one.number for one in found if isinstance(one, Spoilt)}
    for number, line in enumerate(content, 1):
        if len(line) > longest:
            assert number in spoilt
            assert number not in kept
        elif number in kept:
            assert kept[number] == line
        else:
            assert number == len(content)
            assert not line
