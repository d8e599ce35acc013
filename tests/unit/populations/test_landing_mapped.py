"""Tables of requests with a mapping file: the same rows as the same things said in FHIR, and every fault at once."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest
from tests.unit.populations.landing_inputs import Rows, export, landed, quarantined, requests
from tests.unit.readers.records import GBS, WEIGHT, observation, order, patient, quantity

from ivigil.documents import BadInput

MAPPING = """
patient: person
request: order_number
authored: ordered
site: hospital
indication: {column: code, system: icd-10-cm}
facts:
  weight: {column: kg, unit: kg, date: weighed}
  platelets: {column: plt, unit: 10*9/L}
  sex: {column: sex, values: {M: male, F: female, U: unknown}}
  active_bleeding: {column: bleeds, values: {Y: true, N: false}}
"""
HEADER = "person,order_number,ordered,hospital,code,kg,weighed,plt,sex,bleeds,more\n"
ROW = "ann,1,2026-11-19,North,G61.0,70,2026-11-18,<10,F,N,\n"


def of(tmp_path: Path, content: str | bytes, name: str = "table.csv", mapping: str = MAPPING) -> Rows:
    return requests(land_table(tmp_path, content, name, mapping))


def land_table(tmp_path: Path, content: str | bytes, name: str = "table.csv", mapping: str = MAPPING):  # noqa: ANN201
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (tmp_path / "mapping.yaml").write_text(mapping)
    return landed(folder, tmp_path / "out", mapping=tmp_path / "mapping.yaml")


def test_a_row_says_what_its_columns_mean(tmp_path: Path) -> None:
    (row,) = of(tmp_path, HEADER + ROW)
    wanted = {
        "patient": "ann",
        "request": "1",
        "authored": "2026-11-19",
        "site": "North",
        "indication": "guillain-barre",
        "established": True,
        "weight": 70,
        "platelets": None,
        "platelets__high": 10,
        "platelets__high_open": True,
        "sex": "female",
        "active_bleeding": False,
        "file": "table.csv",
        "line": 1,
    }
    assert {name: row[name] for name in wanted} == wanted


def test_a_table_lands_as_fhir_that_says_the_same(tmp_path: Path) -> None:
    weighed = observation("w", WEIGHT, quantity(70, "kg"), "2026-11-18")
    fhir = requests(landed(export(tmp_path / "fhir", patient(), order(reasonCode=[GBS]), weighed), tmp_path / "out2"))
    (row,) = of(tmp_path, HEADER + "p,o,2026-11-19,,G61.0,70,2026-11-18,,,,\n")
    for name in ("weight", "indication", "established", "index_date", "month", "immunoglobulin_ordered"):
        assert row[name] == fhir[0][name]


def test_what_is_dated_counts_for_later_requests_and_what_is_not_for_its_own(tmp_path: Path) -> None:
    second = "ann,2,2026-12-01,North,G61.0,,,,,,\n"
    first, later = of(tmp_path, HEADER + ROW + second)
    assert (first["weight"], later["weight"]) == (70, 70)
    assert (first["active_bleeding"], later["active_bleeding"]) == (False, None)


@pytest.mark.parametrize("form", ["csv.gz", "parquet"])
def test_the_form_of_the_table_does_not_matter(tmp_path: Path, form: str) -> None:
    as_csv = of(tmp_path / "csv", HEADER + ROW) if (tmp_path / "csv").mkdir() is None else []
    path = tmp_path / "made.parquet"
    if form == "parquet":
        cells = dict(zip(HEADER.strip().split(","), ROW.strip().split(","), strict=True))
        typed = pl.DataFrame({name: [cell] for name, cell in cells.items()})
        typed.with_columns(pl.col("kg").cast(pl.Float64), pl.col("ordered", "weighed").str.to_date()).write_parquet(
            path
        )
        content = path.read_bytes()
    else:
        content = gzip.compress((HEADER + ROW).encode())
    (tmp_path / form).mkdir()
    found = of(tmp_path / form, content, f"table.{form}")
    for row in (*as_csv, *found):
        del row["file"]
    assert found == as_csv


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("ann,1,someday,North,G61.0,70,2026-11-18,,F,N,\n", "'someday'"),
        ("ann,1,2026-11-19,North,G61.0,seventy,2026-11-18,,F,N,\n", "'seventy'"),
        ("ann,1,2026-11-19,North,G61.0,70,2026-11-18,,X,N,\n", "['X']"),
        ("ann,1,2026-11-19,North\n", "4 cells"),
        (",1,2026-11-19,North,G61.0,70,2026-11-18,,F,N,\n", "names no patient"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside_and_the_others_land(tmp_path: Path, row: str, reason: str) -> None:
    found = land_table(tmp_path, HEADER + row + ROW)
    (one,) = quarantined(found)
    assert (one["file"], one["line"], one["what"]) == ("table.csv", 1, "line")
    assert reason in one["reason"]
    assert (found.lines.total, found.lines.quarantined, found.requests.landed) == (2, 1, 1)


def test_a_value_that_a_mapping_calls_unknown_is_unknown(tmp_path: Path) -> None:
    (row,) = of(tmp_path, HEADER + ROW.replace(",F,", ",U,"))
    assert row["sex"] is None


def test_every_fault_of_a_mapping_is_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    faulty = """
patient: person
facts:
  wieght: {column: kg, unit: kg}
  platelets: {column: plt}
  height: {column: kg, unit: kg}
  sex: {column: sex, values: {M: man}}
  active_bleeding: {column: bleeds, unit: kg}
"""
    with pytest.raises(BadInput) as error:
        land_table(tmp_path, HEADER + ROW, mapping=faulty)
    told = str(error.value)
    for words in ("line 4", "Did you mean weight", "no unit", "'kg'", "'man'", "is no number"):
        assert words in told
    assert len(error.value.faults) == 5
    assert not (tmp_path / "out").exists()


def test_columns_that_a_table_lacks_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        land_table(tmp_path, "person,ordered\nann,2026-11-19\n")
    assert len(error.value.faults) == 8


@pytest.mark.parametrize("key", ["patients: x", "facts: [1]"])
def test_a_key_or_kind_that_a_mapping_does_not_have_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(BadInput):
        land_table(tmp_path, HEADER + ROW, mapping=MAPPING + key)
