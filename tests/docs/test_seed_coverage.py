"""What is listed of the review is held where the list says, and nothing of it that is held is left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from ivigil.documents import parse_yaml

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "ivigil" / "knowledge" / "data"
STATEMENTS = ROOT / "docs" / "reference" / "seed-statements.yaml"
PAGE = ROOT / "docs" / "reference" / "seed-coverage.md"
SEED = "gilardin-2015"
KINDS = {"recommends", "restricts", "warns", "doses", "compares", "table row"}
KEYS = {"place", "says", "kind", "held_in"}
OPTIONAL_KEYS = {"row"}
TABLE_1 = 16
"""Rows of Table 1 of the review."""
TABLE_2 = 8
"""Rows of Table 2 of the review."""
CLAIMS = 37
"""Numbers of the review that are kept as claims, s01 to s37."""
COLUMNS_2 = ("frequencies", "onset", "mechanism", "severity")
"""What Table 2 says of every row, besides risk factors and precautions."""


@cache
def read(path: Path) -> Any:  # noqa: ANN401 - any YAML value
    return parse_yaml(path.read_bytes(), path.name)[0]


SAID: list[dict[str, Any]] = read(STATEMENTS)
HOLDINGS = [(one, reference) for one in SAID for reference in one["held_in"]]
FILES = sorted(DATA.rglob("*.yaml"))


def passages(value: object) -> Iterator[dict[str, Any]]:
    """Every passage anywhere inside a document or a part of one."""
    if isinstance(value, dict):
        if value.keys() == {"source", "place"}:
            yield value
        for item in value.values():
            yield from passages(item)
    elif isinstance(value, list):
        for item in value:
            yield from passages(item)


def cited(value: object) -> set[str]:
    return {passage["place"] for passage in passages(value) if passage["source"] == SEED}


def parts(value: object) -> Iterator[tuple[str, Any]]:
    """Every part of a document that has an id, worked cases aside."""
    if isinstance(value, dict):
        if "id" in value:
            yield value["id"], value
        for key, item in value.items():
            if key != "cases":
                yield from parts(item)
    elif isinstance(value, list):
        for item in value:
            yield from parts(item)


def held(reference: str) -> Any:  # noqa: ANN401 - any YAML value
    """The file that a reference names, or the part of it: one with that id, or a field of the file.

    ``field/id`` names the part of that id in the field.
    """
    name, _, part = reference.partition("#")
    document = read(DATA / name)
    field, _, identifier = part.rpartition("/")
    if not part:
        return document
    found = [one for key, one in parts(document[field] if field else document) if key == identifier]
    assert len(found) <= 1, f"{part} stands more than once in {name}: write field/id"
    return found[0] if found else document.get(part)


def places_of(reference: str) -> set[str]:
    """The places of the review that a part cites; those of the whole file where the part is bare text."""
    return cited(held(reference)) or cited(read(DATA / reference.partition("#")[0]).get("passage"))


def stands_for(place: str, passage_place: str) -> bool:
    return passage_place == place or passage_place.startswith(f"{place}, ")


def references(folder: str) -> set[str]:
    return {reference.partition("#")[0] for _, reference in HOLDINGS if reference.startswith(f"{folder}/")}


def listed(path: Path) -> list[Any]:
    """Everything in a file that a statement names."""
    name = path.relative_to(DATA).as_posix()
    return [held(reference) for _, reference in HOLDINGS if reference.partition("#")[0] == name]


def within(value: object) -> Iterator[dict[str, Any]]:
    """Every mapping inside a value, and the value itself if it is one."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from within(item)


def is_of_the_review(part: dict[str, Any]) -> bool:
    """Whether a part cites the review itself, not only through its members."""
    return part.get("passage", {}).get("source") == SEED and not {"all_of", "any_of"} & part.keys()


def rows(table: str) -> set[str]:
    return {one.get("row") or one["place"] for one in SAID if one["place"].startswith(f"{table}, ")}


