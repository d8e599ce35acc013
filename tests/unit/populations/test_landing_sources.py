"""Which files landing reads, and what it says of the others."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from tests.unit.populations.landing_inputs import export, landed, ndjson, quarantined, requests
from tests.unit.readers.records import GBS, bundle, order, patient

from ivigil.documents import BadInput
from ivigil.synthetic.cohort import Cohort, write_cohort
from ivigil.synthetic.plan import Options
from ivigil.synthetic.recipe import Recipe
from ivigil.synthetic.runs import Place

RECORD = [patient(), order(reasonCode=[GBS])]


def test_the_type_of_a_resource_is_in_the_resource_and_not_in_the_name(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "part.1").write_bytes(ndjson(RECORD[1:]))
    (folder / "anything.ndjson.gz").write_bytes(gzip.compress(ndjson(RECORD[:1])))
    (row,) = requests(landed(folder, tmp_path / "out"))
    assert row["indication"] == "guillain-barre"
    assert (row["file"], row["line"]) == ("part.1", 1)
    assert row["age__low"] is None
    assert row["age"] == 46


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_of_bundles_lands_as_lines_do(tmp_path: Path, indent: int | None, *, packed: bool) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    content = json.dumps(bundle(*RECORD), indent=indent).encode()
    (folder / f"one.json{'.gz' if packed else ''}").write_bytes(gzip.compress(content) if packed else content)
    as_bundle = requests(landed(folder, tmp_path / "out"))
    as_lines = requests(landed(export(tmp_path / "lines", *RECORD), tmp_path / "out2"))
    for row in (*as_bundle, *as_lines):
        del row["file"], row["line"]
    assert as_bundle == as_lines


def test_the_pages_of_one_patient_come_together(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, resource in enumerate(RECORD):
        (folder / f"{number}.json").write_text(json.dumps(bundle(resource)))
    (row,) = requests(landed(folder, tmp_path / "out"))
    assert row["age"] == 46


@pytest.mark.parametrize(("name", "content"), [("notes.txt", "see there"), ("table.csv", "a,b\n1,2\n")])
def test_an_input_of_no_form_that_is_read_is_one_clear_error(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_text(content)
    with pytest.raises(BadInput) as error:
        landed(tmp_path / "in", tmp_path / "out")
    assert len(error.value.faults) == 1
    assert not (tmp_path / "out").exists()


def test_an_input_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file or folder"):
        landed(tmp_path / "nowhere", tmp_path / "out")


def test_a_file_of_no_form_beside_others_is_named_and_the_run_goes_on(tmp_path: Path) -> None:
    folder = export(tmp_path / "in", *RECORD)
    (folder / "README.txt").write_text("exported on Monday")
    found = landed(folder, tmp_path / "out")
    assert found.requests.landed == 1
    assert found.files.unread == 1
    assert [(one["file"], one["what"]) for one in quarantined(found)] == [("README.txt", "file")]


def test_a_bundle_that_is_none_is_set_aside_whole(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(bundle(*RECORD)))
    (folder / "b.json").write_text('{"resourceType": "Bundle", "type": "message", "entry": []}')
    (folder / "c.json").write_text('{\n"resourceType": "Bundle", "type": ')
    found = landed(folder, tmp_path / "out")
    assert found.requests.landed == 1
    assert [(one["file"], one["what"]) for one in quarantined(found)] == [("b.json", "file"), ("c.json", "file")]


def test_what_the_maker_of_records_says_of_them_is_neither_read_nor_set_aside(tmp_path: Path) -> None:
    write_cohort(Cohort(Recipe(Options(7)), 3, 1, Place(tmp_path / "in")))
    assert list((tmp_path / "in").glob("*.manifest"))
    assert not [one for one in quarantined(landed(tmp_path / "in", tmp_path / "out")) if "manifest" in one["file"]]
