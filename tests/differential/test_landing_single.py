"""Landing against the reader of single records: the same patient gives the same rows, in whatever form they come."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.unit.populations.landing_inputs import TODAY, export, landed, quarantined, requests
from tests.unit.readers.records import judge, library

from ivigil.criteria.frames import cells
from ivigil.documents import BadInput, parse_json
from ivigil.facts import Case
from ivigil.facts.gathering import Gathering
from ivigil.facts.readers.bundle import bundle_items, read_resources
from ivigil.knowledge import has
from ivigil.populations.landing.request_rows import index_date
from ivigil.populations.rows import known_cells, known_kinds
from ivigil.review.compiled import ORDERED

DATA = Path(__file__).parents[1] / "data"
BUNDLES = [
    path for path in sorted(DATA.glob("*.json")) if json.loads(path.read_bytes()).get("resourceType") == "Bundle"
]
SINGLE = [path for path in BUNDLES if path.stem != "two-patients"]


def resources_of(path: Path) -> list[dict[str, object]]:
    return [entry["resource"] for entry in json.loads(path.read_bytes())["entry"]]


# In an export of many patients every resource has an id and says whose it is.
AS_LINES = [
    path
    for path in SINGLE
    if all("id" in one and (one["resourceType"] == "Patient" or "subject" in one) for one in resources_of(path))
]


def single(path: Path) -> Case:
    """The case of one file, orders that are over among its requests."""
    gathering = Gathering(path.name)
    items = bundle_items(parse_json(path.read_bytes(), path.name), path.name, gathering)
    return read_resources(items, gathering, library().vocabulary, past_orders=True)


def expected(case: Case) -> list[dict[str, object]]:
    """What the tables have to hold, by the judge of single cases."""
    found = []
    for request in case.requests:
        day = index_date(request, TODAY)
        assert day is not None
        known = judge().known(case, request, (), day)
        matching = judge().matcher.matching(case, request, known)
        for match in matching.matches:
            more = judge().known(case, request, match.onset, day)
            own = cells(library().askable[has(match.indication.id)], match.established.extent)
            found.append({**known_cells(more, library().askable), **own, "indication": match.indication.id})
        found += [{**known_cells(known, library().askable), "indication": "not listed"} for _ in matching.unlisted]
        if not matching.matches and not matching.unlisted:
            found.append({**known_cells(known, library().askable), "indication": None})
    return [{**one, ORDERED: True} for one in found]


@pytest.mark.parametrize("path", SINGLE, ids=lambda path: path.stem)
def test_a_bundle_lands_as_it_is_reviewed(path: Path, tmp_path: Path) -> None:
    compare(requests(landed(path, tmp_path / "out")), single(path))


@pytest.mark.parametrize("path", AS_LINES, ids=lambda path: path.stem)
def test_the_same_resources_land_alike_as_lines(path: Path, tmp_path: Path) -> None:
    found = landed(export(tmp_path / "in", *resources_of(path)), tmp_path / "out")
    whole = landed(path, tmp_path / "whole")
    strip = ("file", "line", "patient", "row")
    assert without(requests(found), strip) == without(requests(whole), strip)


def without(rows: list[dict[str, object]], names: tuple[str, ...]) -> list[dict[str, object]]:
    return [{name: cell for name, cell in row.items() if name not in names} for row in rows]


def compare(rows: list[dict[str, object]], case: Case) -> None:
    wanted = expected(case)
    assert len(rows) == len(wanted)
    for row, one in zip(rows, wanted, strict=True):
        assert {name: cell for name, cell in row.items() if cell is not None and name in known_names()} == {
            name: cell for name, cell in one.items() if cell is not None
        }


def known_names() -> set[str]:
    return {*known_kinds(library().askable), "indication"}


def test_a_bundle_of_two_patients_is_divided_where_the_review_refuses_it(tmp_path: Path) -> None:
    path = DATA / "two-patients.json"
    with pytest.raises(BadInput):
        single(path)
    found = landed(path, tmp_path / "out")
    assert found.patients.with_requests == len({row["patient"] for row in requests(found)}) == 2
    assert quarantined(found) == []