@pytest.mark.parametrize("one", SAID, ids=lambda one: one["says"])
def test_a_statement_is_complete(one: dict[str, Any]) -> None:
    assert set(one) >= KEYS
    assert set(one) <= KEYS | OPTIONAL_KEYS
    assert one["kind"] in KINDS
    assert one["place"]
    assert one["says"].endswith(".")
    assert one["held_in"], "name the file that holds it"
    assert len(set(one["held_in"])) == len(one["held_in"])


def test_no_statement_is_written_twice() -> None:
    counted = Counter((one["place"], one.get("row"), one["says"]) for one in SAID)
    assert [key for key, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("reference", sorted({reference for _, reference in HOLDINGS}))
def test_what_is_named_exists(reference: str) -> None:
    assert (DATA / reference.partition("#")[0]).is_file()
    assert held(reference) is not None, "no part and no field of the file has this name"


@pytest.mark.parametrize(("one", "reference"), HOLDINGS, ids=lambda value: value if isinstance(value, str) else "")
def test_what_holds_a_statement_cites_its_place(one: dict[str, Any], reference: str) -> None:
    assert any(stands_for(one["place"], place) for place in places_of(reference)), places_of(reference)


def test_every_indication_appears() -> None:
    files = {path.relative_to(DATA).as_posix() for path in (DATA / "rule-sets" / "review-2015").glob("*.yaml")}
    assert files == references("rule-sets")


def test_every_claim_of_the_review_appears() -> None:
    claims = {path.relative_to(DATA).as_posix() for path in (DATA / "claims").glob("*.yaml") if cited(read(path))}
    assert claims == references("claims")
    numbers = {int(match[1]) for name in claims if (match := re.match(r"claims/s(\d\d)-", name))}
    assert numbers >= set(range(1, CLAIMS + 1))


def test_every_place_that_the_knowledge_cites_appears() -> None:
    anywhere = {place for path in FILES for place in cited(read(path))}
    assert anywhere - {one["place"] for one in SAID} == set()


def test_every_row_of_table_1_is_held_by_an_appraisal() -> None:
    held_rows = {one["place"] for one, reference in HOLDINGS if reference.startswith("rule-sets/")}
    joint = {"Table 1, the rows of level 3"}
    assert rows("Table 1") - joint <= held_rows
    assert len(rows("Table 1") - joint) == TABLE_1


def test_every_row_of_table_2_is_held_by_a_hazard() -> None:
    of_table = [one for one in SAID if one["place"].startswith("Table 2, ")]
    assert len(rows("Table 2")) == TABLE_2
    assert rows("Table 2") == {one["row"] for one in of_table}
    holders = [{name.partition("#")[0] for name in one["held_in"] if name.startswith("hazards/")} for one in of_table]
    assert all(len(files) == 1 for files in holders)
    assert len({(one["row"], *files) for one, files in zip(of_table, holders, strict=True)}) == TABLE_2


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name == "hazards"], ids=lambda path: path.stem)
def test_everything_that_a_hazard_has_from_the_review_appears(path: Path) -> None:
    document = read(path)
    if is_of_the_review(document):
        found = listed(path)
        assert all(document[column] in found for column in COLUMNS_2)
        parts_of_it = [*document["risk_factors"], *document["precautions"]]
        assert [part["id"] for part in parts_of_it if is_of_the_review(part) and part not in found] == []


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.parent.name == "review-2015"], ids=lambda path: path.stem
)
def test_everything_that_an_appraisal_has_from_the_review_appears(path: Path) -> None:
    """Criteria, doses, alternatives, advice, outcomes and remarks; an emergency may be a reading of the project."""
    document = read(path)
    found = list(within(listed(path)))
    said = [part for key in document.keys() - {"cases", "urgency"} for part in within(document[key])]
    assert [part["text"] for part in said if is_of_the_review(part) and part not in found and "text" in part] == []


def test_the_statements_of_a_section_stand_together() -> None:
    sections = [section for section, _ in groupby(one["place"].partition(", ")[0] for one in SAID)]
    assert len(sections) == len(set(sections))


def test_the_page_has_a_row_for_each_statement_and_none_is_empty() -> None:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "| held in |" not in line]
    assert len(cells) == len(SAID)
    assert all(all(row) for row in cells)
