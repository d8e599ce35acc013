"""What cannot be read is set aside with file, line and reason; the rest lands, and everything is accounted for."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path
from typing import BinaryIO

import pytest
from tests.unit.populations.landing_inputs import export, landed, ndjson, quarantined, requests
from tests.unit.readers.records import GBS, WEIGHT, Json, observation, order, patient, quantity

from ivigil.populations.landing.lines import LONGEST_LINE, Batch, Spoilt, lines_of
from ivigil.populations.landing.sources import Source

ORDER = order(reasonCode=[GBS])
WEIGHED = observation("w", WEIGHT, quantity(70, "kg"))
MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"resourceType": "Observation", "id": ', "not JSON"),
        (b"no JSON at all", "not JSON"),
        (b'{"resourceType": "Observation", "valueInteger": NaN}', "not JSON"),
        (b"[1, 2]", "no FHIR resource"),
        (b'{"hello": "world"}', "no FHIR resource"),
        (b'{"resourceType": 12}', "no FHIR resource"),
        (b'{"resourceType": "Bundle", "type": "collection"}', "a Bundle"),
        (json.dumps({**WEIGHED, "subject": {"reference": "Group/g"}}).encode(), "names no patient"),
        (json.dumps({key: WEIGHED[key] for key in WEIGHED if key != "subject"}).encode(), "names no patient"),
        (json.dumps({**WEIGHED, "subject": "Patient/p"}).encode(), "names no patient"),
        (json.dumps(WEIGHED).encode().replace(b'"status"', b'"status": "final", "status"'), "twice in one object"),
        (json.dumps(WEIGHED).encode().replace(b"kg", b"\\ud800"), "not JSON"),
        (b'{"resourceType": "Location", "note": ' + b"[" * 5000 + b"]" * 5000 + b"}", "nested too deep"),
    ],
)
def test_a_line_that_cannot_be_used_is_set_aside_with_its_reason(tmp_path: Path, line: bytes, reason: str) -> None:
    folder = export(tmp_path / "in", patient(), ORDER)
    (folder / "more.ndjson").write_bytes(ndjson([WEIGHED | {"id": "first"}]) + b"\n" + line + b"\n" + ndjson([WEIGHED]))
    found = landed(folder, tmp_path / "out")
    (one,) = quarantined(found)
    assert (one["file"], one["line"], one["what"]) == ("more.ndjson", 3, "line")
    assert reason in one["reason"]
    assert line.decode().startswith(one["begins"])
    assert (found.lines.total, found.lines.quarantined) == (5, 1)
    (row,) = requests(found)
    assert row["weight"] == 70


def test_lines_nested_about_as_deep_as_can_be_read_are_read_or_set_aside(tmp_path: Path) -> None:
    """Some readers stand deeper in the stack than others, so that some fail where others do not."""
    folder = export(tmp_path / "in", patient(), ORDER)
    about = '"subject": {"reference": "Patient/p"}, "meta": {"versionId": "1"}'
    deep = [
        f'{{"resourceType": "{kind}", {about}, "{name}": {"[" * depth}{"]" * depth}}}\n'
        for depth in range(900, 1010, 2)
        for kind in ("Observation", "Condition", "Procedure")
        for name in ("note", "code")
    ]
    (folder / "more.ndjson").write_text("".join(deep))
    found = landed(folder, tmp_path / "out")
    assert (found.lines.total, found.requests.landed) == (2 + len(deep), 1)
    assert 0 < len(quarantined(found)) == found.lines.quarantined < len(deep)
    assert all("nested too deep" in one["reason"] for one in quarantined(found))


@pytest.mark.parametrize("depth", [100, 5000])
def test_a_bundle_may_be_nested_too_deep(tmp_path: Path, depth: int) -> None:
    entries = [{"resource": one} for one in (patient(), ORDER, {"resourceType": "Location", "note": "DEEP"})]
    bundle = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.json").write_text(bundle.replace('"DEEP"', "[" * depth + "]" * depth))
    found = landed(tmp_path / "in", tmp_path / "out")
    assert (found.requests.landed, found.files.unread) == ((1, 0) if depth == 100 else (0, 1))
    assert ["nested too deep" in one["reason"] for one in quarantined(found)] == [True] * found.files.unread


def test_what_has_no_bearing_and_names_no_patient_is_merely_read(tmp_path: Path) -> None:
    place = {"resourceType": "Location", "id": "l", "code": 3}
    found = landed(export(tmp_path / "in", patient(), ORDER, place), tmp_path / "out")
    assert quarantined(found) == []
    assert (found.lines.no_bearing, found.lines.kept) == (1, 2)


@pytest.mark.parametrize("spoil", ["cut", "overwritten"])
def test_before_the_damage_in_a_compressed_file_everything_counts(tmp_path: Path, spoil: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    many = [order(f"o{number}", reasonCode=[GBS], note=[{"text": str(number * 7919)}]) for number in range(3000)]
    packed = bytearray(gzip.compress(ndjson([patient(), *many])))
    middle = len(packed) // 2
    if spoil == "cut":
        del packed[middle:]
    else:
        packed[middle : middle + 64] = b"\xff" * 64
    (folder / "all.ndjson.gz").write_bytes(packed)
    found = landed(folder, tmp_path / "out")
    told = [one for one in quarantined(found) if "compressed file" in one["reason"]]
    assert [one["file"] for one in told] == ["all.ndjson.gz"]
    assert 0 < found.requests.landed < len(many)
    assert min(row["line"] for row in requests(found)) == 2


def test_one_byte_changed_in_the_checksum_loses_no_line(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    packed = bytearray(gzip.compress(ndjson([patient(), ORDER])))
    packed[-5] ^= 1
    (folder / "all.gz").write_bytes(packed)
    found = landed(folder, tmp_path / "out")
    assert found.requests.landed == 1
    assert [(one["line"], one["what"]) for one in quarantined(found)] == [(None, "file")]


def test_a_file_in_several_compressed_members_is_one_file(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    members = [gzip.compress(ndjson([one])) for one in (patient(), ORDER)]
    (folder / "all.gz").write_bytes(b"".join(members) + b"\0" * 512)
    found = landed(folder, tmp_path / "out")
    assert (found.requests.landed, quarantined(found)) == (1, [])


def test_a_line_of_a_hundred_megabytes_is_told_and_never_held(tmp_path: Path) -> None:
    path = tmp_path / "in" / "Observation.ndjson"
    path.parent.mkdir()
    with path.open("wb") as file:
        file.write(ndjson([patient()]))
        _write_long_line(file, 100)
        file.write(ndjson([ORDER]))
    tracemalloc.start()
    found = landed(path.parent, tmp_path / "out")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5 * LONGEST_LINE
    (one,) = quarantined(found)
    assert (one["line"], one["what"]) == (2, "line")
    assert one["begins"].startswith('{"resourceType"')
    assert [(row["line"], row["age"]) for row in requests(found)] == [(3, 46)]
    assert (found.lines.total, found.lines.read) == (3, 2)


def _write_long_line(file: BinaryIO, megabytes: int) -> None:
    file.write(b'{"resourceType": "Observation", "note": "')
    file.writelines(b"x" * MEGABYTE for _ in range(megabytes))
    file.write(b'"}\n')


def test_a_packed_line_that_is_too_long_is_told_too(tmp_path: Path) -> None:
    path = tmp_path / "some.gz"
    path.write_bytes(gzip.compress(b"x" * (LONGEST_LINE + 1) + b"\nshort\n"))
    source = Source(path, "some.gz", "lines", path.stat().st_size, packed=True)
    found = list(lines_of(source.path, 0, source.size, packed=True))
    assert [one.number for one in found if isinstance(one, Spoilt)] == [1]
    assert [one.lines for one in found if isinstance(one, Batch) and one.lines] == [[b"short"]]


def test_counts_of_lines_patients_and_requests_add_up(tmp_path: Path) -> None:
    undated: Json = {key: value for key, value in ORDER.items() if key != "authoredOn"}
    someone = [patient(identity) for identity in "abc"]
    about = {"subject": {"reference": "Patient/a"}}
    folder = export(tmp_path / "in", *someone, {**undated, **about}, {**ORDER, **about, "id": "dated"}, WEIGHED)
    found = landed(folder, tmp_path / "out", today=None)
    assert (found.lines.total, found.lines.read, found.lines.quarantined) == (6, 6, 0)
    # One patient is only named by a measurement.
    assert (found.patients.total, found.patients.with_requests, found.patients.without_requests) == (4, 1, 3)
    assert (found.requests.total, found.requests.landed, found.requests.quarantined) == (2, 1, 1)
    (one,) = quarantined(found)
    assert (one["what"], one["reason"], one["begins"]) == ("request", "the order has no date", "MedicationRequest/ivig")
    written = json.loads((tmp_path / "out" / "landing.json").read_text())
    assert written == found.as_json()
    assert written["lines"]["total"] == written["lines"]["read"] + written["lines"]["quarantined"]
